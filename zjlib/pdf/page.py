"""A page of a PDF: the lines of its text with their places, and the lines that are drawn on it."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import atan2, cos, hypot, pi, sin
from typing import Any, NamedTuple

from zjlib.glyphs import LIGATURES, RADICALS, lowered

_WIDE = 1.0  # of an em: so far apart are words that stand in cells of their own
_BETWEEN_FIGURES = 0.6  # no thousands are parted so widely
_NO_KERNING, _SPACE_WIDTH = 0.15, 0.1
_LEADERS = re.compile(r"(?:\s?[.·…‥]){4,}\s*|(?:\s\.)+$")  # 'Total . . . . . 12'
BROKEN = "\ufffe\x02"  # how PDFium tells a hyphen at the end of a line
_CJK = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_COMPOUND = re.compile(  # words whose hyphen at the end of a line is their own: 'year-on-', 'one-', '10-'
    r"(?:\d|-\w+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|first|second|third|fourth|last|half|full|part|year|quarter|month|long|short|medium|mid|high|low|large|small|non|self"
    r"|state|cross|well|world|foreign|fixed|double|single|multi|so|over))$",
    re.I,
)
_TYPESET = RADICALS | LIGATURES
_MOST_DRAWN = 5_000  # a map or a chart has more
_THIN = 2.5  # points


@dataclass
class Piece:
    """Words that stand close together on a line; places in points, along and across the direction of the writing."""

    text: str
    left: float
    right: float


@dataclass
class Line:
    """What stands on one line: its base, the size of its letters, and how many quarters of a circle it is turned by."""

    pieces: list[Piece]
    base: float
    size: float
    turn: int
    page: int

    def __post_init__(self) -> None:
        """Its words, and where they begin and end."""
        self.text = " ".join(piece.text for piece in self.pieces)
        self.left, self.right = self.pieces[0].left, self.pieces[-1].right


class Rule(NamedTuple):
    """A drawn line: where it stands, and from where to where it goes."""

    at: float
    start: float
    end: float


@dataclass
class Page:
    """The lines of a page in the order in which they are drawn, and the level and upright rules."""

    lines: list[Line]
    level: list[Rule]
    upright: list[Rule]


class _Glyph(NamedTuple):
    text: str
    left: float
    right: float
    base: float
    size: float
    turn: int


_SPACE, _ADDED = (_Glyph(" ", 0, 0, added, 0, 0) for added in (0, 1))  # by the author, by PDFium


def read_page(page: Any, number: int) -> Page:
    """A page of a document that PDFium has opened."""
    level, upright = _rules(page)
    return Page(list(_lines(page, number, upright)), level, upright)


def joined(text: str, more: str) -> str:
    """A text with what goes on below it."""
    if text[-1] in BROKEN:
        torn = more[0].islower() and not _COMPOUND.search(text[:-1])
        return f"{text[:-1]}{'' if torn else '-'}{more}"
    close = text[-1] in "-–" or _CJK.match(text[-1]) or _CJK.match(more)
    return f"{text}{'' if close else ' '}{more}"


def _rules(page: Any) -> tuple[list[Rule], list[Rule]]:
    """The level and the upright lines of a page; a box has two of each."""
    import pypdfium2.raw as pdfium

    level, upright = [], []
    sides = [ctypes.c_float() for _ in range(4)]
    for drawn in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), _MOST_DRAWN):
        pdfium.FPDFPageObj_GetBounds(drawn.raw, *sides)
        left, bottom, right, top = (side.value for side in sides)
        if top - bottom < _THIN:
            level.append(Rule((top + bottom) / 2, left, right))
        elif right - left < _THIN:
            upright.append(Rule((left + right) / 2, bottom, top))
        else:
            level += [Rule(top, left, right), Rule(bottom, left, right)]
            upright += [Rule(left, bottom, top), Rule(right, bottom, top)]
    return _merged(level), _merged(upright)


def _merged(rules: list[Rule]) -> list[Rule]:
    """The rules with those as one that go on from one another."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _THIN), rule.start)):
        last = found[-1] if found else None
        if last and abs(last.at - rule.at) < _THIN and rule.start <= last.end + _THIN:
            found[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            found.append(rule)
    return [rule for rule in found if rule.end - rule.start > 2 * _THIN]


def _glyphs(page: Any) -> Iterator[_Glyph]:
    """The characters of a page in the order in which it draws them; what is no letter and no sign is a space without a place."""
    import pypdfium2.raw as pdfium

    opened = page.get_textpage()
    text = opened.raw
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = ""
    for index in range(opened.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if "\ud800" <= char <= "\udbff":
            high = char
            continue
        if "\udc00" <= char <= "\udfff":
            char = (high + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if char.isspace() or (char < " " and char not in BROKEN):
            added = pdfium.FPDFText_IsGenerated(text, index)
            yield _ADDED if added else _SPACE
            continue
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        turn = round(atan2(matrix.b, matrix.a) * 2 / pi) % 4
        along, up = round(cos(turn * pi / 2)), round(sin(turn * pi / 2))
        ends = box.left * along + box.bottom * up, box.right * along + box.top * up
        size = pdfium.FPDFText_GetFontSize(text, index) * (hypot(matrix.c, matrix.d) or 1)
        yield _Glyph(char.translate(_TYPESET), min(ends), max(ends), y.value * along - x.value * up, abs(size), turn)
    opened.close()


def _lines(page: Any, number: int, upright: list[Rule]) -> Iterator[Line]:
    line: list[_Glyph] = []
    space: _Glyph | None = None
    for glyph in _glyphs(page):
        if glyph.text == " ":
            space = glyph if space is not _SPACE else space
            continue
        if line and not _same_line(line, glyph):
            yield from _line(line, number, upright)
            line = []
        elif line and (space is _SPACE or (space and _words_apart(line[-1], glyph))):
            line.append(line[-1]._replace(text=" ", left=line[-1].right))
        space = None
        line.append(glyph)
    if line:
        yield from _line(line, number, upright)


def _words_apart(a: _Glyph, b: _Glyph) -> bool:
    """Whether there is room for a space, where PDFium added one; between Chinese it is only that of a line filled to both margins."""
    return b.left - a.right > _SPACE_WIDTH * b.size and not (_CJK.match(a.text) and _CJK.match(b.text))


def _same_line(line: list[_Glyph], glyph: _Glyph) -> bool:
    size = max(line[0].size, line[-1].size)
    level = abs(glyph.base - line[0].base) < 0.5 * size
    return glyph.turn == line[0].turn and level and glyph.left > line[-1].left - 0.3 * size  # 'ffi' may be one sign


def _line(glyphs: list[_Glyph], page: int, upright: list[Rule]) -> Iterator[Line]:
    """A line in pieces, which are parted where a rule stands between them, where the room is wide, or filled with dots."""
    size = max(glyph.size for glyph in glyphs)
    base = Counter(round(glyph.base, 1) for glyph in glyphs if glyph.size > 0.8 * size).most_common(1)[0][0]
    rules = [rule.at for rule in upright if rule.start < base + size / 2 < rule.end] if not glyphs[0].turn else []
    pieces: list[Piece] = []
    text, raised = "", ""
    start = last = glyphs[0]
    for glyph, after in zip(glyphs, [*glyphs[1:], None], strict=True):
        if glyph.text == " ":
            text = text.rstrip() + " "
            continue
        figures = glyph.text in "0123456789-–+($" and last.text in "0123456789)%–-"
        least = _WIDE if not figures else _BETWEEN_FIGURES if text[-1:] == " " else _NO_KERNING
        wide = glyph.left - last.right > size * least
        if text and (wide or any(last.right - 1 < at < glyph.left + 1 for at in rules)):
            pieces.append(Piece(text.strip(), start.left, last.right))
            text, start = "", glyph
        last = glyph
        if glyph.text.isdigit() and glyph.size < 0.8 * size and glyph.base > base + 0.15 * size:
            raised += glyph.text
            if after is None or not (after.text.isdigit() and after.size == glyph.size):
                text, raised = text + lowered(text, raised), ""
        else:
            text += glyph.text
    pieces.append(Piece(text.strip(), start.left, last.right))
    parts = [part for piece in pieces if piece.text for part in _without_leaders(piece)]
    if parts:
        yield Line(parts, base, size, glyphs[0].turn, page)


def _without_leaders(piece: Piece) -> list[Piece]:
    """'Total . . . . 12' in its two parts, each with its share of the width."""
    width = (piece.right - piece.left) / len(piece.text)
    parts, last = [], 0
    for m in [*_LEADERS.finditer(piece.text), None]:
        start, end = m.span() if m else (len(piece.text), len(piece.text))
        if text := piece.text[last:start].strip():
            parts.append(Piece(text, piece.left + last * width, piece.left + start * width))
        last = end
    return parts
