"""A report as text: read from a file, with the paragraphs and sentences that every number later points back to."""

import hashlib
import re
import sys
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime as DateTime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from zjlib.formats import ReportError, extract
from zjlib.languages import codes, words_of
from zjlib.lines import mended, paragraphs

__all__ = ["Document", "ReportError", "Sentence", "Span", "read_document"]


class Span(NamedTuple):
    """A stretch of a document's text, `text[start:end]`."""

    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence, `text[start:end]`, and the 1-based number of the paragraph it stands in."""

    start: int
    end: int
    paragraph: int


@dataclass
class Document:
    """A text with its date (a day in ISO form is taken for one) and language.

    All offsets, here and in what is scanned from it, are `str` offsets into `text`.
    """

    id: str
    text: str
    sha256: str
    date: Date | None
    language: str
    title: str
    source: dict[str, Any] = field(default_factory=dict)
    path: Path | None = None

    def __post_init__(self) -> None:
        """Take a day that is told in ISO form for its date; ReportError for another, and for a language without rules."""
        _check_language(self.language, self.path or self.id)
        self.date = _day_of(self.date, self.path or self.id)

    def __repr__(self) -> str:
        """Without the text."""
        return f"{type(self).__name__}({self.id!r}, date={self.date}, sha256={self.sha256[:12]}…)"

    @classmethod
    def from_text(
        cls, text: str, *, id: str = "text", date: Date | None = None, language: str | None = None
    ) -> "Document":
        """A document of a string; its date and language are found in the text where they are not given."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(id, text, digest, date or _date_in(text), language or _language_of(text), _title_of(text))

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The lines that hold more than white space, those that were filled to a margin as one; the first is number 1."""
        found, torn = paragraphs(self.text), words_of(self.language)["sentences"].get("torn")
        return [Span(*p) for p in (mended(self.text, found, re.compile(torn)) if torn else found)]

    @cached_property
    def languages(self) -> list[str]:
        """The language of each paragraph: that of the document, but for English in a Chinese one and Chinese in an English one."""
        spans, own = self.paragraphs, self.language
        if own == "en" and _HAN.search(self.text):
            return ["zh" if len(_HAN.findall(self.text, *p)) * 5 > p.end - p.start else own for p in spans]
        if own == "zh":
            return [own if _HAN.search(self.text, *p) or not _ENGLISH.search(self.text, *p) else "en" for p in spans]
        return [own] * len(spans)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences in order; a paragraph's end always ends one."""
        stop, abbreviation = _stops(self.language)
        out: list[Sentence] = []
        for number, (start, end) in enumerate(self.paragraphs, 1):
            for m in stop.finditer(self.text, start, end):
                head = max(start, m.start() - 12)
                if abbreviation and m.end() < end and abbreviation.search(self.text, head, m.start() + 1):
                    continue
                start = self._close(out, start, m.end(), number)
            if start < end:
                self._close(out, start, end, number)
        return out

    def _close(self, out: list[Sentence], start: int, end: int, paragraph: int) -> int:
        """End a sentence; the start of the next. What is longer than any sentence (a table, a list of names) is cut."""
        while end - start > _LONGEST:
            space = max(self.text.rfind(c, start + _LONGEST // 2, start + _LONGEST) for c in " ，、\t") + 1
            cut = space or start + _LONGEST
            out.append(Sentence(start, cut, paragraph))
            start = cut
        out.append(Sentence(start, end, paragraph))
        gap = self.text[end : end + 9]
        return end + len(gap) - len(gap.lstrip())


def _check_language(language: Any, where: Path | str) -> None:
    if language not in codes():
        raise ReportError(f"{where}: language = {language!r}, expected one of {', '.join(codes())}")


def _day_of(date: Any, where: Path | str) -> Date | None:
    if isinstance(date, str):
        with suppress(ValueError):
            date = Date.fromisoformat(date)
    if isinstance(date, DateTime):
        return date.date()
    if date is None or isinstance(date, Date):
        return date
    raise ReportError(f"{where}: date = {date!r}, expected a day, such as 2023-02-13")


def expect(found: Any, kind: type[Document], call: str, reader: str) -> None:
    """Raise TypeError, saying how to read one, where something else than a report was given: a path, a text."""
    if not isinstance(found, kind):
        raise TypeError(
            f"{call} takes a {kind.__name__}, not {type(found).__name__} {found!r:.60}; read it first with {reader}"
        )


_LONGEST = 1500
_HAN = re.compile("[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,}\b[^A-Za-z]{1,9}){6}")


@cache
def _stops(language: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """What ends a sentence in a language, and the abbreviations whose point does not, where it has any."""
    words = words_of(language)["sentences"]
    abbreviations = words.get("abbreviations")
    return re.compile(words["end"]), re.compile(rf"\b(?:{abbreviations})\.$") if abbreviations else None


def read_document(
    path: str | Path, *, id: str | None = None, date: Date | None = None, language: str | None = None
) -> Document:
    """Read a report from a .txt, .md, .html, .pdf or .docx file, or from standard input (`-`).

    A file `NAME.toml` beside it gives title, date, language, translation ("machine"), origin, rights and sha256;
    arguments go first. The id is the file's name where none is given. Where neither gives a date, it is taken from the
    file's name, from what a page tells of its day, or from the head of the text. Raises ReportError.
    """
    if str(path) == "-":
        data, file = sys.stdin.buffer.read(), None
        name = "standard input"
    else:
        file = Path(path)
        data, name = _read_bytes(file), str(path)
    if not data:
        raise ReportError(f"{name}: the file is empty; a report with text was expected")
    digest = hashlib.sha256(data).hexdigest()
    source = _sidecar(file, digest) if file else {}
    text, dated = extract(data, file.suffix.lower() if file else "", name)
    if not text.strip():
        raise ReportError(f"{name}: no text in it; if it is a scanned document, run character recognition first")
    return Document(
        id=printable(id or (file.stem if file else "stdin")),
        text=text,
        sha256=digest,
        date=date or source.get("date") or (_date_in(file.stem) if file else None) or _date_in(dated) or _date_in(text),
        language=language or source.get("language") or _language_of(text),
        title=source.get("title") or _title_of(text),
        source=source,
        path=file,
    )


def printable(name: str) -> str:
    """Text with what is no UTF-8 in it written out, so that it can be printed and stored: names of files and PDFs may hold such."""
    return name.encode("utf-8", "backslashreplace").decode()


def _read_bytes(file: Path) -> bytes:
    if file.is_dir():
        raise ReportError(f"{file}: is a folder; name a file in it")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise ReportError(f"{file}: no such file; check the path") from None
    except OSError as error:
        raise ReportError(f"{file}: can't be read ({error.strerror}); check its permissions") from None


def date_of(file: Path) -> Date | None:
    """The date that the sidecar of a report, or else its name, gives; its text is not read."""
    try:
        declared: Date | None = _declared(file.with_suffix(".toml")).get("date")
    except ReportError:  # told when the report is read
        declared = None
    return declared or _date_in(file.stem)


def _sidecar(file: Path, digest: str) -> dict[str, Any]:
    """What stands beside a report, if it is of this report."""
    beside = file.with_suffix(".toml")
    source = _declared(beside)
    expected = source.get("sha256", digest).lower()
    if expected != digest:
        raise ReportError(
            f"{file}: its bytes have changed: sha256 is {digest}, {beside.name} says {expected}; "
            f"restore the file, or save an edited copy as {file.stem}-corrected{file.suffix}, without a .toml"
        )
    _check_language(source.get("language", "en"), beside)
    return source


def _declared(beside: Path) -> dict[str, Any]:
    if not beside.is_file():
        return {}
    try:
        source = tomllib.loads(beside.read_text("utf-8"))
    except OSError as error:
        raise ReportError(f"{beside}: can't be read ({error.strerror}); check its permissions") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReportError(f"{beside}: not valid TOML ({error}); mend it or move it away") from None
    if isinstance(source.get("date"), DateTime):
        source["date"] = source["date"].date()
    for key, kind in (("date", Date), ("language", str), ("title", str), ("translation", str), ("sha256", str)):
        if key in source and not isinstance(source[key], kind):
            raise ReportError(f"{beside}: {key} = {source[key]!r}, expected a {kind.__name__}")
    return source


def doubtful_day(document: Document) -> str | None:
    """What to tell a person where a file's name gives another day than the head of its text, and nothing else settles which."""
    if document.path is None or "date" in document.source:
        return None
    named, headed = _date_in(document.path.stem), _date_in(document.text[:_DATELINE])
    if named is None or headed in (None, named) or document.date != named:
        return None
    settle = f"if it is wrong, rename the file, or write date = {headed} into {document.path.stem}.toml beside it"
    return f"{document.path}: its name says {named}, the head of its text {headed}; the name's day is taken: {settle}"


_DATELINE = 200  # characters: what stands later is told of, and need not be the day of the text
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.年_](\d\d?)[-/.月_](\d\d?)(?!\d))")
_DATE_EN = re.compile(
    r"\b([A-Z][a-z]{2})[a-z]*\.? (\d\d?),? ((?:19|20)\d\d)\b|\b(\d\d?) ([A-Z][a-z]{2})[a-z]* ((?:19|20)\d\d)\b"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _date_in(text: str) -> Date | None:
    """The first full date in the head of a text or in a file's name."""
    head = text[:3000]
    for m in _DATE.finditer(head):
        if found := _valid(*(int(g) for g in m.groups())):
            return found
    for m in _DATE_EN.finditer(head):
        month, day, year = (m[1], m[2], m[3]) if m[1] else (m[5], m[4], m[6])
        if month in _MONTHS and (found := _valid(int(year), _MONTHS.index(month) + 1, int(day))):
            return found
    return None


def _valid(year: int, month: int, day: int) -> Date | None:
    try:
        return Date(year, month, day)
    except ValueError:
        return None


def _language_of(text: str) -> str:
    letters = [c for c in text[:20000] if c.isalpha()]  # not digits: a table may have little else
    return "zh" if sum("\u4e00" <= c <= "\u9fff" for c in letters) * 5 > len(letters) else "en"


_HEADED = re.compile(
    rf"(?:date|日期)?[:：\s]*{_DATE.pattern}日?\s*[\[【]\s*(?P<framed>.+?)\s*[\]】]"
    rf"|(?:date|日期)[:：\s]*{_DATE.pattern}日?\s*(?P<bare>.*)",
    re.IGNORECASE,
)


def _title_of(text: str) -> str:
    """The first line that reads like a title: not a page's furniture of one or two words, nor the day and brackets around it."""
    lines = [line.strip() for line in text[:3000].splitlines()]
    headed = ((_HEADED.fullmatch(line), line) for line in lines)
    titles = [title for found, line in headed if (title := (found["framed"] or found["bare"]) if found else line)]
    return next((title for title in titles if len(title) > 8), titles[0] if titles else "")[:200]
