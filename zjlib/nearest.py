"""The words most like one that is not known, for what an error message says."""

from collections.abc import Collection, Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for an error message, or nothing when no known word is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(near)}?" if near else ""


def ensure_known(names: Iterable[str], known: Collection[str], what: str, where: str) -> None:
    """KeyError, with the nearest that are known, for the first name that is not: `no event '…' in the catalogue`."""
    for name in names:
        if name not in known:
            raise KeyError(f"no {what} {name!r} in {where}{nearest(name, known)}")
