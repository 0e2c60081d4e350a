"""The text of a PDF by where its characters stand: a line for a paragraph, and one for a row of a table with tabs between its cells."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from zjlib.lines import ENDS, ITEM
from zjlib.pdf.line import BROKEN, CJK, Line, Piece, had_no_room, joined
from zjlib.pdf.order import by_columns
from zjlib.pdf.page import Page, read_page
from zjlib.pdf.rows import rows_of
from zjlib.pdf.tables import tables_of

_READER = threading.Lock()  # PDFium keeps one state for all threads

_NUMBER = re.compile(r"[-–—\s]*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s]*|第\s*\d+\s*页.*", re.I)
_NEAR = 60  # lines
_LARGE = 1.1  # times the size of the text is that of a heading,
_AS_LARGE = 0.95  # and each line of it as large as the others
_MOST_INITIALS = 20  # of a page


def text_of(data: bytes) -> str:
    """The text of the bytes of a PDF. What PDFium can't read raises its error."""
    import pypdfium2

    with _READER:
        document = pypdfium2.PdfDocument(data)
        try:
            pages = [read_page(page, number) for number, page in enumerate(document)]
        finally:
            document.close()
    _take_off_heads(pages)
    return "\n".join(_paragraphs(pages))


def _take_off_heads(pages: list[Page]) -> None:
    """Leave out the numbers of pages, and the lines at their ends that stand on many of them."""
    ends = [[*_ends(page.lines)] for page in pages]
    often = Counter(key for edge in ends for key in {_key(line) for line in edge})
    least = max(2, len(pages) * 2 // 5)
    for page, edge in zip(pages, ends, strict=True):
        furniture = [line for line in edge if _NUMBER.fullmatch(line.text) or often[_key(line)] >= least]
        page.lines = [line for line in page.lines if not any(line is end for end in furniture)]


def _ends(lines: list[Line]) -> Iterator[Line]:
    """The lines above and below the text of a page, with more room between than lines of a text have."""
    for order in (1, -1):
        outer = sorted(lines, key=lambda line: -line.base * order)[:5]
        for place, (line, inner) in enumerate(pairwise(outer)):
            if abs(line.base - inner.base) > 1.8 * max(line.size, inner.size):
                yield from outer[: place + 1]
                break


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.base / 2)


def _paragraphs(pages: list[Page]) -> Iterator[str]:
    """What a reader takes for one paragraph each; one that a page ends goes on at the head of the next."""
    paragraph, last, margin, apart = "", None, 0.0, 0.0
    body = _body(pages)
    for page in pages:
        page.lines = _with_initials(by_columns(page.lines))
        pitch = _pitch(page.lines)
        margins = _margins(page.lines)
        rows = rows_of(page)
        tables = tables_of(rows, page.grid)
        for place, row in enumerate(rows):
            if place in tables:
                yield from filter(None, [paragraph, tables[place]])
                paragraph, last = "", None
                continue
            for line in row.lines:
                if last and (_are_title(last, line, body) or _goes_on(last, line, margin, max(pitch, apart), body)):
                    apart = last.base - line.base
                    paragraph = joined(paragraph, line.text)
                else:
                    yield from filter(None, [paragraph])
                    paragraph, apart = line.text, 0.0
                last, margin = line, margins[id(line)]
    yield from filter(None, [paragraph])


def _margins(lines: list[Line]) -> dict[int, float]:
    """How far to the right the lines of its column reach, by the identity of a line."""
    near = ((a, lines[max(0, place - _NEAR) : place + _NEAR]) for place, a in enumerate(lines))
    return {id(a): max(b.right for b in around if _in_column(a, b)) for a, around in near}


def _in_column(a: Line, b: Line) -> bool:
    return a.turn == b.turn and abs(a.left - b.left) < 2.5 * a.size and abs(a.size - b.size) < 0.1 * a.size


def _body(pages: list[Page]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=sizes.__getitem__, default=0.0)


def _pitch(lines: list[Line]) -> float:
    """How far apart most lines of a page are, as they are in a paragraph."""
    below = Counter(
        round(a.base - b.base, 1) for a, b in pairwise(lines) if 0 < a.base - b.base < 3 * a.size and _in_column(a, b)
    )
    (pitch, count), *_ = below.most_common(1) or [(0.0, 0)]
    return pitch if count > 2 else 0.0


def _start(line: Line) -> float:
    """Where the words of a line begin; those of a list's item after its mark."""
    words = [word for piece in line.pieces for word in piece.words]
    return words[1].left if len(words) > 1 and ITEM.fullmatch(words[0].text) else line.left


def _with_initials(lines: list[Line]) -> list[Line]:
    """The lines with a large letter before the one beside its upper half, which it begins."""
    initials = [line for line in lines if len(line.text) == 1 and line.text.isalpha()]
    for initial in initials[:_MOST_INITIALS]:
        for place, line in enumerate(lines):
            beside = (
                0 <= line.left - initial.right < line.size and initial.base < line.base < initial.base + initial.size
            )
            if beside and initial.size > 1.5 * line.size:
                word, *words = line.pieces[0].words
                first = Piece([word._replace(text=initial.text + word.text), *words])
                lines[place] = replace(line, pieces=[first, *line.pieces[1:]])
                lines = [other for other in lines if other is not initial]
                break
    return lines


def _are_title(a: Line, b: Line, body: float) -> bool:
    """Whether two lines larger than the text stand close below one another, each in the middle."""
    large = min(a.size, b.size) > max(_LARGE * body, _AS_LARGE * max(a.size, b.size))
    close = a.page == b.page and a.turn == b.turn and 0 < a.base - b.base < 2 * a.size
    centred = abs(a.left + a.right - b.left - b.right) < a.size < 2 * abs(_start(a) - b.left)
    return large and close and centred and a.text[-1] not in ENDS and not ITEM.match(b.text)


def _goes_on(a: Line, b: Line, margin: float, pitch: float, body: float) -> bool:
    """Whether the words of a line had no room on the one above, which could reach so far, and stand as far below as others do."""
    size = max(a.size, b.size)
    if a.text[-1] in BROKEN:
        return True
    alike = 0.85 if size < _LARGE * body or b.text[0].islower() else _AS_LARGE
    if a.turn != b.turn or min(a.size, b.size) < alike * size or ITEM.match(b.text):
        return False
    if a.text[-1].isdigit() and CJK.match(b.text) and abs(a.left + a.right - b.left - b.right) < 2 * size:
        return a.page == b.page  # of a heading in the middle: '新增就业38.6', '万人'
    if a.page == b.page and a.base > b.base:
        if (
            a.base - b.base > (1.15 * pitch if pitch and a.text[-1] in ENDS else max(2 * size, 1.1 * pitch))
            or b.left - _start(a) > 0.9 * size
        ):
            return False
    elif a.text[-1] in ENDS or (a.page == b.page and b.left < a.right):
        return False  # nor on the next page, or at the head of the next column
    reads_on = a.text[-1] not in ENDS and b.text[0].islower() and a.right - a.left > 0.6 * (margin - a.left)
    return reads_on or had_no_room(b, a, margin)
