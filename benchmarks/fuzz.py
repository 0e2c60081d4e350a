"""Feeds the scanner what coverage suggests: `python benchmarks/fuzz.py -max_total_time=600` (needs atheris in the environment)."""

import sys
from datetime import date

import atheris

with atheris.instrument_imports(include=["zjlib"]):
    from zjlib.report import Document
    from zjlib.scan import numerals


def one(data: bytes) -> None:
    """Scan one text in both languages: no exception, spans in order that do not overlap, surfaces as printed."""
    provider = atheris.FuzzedDataProvider(data)
    today = date(2024, 1, 20) if provider.ConsumeBool() else None
    text = provider.ConsumeUnicode(2000)
    for language in ("en", "zh"):
        end = 0
        for n in numerals(Document.from_text(text, date=today, language=language)):
            assert end <= n.start < n.end <= len(text), (text, n)
            assert text[n.start : n.end] == n.surface, (text, n)
            assert n.low is None or n.high is None or n.low <= n.high, (text, n)
            end = n.end


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
