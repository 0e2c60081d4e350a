"""The text of a file, in the formats and encodings that people have: plain text, Markdown, HTML, PDF and Word."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO
from typing import Any, NamedTuple

from zjlib.errors import ZjlibError
from zjlib.glyphs import lowered
from zjlib.lines import REPEATABLE

ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx")


class ReportError(ZjlibError, ValueError):
    """A file that can't be read as a report. The message names the file, what is wrong and what to do."""


class Content(NamedTuple):
    """What a file says: its text, and what a page tells of its day beside it."""

    text: str
    dated: str = ""


def extract(data: bytes, ending: str, name: str) -> Content:
    """What a file's bytes say; newlines of plain text stay as they are."""
    if other := next((what for head, what in _OTHERS.items() if data[:64].lstrip().startswith(head)), None):
        raise ReportError(f"{name}: {other}, which is not read; open it in its program and save it as .docx or .txt")
    kind = next((kind for head, kind in _KINDS.items() if data.startswith(head)), ending[1:] or "html")
    try:
        if kind == "pdf":
            from zjlib.pdf import text_of

            return Content(text_of(data))
        if kind == "docx":
            return Content(_docx(data, name))
        text = _decode(data, name)
        if ending in (".html", ".htm", ".xhtml") or (not ending and _MARKUP.match(text)):
            return _html(text)
        if ending in (".md", ".markdown"):
            return Content(_markdown(text))
    except ReportError:
        raise
    except ModuleNotFoundError as error:
        raise ReportError(f"{name}: reading {kind} needs {error.name}; pip install 'zjlib[formats]'") from None
    except Exception as error:  # the libraries raise anything on a damaged file
        again = "open it in its program and save it again, or save its text as .txt"
        raise ReportError(f"{name}: not a readable {kind} file ({error}); {again}") from error
    return Content(text)


_KINDS = {b"%PDF-": "pdf", b"PK\3\4": "docx"}  # by how their bytes begin, whatever the file is called
_OTHERS = {
    b"{\\rtf": "RTF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an older Office file (.doc, .xls), or one with a password",
}
_LONGEST_CELL = 80
_MOST_SPANNED = 50_000  # places that cells of other rows may reach into: more is no table
_PAGE = re.compile(r"<(?:html|body)\b", re.I)
_MARKUP = re.compile(r"\s*<(?:!doctype html|html|head|body|article|div|p)\b", re.I)
_INLINE = ("a", "b", "strong", "em", "i", "u", "span", "font", "small", "big", "mark", "sub", "wbr", "time")
_HIDDEN = (  # what no reader sees as text of the page
    "//script|//style|//noscript|//template|//nav|//select|//button|//del|//s|//strike|//*[@hidden]"
    "|//*[contains(translate(@style, ' ', ''), 'display:none')]"
)
_PUBLISHED = re.compile(r"(?i)publi|pubdate|issued|(?:^|[.:_-])date$")  # how a page's own notes call its day
_PUBLISHED_LD = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_DATELINE = 200  # characters below a page's headline that may tell its day
_UNSEEN = (  # what Word does not show, or would no longer with the changes accepted; a table of contents says all twice
    "//w:del|//w:moveFrom|//w:tr[w:trPr/w:del]|//w:r[w:rPr/w:vanish[not(@w:val='0' or @w:val='false')]]"
    "|//w:sdt[w:sdtPr//w:docPartGallery/@w:val='Table of Contents']"
)
_BOXES = "//w:txbxContent[not(ancestor::*[local-name()='Fallback'])]"  # of text beside the text, which older programs find again
_WRAPS = (  # of what is shown as if they were not there
    "w:ins", "w:moveTo", "w:sdt", "w:sdtContent", "w:fldSimple", "w:hyperlink", "w:smartTag", "w:customXml", "w:dir", "w:bdo",
)  # fmt: skip
_FRONT_MATTER = re.compile(r"\A\s*---\r?\n((?:(?!---)[^\n]*\n)*)---[ \t]*\r?\n")
_QUOTES = " \r\"'"
_TOLD = re.compile(r"(?m)^(?:title|date):[ \t]*(\S[^\n]*)$")
_STYLE = re.compile(r"<(style|script)\b", re.I)
_STYLE_ENDS = {name: re.compile(f"</{name}>", re.I) for name in ("style", "script")}
_FOOTNOTE = re.compile(r"\[\^[\w-]{1,30}\]:? ?|(?<=[\w.,;:)%”\"])\[\d{1,3}\]\([^)\s]*\)")
# A character of UTF-8 that is not ASCII; one of two bytes beside ASCII, since GB18030 may begin with pairs that look alike.
_MANY_BYTES = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2,3}|[\xc3-\xdf][\x80-\xbf](?=[\x00-\x7f])")
_SURELY = 3  # so many before the first error: no other encoding looks like that
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def _decode(data: bytes, name: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, name)
    head = data[:4096]
    if head.count(0) > len(head) // 5:  # Latin text in UTF-16 has a zero in every second byte
        encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        text = _strict(data, encoding, name)
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            if len(_MANY_BYTES.findall(data[: error.start])) >= _SURELY:
                raise ReportError(
                    f"{name}: UTF-8 but for byte {error.start} ({data[error.start]:#04x}): cut or damaged; get it again whole"
                ) from None
            text = _strict(data, _encoding(data), name)
    if sum(c < " " and c not in "\t\n\r\f\x0b" for c in text[:4096]) * 20 > len(text[:4096]):
        raise ReportError(f"{name}: binary data, not text; expected .txt, .md, .html, .pdf or .docx")
    return text


