"""A page of a PDF: the lines of its text with their places, and its rules."""

import ctypes
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, hypot, pi
from typing import Any

from zjlib.glyphs import LIGATURES, RADICALS
from zjlib.pdf.grid import Grid, read_grid
from zjlib.pdf.line import BROKEN, CJK, Glyph, Line, line_of

_SPACE_WIDTH, _NO_WIDTH = 0.1, 0.01  # of an em
_DIRECTIONS = (1, 0), (0, 1), (-1, 0), (0, -1)  # of writing, by the quarters of a circle that it is turned by
_SAME = 0.1  # of an em: a character is nearer to itself drawn again
_MOST_NEAR = 8  # characters that begin so near to one another
_TYPESET = RADICALS | LIGATURES


@dataclass
class Page:
    """The lines of a page in the order in which they are drawn, and its rules."""

    lines: list[Line]
    grid: Grid


_ADDED = Glyph(" ", 0, 0, 0, 0, 0)  # a space by PDFium


def read_page(page: Any, number: int) -> Page:
    """A page of a document that PDFium has opened."""
    grid = read_grid(page)
    return Page(list(_lines(page, number, grid)), grid)


def _glyphs(page: Any) -> Iterator[Glyph]:
    """The characters of a page in the order in which it draws them; what is no letter and no sign is a space."""
    import pypdfium2.raw as pdfium

    opened = page.get_textpage()
    text = opened.raw
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y, *ink = (ctypes.c_double() for _ in range(6))
    high, turn = "", 0
    for index in range(opened.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if "\ud800" <= char <= "\udbff":
            high = char
            continue
        if "\udc00" <= char <= "\udfff":
            char = (high + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if char.isspace() or (char < " " and char not in BROKEN):
            if pdfium.FPDFText_IsGenerated(text, index):
                yield _ADDED
                continue
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            yield Glyph(" ", 0, abs(box.right - box.left if turn % 2 == 0 else box.top - box.bottom), 0, 0, 0)
            continue
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        turn = round(atan2(matrix.b, matrix.a) * 2 / pi) % 4 if matrix.b or matrix.a < 0 else 0
        along, up = _DIRECTIONS[turn]
        ends = box.left * along + box.bottom * up, box.right * along + box.top * up
        size = pdfium.FPDFText_GetFontSize(text, index) * (hypot(matrix.c, matrix.d) or 1)
        pdfium.FPDFText_GetCharBox(text, index, *ink)
        lift = 0 if turn else ink[2].value - y.value
        left, right = min(ends), max(ends)
        if right - left < _NO_WIDTH * abs(size):  # as older versions tell it of writing that is turned
            right = left + abs(size) * (1 if CJK.match(char) else 0.5)
        yield Glyph(char.translate(_TYPESET), left, right, y.value * along - x.value * up, abs(size), turn, lift)
    opened.close()


def _lines(page: Any, number: int, grid: Grid) -> Iterator[Line]:
    found = (line_of(glyphs, number, grid) for glyphs in _once(_glyphs_of_lines(page)))
    return (line for line in found if line)


def _glyphs_of_lines(page: Any) -> Iterator[list[Glyph]]:
    """The characters of each line, with a space where one stands between words."""
    line: list[Glyph] = []
    space: Glyph | None = None
    for glyph in _glyphs(page):
        if glyph.text == " ":
            space = glyph if space is None or space is _ADDED else space
            continue
        if line and not _same_line(line, glyph):
            yield line
            line = []
        elif line and space and (space is not _ADDED or _words_apart(line[-1], glyph)):
            line.append(line[-1]._replace(text=" ", left=line[-1].right, right=line[-1].right + space.right))
        space = None
        line.append(glyph)
    if line:
        yield line


def _once(lines: Iterable[list[Glyph]]) -> Iterator[list[Glyph]]:
    """The lines without what is drawn again almost where it stands, so that it looks bold."""
    drawn: dict[int, list[list[Glyph]]] = defaultdict(list)  # by their height
    last: list[Glyph] = []
    for line in lines:
        new = [
            line[0],
            *(b for a, b in pairwise(line) if a.text != b.text or _is_one_sign(a, b) or not _is_again(a, b)),
        ]
        height = int(line[0].base)
        near = [other for at in (-1, 0, 1) for other in drawn[height + at]]
        if any(_is_in(other, line[0]) for other in near):
            first = next((n for n, a in enumerate(new) if a.text != " " and not any(_is_in(b, a) for b in near)), None)
            if first is None:
                continue
            goes_on = _same_line(last, new[first])
            new = new[first - (new[first - 1].text == " ") :]
            if goes_on:
                last += new
                continue
        if last:
            yield last
        last = new
        drawn[height].append(new)
    if last:
        yield last


def _is_in(line: list[Glyph], glyph: Glyph) -> bool:
    first = bisect_left(line, glyph.left - _SAME * glyph.size, key=lambda other: other.left)
    return any(_is_again(a, glyph) for a in line[first : first + _MOST_NEAR] if a.text == glyph.text)


def _is_one_sign(a: Glyph, b: Glyph) -> bool:
    """Whether two letters are those of 'ff', which may be one."""
    return a.left == b.left and b.text in "fit"


def _is_again(a: Glyph, b: Glyph) -> bool:
    reach = _SAME * b.size
    return a.turn == b.turn and abs(a.left - b.left) < reach and abs(a.base - b.base) < reach


def _words_apart(a: Glyph, b: Glyph) -> bool:
    """Whether there is room for a space, where PDFium added one; between Chinese it is only that of a line filled to both margins."""
    return b.left - a.right > _SPACE_WIDTH * b.size and not (CJK.match(a.text) and CJK.match(b.text))


def _same_line(line: list[Glyph], glyph: Glyph) -> bool:
    first, last = line[0], line[-1]
    size = max(first.size, last.size, glyph.size)
    level = -0.5 * size < glyph.base - first.base < (0.5 if glyph.size > 0.95 * size else 0.65) * size
    like = min(last.size, glyph.size) > 0.4 * size  # as the letter that begins a paragraph large is not
    return level and like and glyph.turn == first.turn and glyph.left > last.left - 0.3 * size  # 'ffi' may be one sign
