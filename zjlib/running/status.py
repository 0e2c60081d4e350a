"""How old what is shown is: for a person, or for a monitor that calls `zjlib status`."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zjlib.running.publish import Output

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds_of(text: str) -> float | None:
    """'36h' → 129600.0; None for what is no length of time."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip())
    return float(found.group(1)) * _SECONDS[found.group(2)] if found else None


def state(out: Path, limit: float) -> dict[str, Any]:
    """Last success and failure of an output folder (UTC), its age in seconds, and whether it is older than `limit`.

    A clock that was set back makes an age negative: that counts as fresh, and as age 0.
    """
    output = Output(out)
    last, run = output.last(), output.current()
    success = last.get("success") or (run or {}).get("started") if run else None
    age = max((datetime.now(UTC) - datetime.fromisoformat(success)).total_seconds(), 0.0) if success else None
    return {
        "stale": age is None or age > limit,
        "age": None if age is None else round(age),
        "success": success,
        "run": run["id"] if run else None,
        "failure": last.get("failure"),
        "reason": last.get("reason"),
    }


def age_in_words(seconds: float) -> str:
    """90 → '1 minute', 200000 → '2 days'."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'s' if number > 1 else ''}"
    return f"{int(seconds)} seconds"