def _encoding(data: bytes) -> str:
    """The likeliest encoding of a text that is no UTF-8: Chinese in one of two, or Western."""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:100_000], cp_isolation=["gb18030", "big5", "cp1252"]).best()
    return found.encoding if found else "gb18030"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReportError(
            f"{name}: binary data or an unknown encoding (byte {error.start}: {data[error.start]:#04x}); save it as UTF-8"
        ) from None


def _html(text: str) -> Content:
    import trafilatura
    from lxml import etree

    whole = _PAGE.search(text) is not None
    tree = trafilatura.load_html(text if whole else f"<html><body>{text}</body></html>")
    if tree is None:
        return Content("")
    dated = "\n".join(_published(tree))
    _as_seen(tree)
    etree.strip_tags(tree, "sup", *_INLINE)  # or a number in bold ends up in a line of its own
    for figure in tree.iter("figure", "figcaption"):
        figure.tag = "div" if figure.tag == "figure" else "p"  # or it is left out with its picture
    for table in [*tree.iter("table")]:
        _by_rows(table)
    heads = [head for each in tree.iter("h1") if (head := " ".join(each.text_content().split()))]
    found = trafilatura.extract(tree, favor_recall=True, include_comments=False)
    if not found:
        return Content("\n".join(part.strip() for part in tree.itertext() if part.strip()), dated)
    lines = found.splitlines()
    if heads:
        dated += "\n" + _between(heads, lines, tree)
    return Content(
        "\n".join([*(head for head in heads if head not in lines), found]), dated
    )  # of a short page it leaves out the headline


def _published(tree: Any) -> Iterator[str]:
    """What the notes of a page that are not shown, or else the first time that it names, tell of its day."""
    for meta in tree.iter("meta"):
        if any(_PUBLISHED.search(meta.get(key, "")) for key in ("name", "property", "itemprop")):
            yield meta.get("content", "")
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json":
            yield from _PUBLISHED_LD.findall(script.text or "")
    for time in tree.iter("time"):
        yield time.get("datetime") or time.text_content()
        break


def _between(heads: list[str], lines: list[str], tree: Any) -> str:
    """What a page shows between its headline and its text: the line with its day and source is often left out."""
    first = next((line for line in lines if line not in heads), "")
    shown = " ".join(tree.text_content().split())
    if not first or first not in shown:
        return ""
    _, head, after = shown.partition(first)[0].rpartition(heads[-1])
    return after[:_DATELINE] if head else ""


def _as_seen(tree: Any) -> None:
    """Leave out what is not shown, and write what is raised as it is written in a line."""
    for hidden in tree.xpath(_HIDDEN):
        hidden.drop_tree()  # with the text after it kept
    for mark in tree.iter("sup"):
        mark.text = lowered(_before(mark), mark.text or "")


def _by_rows(table: Any) -> None:
    """Make a table of figures a paragraph a row, with bars between the cells; one that only lays out a page stays."""
    caption = " ".join(" ".join(each.text_content().split()) for each in table.iter("caption"))
    rows = _grid(table)
    if not rows or any(len(cell) > _LONGEST_CELL for row in rows for cell in row) or max(map(len, rows)) < 2:
        return
    for child in [*table]:
        table.remove(child)
    table.tag = "div"
    for line in [*filter(None, [caption]), *(f"| {' | '.join(row)} |" for row in rows)]:
        table.append(table.makeelement("p"))
        table[-1].text = line


def _grid(table: Any) -> list[list[str]]:
    """The cells of a table by rows, what spans several in each of them: a head again, a number once."""
    rows: list[list[str]] = []
    spanned: dict[tuple[int, int], str] = {}  # what a cell of an earlier row or column says of this place
    for number, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for cell in row.iter("th", "td"):
            while (number, len(cells)) in spanned:
                cells.append(spanned[number, len(cells)])
            text = " ".join(cell.text_content().split())
            wide, high = (int(n) if (n := cell.get(key, "1")[:4]).isdecimal() else 1 for key in ("colspan", "rowspan"))
            wide, high = (max(1, min(spans, room)) for spans, room in ((wide, 200 - len(cells)), (high, 200)))
            again = text if REPEATABLE.fullmatch(text) else ""
            for below in range(number + 1, number + high) if len(spanned) < _MOST_SPANNED else ():
                spanned |= {(below, len(cells) + n): again for n in range(wide)}
            cells += [text, *[again] * (wide - 1)]
        while (number, len(cells)) in spanned:
            cells.append(spanned[number, len(cells)])
        rows.append(cells)
    return rows


