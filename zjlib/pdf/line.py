"""A line of a page: its characters → words, and those together that stand close."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from zjlib.glyphs import lowered
from zjlib.pdf.grid import Grid

_WIDE = 1.0  # of an em: so far apart are words that stand in cells of their own; so are they with
_ROOM, _TIMES = 0.2, 1.8  # so much more than a space between them, and than the least gap of their line
_SPACE = 0.25  # is as wide as that where the font doesn't say
_THOUSAND = 0.1  # so much more than a space has none between its digits
_NO_KERNING = 0.15
_FIGURE = re.compile(r"[-–−+]?[$€£¥]?\d[\d,.]*[)%]?")
_THOUSANDS = re.compile(r"\d{1,3} \d{3}\b")
_LEADERS = re.compile(r"(?:\s?[.·…‥]){4,}\s*|(?:\s\.)+$")  # 'Total . . . . . 12'
BROKEN = "\ufffe\x02\u2010"  # a hyphen at the end of a line, as PDFium tells it, and as some programs draw it
CJK = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_COMPOUND = re.compile(  # words whose hyphen at the end of a line is their own: 'year-on-', 'one-', '10-'
    r"(?:\d|-\w+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|first|second|third|fourth|last|half|full|part|year|quarter|month|long|short|medium|mid|high|low|large|small|non|self"
    r"|state|cross|well|world|foreign|fixed|double|single|multi|so|over))$",
    re.I,
)
_WORD = re.compile(r"[a-z]{3}")
_FIRST = re.compile(
    r"[\u2e80-\u9fff\uff00-\uffef][，。、；：！？）”》%％]*|[^\s\u2e80-\u9fff\uff00-\uffef]+"
)  # what no line parts
_MARK = re.compile(r"[\da-np-z*†‡§,()]")  # what may be raised to mark a note; the 'o' of a degree may not


class Glyph(NamedTuple):
    """A character, and where it stands in points, along and across the direction of the writing."""

    text: str
    left: float
    right: float
    base: float
    size: float
    turn: int
    lift: float = 0.0  # of its ink over the base


_size = attrgetter("size")


class Word(NamedTuple):
    """What no space parts."""

    text: str
    left: float
    right: float
    space: float = 0.0  # of the font, between it and the word before
    ruled: bool = False  # off from that


@dataclass
class Piece:
    """Words that stand close together on a line."""

    words: list[Word]

    def __post_init__(self) -> None:
        """What they say, and where they begin and end."""
        self.text = "".join(f"{' ' * bool(word.space)}{word.text}" for word in self.words).strip()
        self.left, self.right = self.words[0].left, self.words[-1].right


@dataclass
class Line:
    """What stands on one line: its base, the size of its letters, and how many quarters of a circle it is turned by."""

    pieces: list[Piece]
    base: float
    size: float
    turn: int
    page: int

    def __post_init__(self) -> None:
        """What it says, and where it begins and ends."""
        self.text = " ".join(piece.text for piece in self.pieces)
        self.left, self.right = self.pieces[0].left, self.pieces[-1].right


def line_of(glyphs: list[Glyph], page: int, grid: Grid) -> Line | None:
    """A line in pieces, which are parted where a rule stands between them, where the room is wide, or filled with dots."""
    size = max(glyph.size for glyph in glyphs)
    base = Counter(round(glyph.base, 1) for glyph in glyphs if glyph.size > 0.8 * size).most_common(1)[0][0]
    rules = [] if glyphs[0].turn else grid.crossing(base + size / 2, base + size / 2)
    words = [word for word in _words(glyphs, size, rules) if word.text]
    pieces = [part for piece in _pieces(words, size) for part in _without_leaders(piece)]
    return Line(pieces, base, size, glyphs[0].turn, page) if pieces else None


def joined(text: str, more: str) -> str:
    """A text with what goes on below it."""
    if text[-1] in BROKEN:
        torn = more[0].islower() and not _COMPOUND.search(text[:-1])
        return f"{text[:-1]}{'' if torn else '-'}{more}"
    close = text[-1] in "-–" or CJK.match(text[-1]) or CJK.match(more)
    return f"{text}{'' if close else ' '}{more}"


def had_no_room(line: Line, above: Line, margin: float) -> bool:
    """Whether the first word of a line had no room on the one above, which could reach up to a margin."""
    size = max(above.size, line.size)
    first = (_FIRST.match(line.text) or line.text)[0]
    width = len(first) * (size if CJK.match(first) else (line.right - line.left) / len(line.text))
    space = 0 if CJK.match(above.text[-1]) or CJK.match(first) else 0.25 * size
    return above.right + space + width + 0.2 * size > margin


def _words(glyphs: list[Glyph], size: float, rules: list[float]) -> Iterator[Word]:
    found: list[tuple[list[Glyph], float, bool]] = []
    space = 0.0
    for glyph in glyphs:
        if glyph.text == " ":
            space = max(glyph.right - glyph.left, _SPACE * size)
            continue
        last = found[-1][0][-1] if found else glyph
        figures = last.text in "0123456789)%" and glyph.text in "0123456789-–−+(.$"
        ruled = bool(rules and found) and any(last.right - 1 < at < glyph.left + 1 for at in rules)
        if not found or space or ruled or glyph.left - last.right > size * (_NO_KERNING if figures else _SPACE + _ROOM):
            found.append(([], space, ruled))
        found[-1][0].append(glyph)
        space = 0.0
    largest = [max(word, key=_size) for word, *_ in found]
    for place, (word, space, ruled) in enumerate(found):
        left, right = word[0].left, word[-1].right
        around = largest[max(0, place - 1) : place + 2]
        near = [other for other in around if other.right > left - size and other.left < right + size]
        yield Word(_text(word, max(near, key=_size)), left, right, space, ruled)


def _text(word: list[Glyph], beside: Glyph) -> str:
    """What a word says, without the raised mark of a note that is smaller than what stands beside it."""
    text = ""
    for is_mark, glyphs in groupby(word, lambda glyph: _is_raised(glyph, beside)):
        run = "".join(glyph.text for glyph in glyphs)
        text += lowered(text, run) if is_mark and not _WORD.search(run) else run
    return text


def _is_raised(glyph: Glyph, beside: Glyph) -> bool:
    small = glyph.size < 0.95 * beside.size and glyph.base > beside.base + 0.2 * beside.size
    raised = small or (glyph.lift > 0.2 * glyph.size and glyph.text.isalnum())
    return raised and bool(_MARK.match(glyph.text))


def _pieces(words: list[Word], size: float) -> Iterator[Piece]:
    gaps = [b.left - a.right for a, b in pairwise(words) if b.space]
    usual = _TIMES * min(gaps) if len(gaps) > 1 else 0
    return parted(words, lambda a, b: b.ruled or b.left - a.right > _least(a, b, size, usual))


def parted(words: list[Word], are_parted: Callable[[Word, Word], bool]) -> Iterator[Piece]:
    """The words in pieces, by whether two that follow one another are of two."""
    first = 0
    for place, (a, b) in enumerate(pairwise(words), 1):
        if are_parted(a, b):
            yield Piece(words[first:place])
            first = place
    if words:
        yield Piece(words[first:])


def _least(a: Word, b: Word, size: float, usual: float) -> float:
    """How far apart two words stand at least that are in cells of their own."""
    if are_figures(a, b) and re.search(r"\d[.,]\d", a.text + b.text):
        return size * _NO_KERNING
    if _FIGURE.fullmatch(a.text) and _THOUSANDS.match(f"{a.text} {b.text}"):
        return b.space + size * _THOUSAND
    if (CJK.match(a.text[-1]) and CJK.match(b.text)) or not (a.text.strip(".·…‥") and b.text.strip(".·…‥")):
        return size * _WIDE
    return max(max(_SPACE * size, b.space) + _ROOM * size, min(size * _WIDE, usual))


def are_apart(a: Word, b: Word, size: float) -> bool:
    """Whether two words may stand in columns of their own."""
    return b.left - a.right > max(_SPACE * size, b.space) + _ROOM * size or are_figures(a, b)


def are_figures(a: Word, b: Word) -> bool:
    """Whether two words are a number each; '4 120' may be one."""
    return all(_FIGURE.fullmatch(word.text) for word in (a, b)) and not _THOUSANDS.match(f"{a.text} {b.text}")


def _without_leaders(piece: Piece) -> list[Piece]:
    """'Total . . . . 12' in its two parts, each with its share of the width."""
    if not _LEADERS.search(piece.text):
        return [piece]
    width = (piece.right - piece.left) / len(piece.text)
    parts, last = [], 0
    for m in [*_LEADERS.finditer(piece.text), None]:
        start, end = m.span() if m else (len(piece.text), len(piece.text))
        if text := piece.text[last:start].strip():
            parts.append(Piece([Word(text, piece.left + last * width, piece.left + start * width)]))
        last = end
    return parts
