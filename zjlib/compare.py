"""What changed between two sets of figures: gone, added, changed, the largest change first."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from zjlib.formulas import in_full, signed

Figure = Mapping[str, Any]
SIZES = ("large", "moderate", "small")
_KINDS = ("gone", "added", "changed")
# The relative change of the value from which on it is called so; of a percentage ten points and one.
LARGE, MODERATE = 0.10, 0.01
_WORDS = ("unit", "noun", "per", "qualifier", "direction", "basis", "period", "nature", "value_max")
_BOUNDS = ("low", "high")
_SAID = ("unit", "qualifier", "value_max", "low", "high", "surface")  # what each side is said with, beside its value
_MOVE_BOUNDS = ("value", "value_max", "unit", "qualifier", "direction")  # with which the bounds change too


def compare(old: Iterable[Figure], new: Iterable[Figure]) -> list[dict[str, Any]]:
    """The differences between two lists of figures (dicts with at least id and value), ranked by size.

    Each has id, label, change (added, gone, changed), old and new (the values, a decline negative) with what they are said
    with (`old_qualifier`, see `side`), `relative` and `points` (see `move`), size (large, moderate, small), and `also` what
    else of it differs. A figure that comes or goes, or turns from stated to not stated, is a large change and
    stands before the others; another unit, bound, basis or period is at least moderate.
    """
    before, after = ({f["id"]: signed(f) for f in figures} for figures in (old, new))
    changes = []
    for id in before.keys() | after.keys():
        a, b = before.get(id), after.get(id)
        change = "changed" if a and b else "gone" if a else "added"
        shown = b or a or {}
        words = [f"{key} {_told(a.get(key))} → {_told(b.get(key))}" for key in _differing(a, b)] if a and b else []
        was, now = (a or {}).get("value"), (b or {}).get("value")
        if change == "changed" and was == now and not words:
            continue
        moved = move(a or {}, b or {})
        changes.append(
            {"id": id, "label": shown.get("label"), "unit": shown.get("unit"), "change": change, "old": was, "new": now}
            | {**moved, "size": _size(was, now, _share(moved), bool(words)), "also": words}
            | {"formula": shown.get("formula")}
            | {f"{which}_{key}": (f or {}).get(key) for which, f in (("old", a), ("new", b)) for key in _SAID}
        )
    return sorted(changes, key=_rank)


def move(old: Figure, new: Figure) -> dict[str, float | None]:
    """From the old figure to the new one: `points` (new - old) of percentages, else `relative` (new / old - 1); None for neither."""
    was, now = old.get("value"), new.get("value")
    if was is None or now is None:
        return {"relative": None, "points": None}
    if old.get("unit") == new.get("unit") == "%":
        return {"relative": None, "points": round(now - was, 10)}
    return {"relative": now / was - 1 if was else None, "points": None}


def side(change: Mapping[str, Any], which: str) -> dict[str, Any]:
    """The `old` or the `new` figure of a change, as far as it is needed to say its value with unit and bound."""
    said = {key: change[f"{which}_{key}"] for key in _SAID}
    return {**change, **said, "value": change[which]}


def besides(change: Mapping[str, Any]) -> list[str]:
    """What else of a figure changed than what both sides say: a range's other end is in their words."""
    return [told for told in change["also"] if not told.startswith("value_max ")]


def _rank(change: Mapping[str, Any]) -> tuple[int, float, int, str]:
    """By size; first what has no move since it came, went, or was not stated before or is not now."""
    share = _share(change)
    no_measure = share is None and change["old"] != change["new"]
    by = math.inf if no_measure else abs(share or 0)
    return SIZES.index(change["size"]), -by, _KINDS.index(change["change"]), change["id"]


def _differing(a: Figure, b: Figure) -> list[str]:
    """What else than the value differs, nothing told twice: a sign that says up or down, a bound that moved with its value."""
    words = [key for key in _WORDS if a.get(key) != b.get(key)]
    if "direction" in words and _falls(a) != _falls(b):
        words.remove("direction")
    moved = any(a.get(key) != b.get(key) for key in _MOVE_BOUNDS)
    return words + [key for key in _BOUNDS if not moved and a.get(key) != b.get(key)]


def _falls(figure: Figure) -> bool:
    return (figure.get("value") or 0) < 0


def _told(value: Any) -> str:
    return "none" if value is None else in_full(value) if isinstance(value, int | float) else str(value)


def _share(moved: Mapping[str, float | None]) -> float | None:
    """A move as a share: of the old value, of points of 100."""
    points = moved["points"]
    return moved["relative"] if points is None else points / 100


def _size(was: float | None, now: float | None, share: float | None, words: bool) -> str:
    if was == now and words:
        return "moderate"
    if share is None or abs(share) >= LARGE or (was and now and was * now < 0):
        return "large"
    return "moderate" if abs(share) >= MODERATE or words else "small"


def counts(changes: Iterable[Mapping[str, Any]]) -> str:
    """The differences in one line: '3 changed, 1 added; 2 of them large'."""
    changes = list(changes)
    if not changes:
        return "no figure changed"
    kinds = [f"{n} {kind}" for kind in reversed(_KINDS) if (n := sum(c["change"] == kind for c in changes))]
    large = sum(c["size"] == "large" for c in changes)
    return ", ".join(kinds) + (f"; {large} of them large" if large else "")
