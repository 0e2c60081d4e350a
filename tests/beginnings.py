"""What the matches of a regular expression can begin with, from its parse tree: checks the list that a language file keeps."""

import re
from itertools import product

parser = getattr(re, "_parser", None)  # not a public name: what checks with it is skipped where it has gone
ANY = "\0"  # any character


def beginnings(pattern: str, length: int = 3) -> set[str]:
    """The first characters, up to `length` of them, of all that a pattern can match; what goes on with anything ends early."""
    return {head.partition(ANY)[0] for head in _of(parser.parse(pattern), length)}


def _of(tokens, length: int) -> set[str]:
    heads = {""}
    for op, value in tokens:
        if all(len(head) >= length or ANY in head for head in heads):
            break
        parts = _of_one(str(op), value, length)
        heads = {(a + b)[:length] if ANY not in a and len(a) < length else a for a, b in product(heads, parts)}
    return heads


def _of_one(op: str, value, length: int) -> set[str]:
    if op == "LITERAL":
        return {chr(value)}
    if op == "IN":
        return _characters(value)
    if op == "BRANCH":
        return set().union(*(_of(branch, length) for branch in value[1]))
    if op in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _of(value[-1] if op == "SUBPATTERN" else value, length)
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, item = value
        once = _of(item, length)
        more = {(a + b)[:length] for a, b in product(once, once | {""})} if most > 1 else once
        more = {(a + b)[:length] for a, b in product(more, once | {""})} if most > 2 else more
        return more | ({""} if least == 0 else set())
    return {""} if op in ("ASSERT", "ASSERT_NOT", "AT") else {ANY}


def _characters(items) -> set[str]:
    found: set[str] = set()
    for op, value in items:
        if str(op) == "LITERAL":
            found.add(chr(value))
        elif str(op) == "RANGE" and value[1] - value[0] < 100:
            found |= {chr(c) for c in range(value[0], value[1] + 1)}
        elif str(op) == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            found |= set("0123456789")
        elif str(op) == "CATEGORY" and str(value) == "CATEGORY_SPACE":
            found.add(" ")
        else:
            return {ANY}
    return found