def _before(element: Any) -> str:
    """The text directly before an element of a page."""
    previous = element.getprevious()
    return str((element.getparent().text if previous is None else previous.tail) or "")


def _markdown(text: str) -> str:
    """Markdown as plain text: a line for a paragraph, a heading, an item or a row, whose cells a tab parts."""
    from markdown_it import MarkdownIt

    text = _FOOTNOTE.sub("", _FRONT_MATTER.sub(_shown_front_matter, text))
    text = _without_styles(text)
    lines: list[str] = []
    cells: list[str] | None = None
    for token in MarkdownIt().enable("table").parse(text):
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            lines.append("\t".join(cells or ()))
            cells = None
        elif token.type == "html_block" or (token.type == "code_block" and token.content[:1] == "<"):
            lines += [_html(token.content).text, ""]  # tags that are only set in are no code
        elif token.type in ("fence", "code_block"):
            lines += token.content.splitlines()
        elif token.type == "inline":
            shown = _shown(token.children or ())
            (lines if cells is None else cells).append(shown)
        elif token.type in ("paragraph_close", "heading_close", "table_close") and token.level == 0:
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _shown_front_matter(m: re.Match[str]) -> str:
    """The title and the date that stand above a text, each a paragraph."""
    return "".join(value.strip(_QUOTES) + "\n\n" for value in _TOLD.findall(m[1]))


def _without_styles(text: str) -> str:
    """A text without style sheets and scripts; one that has no end stays."""
    parts, last = [], 0
    while (start := _STYLE.search(text, last)) and (end := _STYLE_ENDS[start[1].lower()].search(text, start.end())):
        parts.append(text[last : start.start()])
        last = end.end()
    return "".join([*parts, text[last:]])


def _shown(pieces: Iterable[Any]) -> str:
    """What a reader sees of the pieces of a line of Markdown, some of which may be tags."""
    from lxml.html import fragment_fromstring

    seen = (p for p in pieces if p.type != "image")
    told = [(" " if p.type in ("softbreak", "hardbreak") else p.content, p.type == "html_inline") for p in seen]
    if not any(tag for _, tag in told):
        return "".join(text for text, _ in told)
    tree = fragment_fromstring(  # type: ignore[no-untyped-call]
        "".join(text if tag else escape(text) for text, tag in told), create_parent=True
    )
    _as_seen(tree)
    return str(tree.text_content())


def _docx(data: bytes, name: str) -> str:
    from zipfile import ZipFile

    import docx
    from docx.oxml.ns import qn
    from lxml import etree

    if not any(part.startswith("word/") for part in ZipFile(BytesIO(data)).namelist()):
        told = "a zip file that is no Word document; unpack it, or save it as .docx or .txt in its own program"
        raise ReportError(f"{name}: {told}")
    document = docx.Document(BytesIO(data))
    body = document.element.body
    for unseen in body.xpath(_UNSEEN):
        unseen.getparent().remove(unseen)
    for box in reversed(body.xpath(_BOXES)):
        paragraph = next(box.iterancestors(qn("w:p")))
        for block in reversed(box):
            paragraph.addnext(block)
    etree.strip_tags(body, *map(qn, _WRAPS))  # python-docx passes over what stands in them
    return "\n".join(_blocks(document))


def _blocks(place: Any) -> Iterator[str]:
    """The lines of a Word document, or of a cell that is a frame: one a paragraph and one a row of a table."""
    from docx.table import Table

    for block in place.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        else:
            yield _lowered(block)


def _rows(table: Any) -> Iterator[str]:
    """A line a row, with a tab between its cells, and after it those of the tables within them."""
    known: set[Any] = set()  # a cell over several rows or columns stands in each of them
    for row in table.rows:
        cells, within = [], []
        for cell in row.cells:
            text = " ".join(map(_lowered, cell.paragraphs))
            if cell._tc not in known:
                within += cell.tables
            elif not REPEATABLE.fullmatch(text):
                text = ""
            known.add(cell._tc)
            cells.append(text)
        if within and len(cells) == 1:
            yield from _blocks(row.cells[0])
            continue
        yield "\t".join(cells)
        for inner in within:
            yield from _rows(inner)


def _lowered(paragraph: Any) -> str:
    """The text of a paragraph in Word without the raised numbers of footnotes; see `_as_seen`."""
    text = ""
    for piece in paragraph.runs:
        raised = piece.font.superscript and piece.text.strip().isdigit()
        text += lowered(text, piece.text) if raised else piece.text
    return text
