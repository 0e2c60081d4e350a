"""What changed between two sets of figures: gone, added, changed, the largest change first."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from zjlib.formulas import in_full, signed

Figure = Mapping[str, Any]
SIZES = ("large", "moderate", "small")
_KINDS = ("gone", "added", "changed")
LARGE, MODERATE = 0.10, 0.01  # relative change of the value, from which on it is called so
_WORDS = ("unit", "noun", "per", "qualifier", "direction", "basis", "period", "nature", "value_max")
_BOUNDS = ("low", "high")
_SAID = ("unit", "qualifier", "value_max", "low", "high")  # what each side is said with, beside its value
_MOVE_BOUNDS = ("value", "value_max", "unit", "qualifier", "direction")  # with which the bounds change too


def compare(old: Iterable[Figure], new: Iterable[Figure]) -> list[dict[str, Any]]:
    """The differences between two lists of figures (dicts with at least id and value), ranked by size.

    Each has id, label, change (added, gone, changed), old and new (the values, a decline negative) with what they are said
    with (`old_qualifier`, see `side`), `relative` (new / old - 1, None where there is none), size (large, moderate, small),
    and `also` what else of it differs. A figure that comes or goes, or turns from stated to not stated, is a large change and
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
        relative = now / was - 1 if was and now is not None else None
        changes.append(
            {"id": id, "label": shown.get("label"), "unit": shown.get("unit"), "change": change, "old": was, "new": now}
            | {"relative": relative, "size": _size(was, now, relative, bool(words)), "also": words}
            | {"formula": shown.get("formula")}
            | {f"{which}_{key}": (f or {}).get(key) for which, f in (("old", a), ("new", b)) for key in _SAID}
        )
    return sorted(changes, key=_rank)


def side(change: Mapping[str, Any], which: str) -> dict[str, Any]:
    """The `old` or the `new` figure of a change, as far as it is needed to say its value with unit and bound."""
    said = {key: change[f"{which}_{key}"] for key in _SAID}
    return {**change, **said, "value": change[which]}


def _rank(change: Mapping[str, Any]) -> tuple[int, float, int, str]:
    """By size; first what has no relative change since it came, went, or was not stated before or is not now."""
    relative = change["relative"]
    no_measure = relative is None and change["old"] != change["new"]
    by = math.inf if no_measure else abs(relative or 0)
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


def _size(was: float | None, now: float | None, relative: float | None, words: bool) -> str:
    if was == now and words:
        return "moderate"
    if relative is None or abs(relative) >= LARGE:
        return "large"
    return "moderate" if abs(relative) >= MODERATE or words else "small"


def counts(changes: Iterable[Mapping[str, Any]]) -> str:
    """The differences in one line: '3 changed, 1 added; 2 of them large'."""
    changes = list(changes)
    if not changes:
        return "no figure changed"
    kinds = [f"{n} {kind}" for kind in reversed(_KINDS) if (n := sum(c["change"] == kind for c in changes))]
    large = sum(c["size"] == "large" for c in changes)
    return ", ".join(kinds) + (f"; {large} of them large" if large else "")
