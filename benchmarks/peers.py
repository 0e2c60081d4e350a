"""Peers of the scanner, each run in a virtual environment of its own: `quantulum3` and `recognizers-text-suite`.

As a module, `run(peer, texts)` makes the environment (in a temporary folder, kept between runs) and feeds it texts.
As a script, run by the environment's Python: reads a JSON list of [text, language] from standard input, writes a JSON
list of found quantities and the CPU seconds that they took.
"""

import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

PEERS = {"quantulum3": ["quantulum3==0.10.0"], "recognizers": ["recognizers-text-suite", "emoji<2"]}
LANGUAGES = {"quantulum3": ("en",), "recognizers": ("en", "zh")}

# What peers call the units of the gold. A number without a unit counts as any counted thing.
UNITS = {
    "percentage": "%",
    "percent": "%",
    "percentage point": "pp",
    "chinese yuan": "CNY",
    "renminbi": "CNY",
    "yuan": "CNY",
    "united states dollar": "USD",
    "us dollar": "USD",
    "dollar": "USD",
    "euro": "EUR",
    "hong kong dollar": "HKD",
    "japanese yen": "JPY",
    "british pound": "GBP",
    "pound sterling": "GBP",
    "pound": "GBP",
    "kilometer": "km",
    "kilometre": "km",
    "meter": "m",
    "metre": "m",
    "square kilometer": "km2",
    "square kilometre": "km2",
    "square meter": "m2",
    "square metre": "m2",
    "cubic meter": "m3",
    "cubic metre": "m3",
    "hectare": "hectare",
    "tonne": "t",
    "ton": "t",
    "metric ton": "t",
    "kilogram": "kg",
    "kilowatt": "kW",
    "kilowatt hour": "kWh",
    "kilowatt-hour": "kWh",
    "year": "year",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "dimensionless": "count",
    "": "count",
}


def run(peer: str, texts: list[tuple[str, str]]) -> tuple[list[list[dict[str, Any]]], float]:
    """What a peer finds in each text, and the CPU seconds that it needed after a warm-up."""
    folder = Path(tempfile.gettempdir()) / f"zjlib-peer-{peer}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "setuptools<80", *PEERS[peer]], check=True)
        (folder / "ready").touch()
    done = subprocess.run([python, __file__, peer], input=json.dumps(texts), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["found"], answer["seconds"]


def main() -> None:
    tool = {"quantulum3": _quantulum, "recognizers": _recognizers}[sys.argv[1]]()
    texts = json.load(sys.stdin)
    tool("It cost 5 million yuan, 3 percent more.", "en")
    start = time.process_time()
    found = [tool(text, language) for text, language in texts]
    print(json.dumps({"found": found, "seconds": time.process_time() - start}))


def _unit(name: str) -> str | None:
    return UNITS.get(name.lower().strip(), UNITS.get(name.lower().strip().rstrip("s")))


def _quantulum() -> Any:
    from quantulum3 import parser

    def tool(text: str, language: str) -> list[dict[str, Any]]:
        out = []
        for q in parser.parse(text):
            low, high = (q.value - q.uncertainty, q.value + q.uncertainty) if q.uncertainty else (q.value, None)
            out.append(
                {"start": q.span[0], "end": q.span[1], "value": low, "value_max": high, "unit": _unit(q.unit.name)}
            )
        return out

    return tool


def _recognizers() -> Any:
    from recognizers_date_time import recognize_datetime
    from recognizers_number import recognize_number, recognize_ordinal, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension
    from recognizers_text import Culture

    cultures = {"en": Culture.English, "zh": Culture.Chinese}

    def tool(text: str, language: str) -> list[dict[str, Any]]:
        taken: list[tuple[int, int]] = []
        out = []
        for kind, recognize in (
            ("currency", recognize_currency),
            ("dimension", recognize_dimension),
            ("percentage", recognize_percentage),
            ("date", recognize_datetime),
            ("ordinal", recognize_ordinal),
            ("number", recognize_number),
        ):
            try:
                results = recognize(text, cultures[language])
            except Exception:  # some models are missing for Chinese
                continue
            for r in results:
                start, end = r.start, r.end + 1
                if any(a < end and start < b for a, b in taken):
                    continue
                resolution = r.resolution or {}
                if kind == "date":
                    if r.type_name.endswith("duration"):
                        continue  # a length of time is a quantity: the number model gives it
                    taken.append((start, end))
                    continue
                taken.append((start, end))
                if kind == "ordinal":
                    continue
                try:
                    value = float(str(resolution.get("value", "")).rstrip("%"))
                except ValueError:
                    continue
                unit = "%" if kind == "percentage" else _unit(str(resolution.get("unit") or ""))
                out.append({"start": start, "end": end, "value": value, "value_max": None, "unit": unit})
        return out

    return tool


if __name__ == "__main__":
    main()
