"""Which lines of a text are one paragraph, each its own but for those that were filled to a margin; and what a cell may repeat."""

import re
from itertools import pairwise

ENDS = ".!?:;。！？：；"  # of a sentence
ITEM = re.compile(
    r"[-•·*■]|\(?\d{1,2}[.)、）](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[、）)]"
)  # the head of a list's item
# What a cell over several rows or columns may say in each of them: no number but one of the calendar, or of a unit in brackets.
REPEATABLE = re.compile(
    r"\D*(?:(?:(?:19|20)\d\d|(?<=[QHqh])[1-4]\b|\d{1,2}(?:[-—–~至]\d{1,2})?(?=\s?[月季])|[1-4](?=st|nd|rd|th)"
    r"|(?<=[(（:： ’'$€£])(?:1[0, ]*000|000|100?(?= (?:thousand|million|billion)))(?=[^()（）\d]*[)）]))\D*){0,3}"
)

_LINE = re.compile(r"[^\s](?:[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*[^\s])?")
_NOT_PROSE = re.compile(
    r"\t|(?<![.!?:;])  |[|>={}\u3000-\u9fff]"
)  # a row, a quoted mail, code; Chinese is not filled at words
_NARROWEST, _WIDEST = 40, 110
_SHORTEST = 12  # characters of a line that may tear an amount

Place = tuple[int, int]


def paragraphs(text: str) -> list[Place]:
    """The stretches of a text that are a paragraph, in their order; white space around them is left out."""
    blocks: list[list[Place]] = []  # of lines with no empty one between
    for m in _LINE.finditer(text):
        if not blocks or text.count("\n", blocks[-1][-1][1], m.start()) != 1:
            blocks.append([])
        blocks[-1].append(m.span())
    long = [block for block in blocks if len(block) > 2]
    known = max((_width(text, run) for block in long for run in _runs(text, block, 0) if len(run) > 2), default=0)
    found: list[Place] = []
    for block in blocks:
        for run in _runs(text, block, known):
            filled = len(run) > 2 or (known and _width(text, run) <= known)
            found += [(run[0][0], run[-1][1])] if filled else run
    return found


def mended(text: str, found: list[Place], torn: re.Pattern[str]) -> list[Place]:
    """The paragraphs, as one where a line's end tears an amount: `torn` matches over such an end, after a line of some length."""
    out: list[Place] = []
    for start, end in found:
        if out and text[(last := out[-1][1]) - 1] not in ENDS:
            line = max(text.rfind("\n", 0, last) + 1, out[-1][0])
            if (
                last - line >= _SHORTEST
                and torn.search(text, last - _SHORTEST, min(end, start + 32))
                and "\t" not in text[line:last]
            ):
                start = out.pop()[0]
        out.append((start, end))
    return out


def _runs(text: str, block: list[Place], known: int) -> list[list[Place]]:
    """The lines of a block, with those together that go on below for want of room; `known` is the margin of other blocks."""
    margin = _width(text, block) if len(block) > 2 else known
    lines = [text[start:end] for start, end in block]
    if len(block) < 2 or not _NARROWEST <= margin <= _WIDEST:
        return [[place] for place in block]
    runs = [[block[0]]]
    for (a, b), place in zip(pairwise(lines), block[1:], strict=True):
        if _goes_on(a, b, margin):
            runs[-1].append(place)
        else:
            runs.append([place])
    return [part for run in runs for part in ([run] if _is_prose(text, run) else [[place] for place in run])]


def _goes_on(a: str, b: str, margin: int) -> bool:
    """Whether a line ends because the first word of the one below had no room before the margin."""
    if ITEM.match(b) or _NOT_PROSE.search(a) or _NOT_PROSE.search(b):
        return False
    full = (len(a) <= margin or " " not in a) and len(a) + 1 + len(b.split(None, 1)[0]) > margin
    return full or (len(a) * 4 >= margin * 3 and a[-1] not in ENDS and b.split(None, 1)[0].islower())


def _is_prose(text: str, run: list[Place]) -> bool:
    """Whether lines read on: a fifth of them begin in lower case or with a digit, as rows of names don't."""
    heads = [text[start] for start, _ in run[1:]]
    return sum(head.islower() or head.isdigit() for head in heads) * 5 >= len(heads)


def _width(text: str, block: list[Place]) -> int:
    """The length of the longest line, not counting an address that could not be broken."""
    return max((end - start for start, end in block if " " in text[start:end]), default=0)
