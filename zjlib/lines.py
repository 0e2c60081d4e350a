"""Which lines of a text are one paragraph: each its own, but for those that were filled to a margin."""

import re
from itertools import pairwise

ENDS = ".!?:;。！？：；"  # of a sentence
ITEM = re.compile(
    r"[-•·*■]|\(?\d{1,2}[.)、）](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[、）)]"
)  # the head of a list's item

_LINE = re.compile(r"[^\s](?:[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*[^\s])?")
_NOT_PROSE = re.compile(r"\t|  |[|>\u3000-\u9fff]")  # cells of a row, a quoted mail; Chinese is not filled at words
_NARROWEST, _WIDEST = 40, 110


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that are a paragraph, in their order; white space around them is left out."""
    blocks: list[list[tuple[int, int]]] = []  # lines with no empty one between
    for m in _LINE.finditer(text):
        if not blocks or text.count("\n", blocks[-1][-1][1], m.start()) != 1:
            blocks.append([])
        blocks[-1].append(m.span())
    long = [_words(text, block) for block in blocks if len(block) > 2]
    margin = max((_width(lines) for lines in long if _is_filled(lines, _width(lines))), default=0)
    found: list[tuple[int, int]] = []
    for block in blocks:
        lines = _words(text, block) if len(block) > 1 else []
        filled = _is_filled(lines, _width(lines) if len(lines) > 2 else margin)
        found += [(block[0][0], block[-1][1])] if filled else block
    return found


def _words(text: str, block: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in block]


def _width(lines: list[str]) -> int:
    """The length of the longest line, not counting an address that could not be broken."""
    return max((len(line) for line in lines if " " in line), default=0)


def _is_filled(lines: list[str], margin: int) -> bool:
    """Whether each of some lines ends where the next word had no room before the margin: so not in a table or a list."""
    if len(lines) < 2 or not _NARROWEST <= margin <= _WIDEST:
        return False
    if any(ITEM.match(line) or _NOT_PROSE.search(line) for line in lines):
        return False
    fits = all(len(line) <= margin or " " not in line for line in lines)
    full = all(len(a) + 1 + len(b.split(None, 1)[0]) > margin for a, b in pairwise(lines))
    return fits and full and any(line[-1] not in ENDS for line in lines[:-1])
