"""Quantities → figures: what each quantity means, by `data/catalogue.toml` and `data/names.toml`.

The package knows how to apply the catalogue, not what it says: adding a figure is adding lines of data.
"""

import functools
import re
import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from zjlib.beside import ANY, MARK, as_found, as_pattern, beside, mask, numeral_of
from zjlib.errors import ZjlibError
from zjlib.formulas import FormulaError, inputs, relation
from zjlib.nearest import ensure_known, nearest
from zjlib.paths import data_dir
from zjlib.report import Document
from zjlib.scan import Numeral

_SLOTS = {"{}": f"(?P<claimed>{ANY})", "{#}": ANY, "...": r"[^.。!?！？;；\n]*?", " ": r"\s+"}
_SECTIONS = ("figure", "derived", "event", "check", "no_figure")
_NEEDS = {
    "figure": {"id", "label", "label_zh", "topic"},
    "derived": {"id", "label", "label_zh", "topic", "formula"},
    "event": {"id", "label", "label_zh", "find"},
    "check": {"id", "label", "formula"},
    "no_figure": {"find", "reason"},
}
_PLACE = {"label", "label_zh", "in_report"}
_ALLOWED = {"kind": ("quantity", "ordinal"), "nature": ("actual", "planned", "target"), "per": ("year",)}
_SENTENCE_END = re.compile(r"[.。!?！？;；\n]\s*")
_REACH = (4, 8, 16, 32, 64)  # words on each side of a number that a suggested pattern may need
_AREA = "{area}"  # in a derived figure's id: one such figure an area
_TOKEN = re.compile(r"\{\}|\{#\}|\.\.\.| |\\.|[A-Z]")


class CatalogueError(ZjlibError, ValueError):
    """The catalogue or the names contradict themselves; says in which file and entry."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the catalogue: a figure, derived figure, event, check or no-figure."""

    id: str = ""
    label: str = ""
    label_zh: str = ""
    topic: str = ""
    area: str | None = None
    place: str | None = None
    unit: str | None = None
    noun: str | None = None
    nature: str | None = None
    per: str | None = None
    kind: str = "quantity"
    direction: str | None = None
    find: dict[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    formula: str | None = None
    sum_of: str | None = None
    previous_of: str | None = None
    year_earlier: str | None = None
    after: tuple[str, ...] = ()
    reason: str = ""

    def accepts(self, numeral: Numeral) -> bool:
        """Whether a numeral that stands where this entry looks is of its kind and unit."""
        return numeral.kind == self.kind and (self.unit is None or numeral.unit == self.unit)


@dataclass(frozen=True)
class Catalogue:
    """All entries by their section, the canonical names by id, and the place that all of it is about."""

    figures: dict[str, Entry]
    derived: dict[str, Entry]
    events: dict[str, Entry]
    checks: dict[str, Entry]
    no_figures: tuple[Entry, ...]
    names: dict[str, dict[str, Any]]
    place: dict[str, Any] = field(default_factory=dict)

    def entry(self, id: str) -> Entry:
        """The entry of a stated or derived figure; a KeyError names the nearest ids."""
        entries = {**self.figures, **self.derived}
        ensure_known([id], entries, "figure", "the catalogue")
        return entries[id]

    def formulas(self, stated: Container[str]) -> dict[str, str]:
        """The formula of each derived figure; a sum's is of the parts that are stated, and of all of them where none is."""
        found = {}
        for id, entry in self.derived.items():
            formula = entry.formula or ""
            parts = [part for part in inputs(formula) if part in stated] if entry.sum_of else []
            found[id] = " + ".join(parts) or formula
        return found


@dataclass(frozen=True, slots=True)
class Claim:
    """A numeral of a text and the entry that says what it means."""

    entry: Entry
    numeral: Numeral


@functools.cache
def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read `catalogue.toml` and `names.toml` from `folder` (the project's data if None).

    Raises CatalogueError, naming the entry, for whatever is unknown, missing, given twice or goes round in a circle.
    """
    folder = folder or data_dir()
    file = folder / "catalogue.toml"
    raw = read_toml(file)
    names = _read_names(folder / "names.toml")
    place = raw.pop("place", {})
    if place and set(place) != _PLACE:
        raise CatalogueError(f"{file.name}: [place] has {', '.join(place)}; expected {', '.join(sorted(_PLACE))}")
    if unknown := set(raw) - set(_SECTIONS):
        raise CatalogueError(f"{file.name}: [[{unknown.pop()}]] is unknown; expected {', '.join(_SECTIONS)}")
    try:
        raw["derived"] = _in_full(raw, names)
    except (FormulaError, CatalogueError) as error:
        raise CatalogueError(f"{file.name}: [[derived]] {error}") from error
    sections = {section: read_entries(raw.get(section, []), file, section) for section in _SECTIONS}
    by_id: dict[str, dict[str, Entry]] = {section: {} for section in _SECTIONS}
    for section, entries in sections.items():
        for entry in entries:
            if any(entry.id in known for known in by_id.values()) and entry.id:
                raise CatalogueError(f"{file.name}: the id {entry.id!r} stands twice; give one of them another name")
            by_id[section][entry.id] = entry
    no_figures = tuple(sections["no_figure"])
    catalogue = Catalogue(by_id["figure"], by_id["derived"], by_id["event"], by_id["check"], no_figures, names, place)
    try:
        _verify(catalogue)
    except (FormulaError, CatalogueError) as error:
        raise CatalogueError(f"{file.name}: {error}") from error
    return catalogue


def _read_names(file: Path) -> dict[str, dict[str, Any]]:
    """The names by their ids. Raises CatalogueError for another table than [[name]], and an id that is missing or stands twice."""
    raw, names = read_toml(file), {}
    if unknown := sorted(set(raw) - {"name"}):
        raise CatalogueError(f"{file.name}: [{unknown[0]}] is unknown; a name begins with [[name]] and has an id")
    for number, name in enumerate(raw.get("name", []), 1):
        if not (id := name.get("id")):
            raise CatalogueError(f"{file.name}: [[name]] number {number}: id is missing")
        if id in names:
            raise CatalogueError(f"{file.name}: the id {id!r} stands twice; give one of them another name")
        names[id] = name
    return names


def _in_full(raw: dict[str, Any], names: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of derived figures: one with `{area}` once for each area that has its inputs, and each `sum_of` as a formula."""
    figures = raw.get("figure", [])
    areas = [area for area in dict.fromkeys(row.get("area") for row in figures) if area in names]
    known = {row.get("id") for section in ("figure", "derived") for row in raw.get(section, [])}
    rows: list[dict[str, Any]] = []
    for of_areas, group in groupby(raw.get("derived", []), lambda row: _AREA in str(row.get("id"))):
        given = [row | _summed(row, areas, known) for row in group]
        if of_areas:
            each = [[_of_area(row, names[area]) for row in given] for area in areas]
            given = [
                row
                for one in each
                for row in one
                if set(inputs(row.get("formula", "0"))) <= known | {row["id"] for row in one}
            ]
        rows += given
    return rows


def _summed(row: dict[str, Any], areas: list[str], known: set[Any]) -> dict[str, str]:
    if "sum_of" not in row:
        return {}
    parts = [part for area in areas if (part := str(row["sum_of"]).replace(_AREA, area)) in known]
    if not parts or "formula" in row:
        raise CatalogueError(
            f"{row.get('id')}: sum_of {row['sum_of']!r}: expected the id of a figure with {_AREA} in it, and no formula"
        )
    return {"formula": " + ".join(parts)}


def _of_area(row: dict[str, Any], area: dict[str, Any]) -> dict[str, Any]:
    words = {key: area[key] for key in ("label", "label_zh")}
    filled = {key: str(value).replace(_AREA, words.get(key, area["id"])) for key, value in row.items()}
    return filled | {"area": area["id"]}


def _verify(catalogue: Catalogue) -> None:
    """Every name, figure and event that an entry refers to exists, and no formula leads back to itself."""
    figures = {**catalogue.figures, **catalogue.derived}
    known: dict[str, Mapping[str, Any]] = {
        "area": catalogue.names,
        "place": catalogue.names,
        "previous_of": catalogue.figures,
        "year_earlier": catalogue.figures,
    }
    for entry in (*figures.values(), *catalogue.events.values(), *catalogue.checks.values(), *catalogue.no_figures):
        for key, ids in known.items():
            if (id := getattr(entry, key)) is not None and id not in ids:
                where = "names.toml" if ids is catalogue.names else "the catalogue"
                raise CatalogueError(f"{entry.id}: {key} {id!r} is not an id of {where}{nearest(id, ids)}")
        for id in entry.after:
            if id not in catalogue.events:
                raise CatalogueError(f"{entry.id}: no event {id!r} to come after{nearest(id, catalogue.events)}")
        for id in inputs(entry.formula) if entry.formula else ():
            if id not in figures:
                raise CatalogueError(f"{entry.id}: formula {entry.formula!r}: no figure {id!r}{nearest(id, figures)}")
    for entry in catalogue.checks.values():
        relation(entry.formula or "")
    settled = set(catalogue.figures)
    waiting = dict(catalogue.derived)
    while ready := [id for id, entry in waiting.items() if set(inputs(entry.formula or "0")) <= settled]:
        settled |= set(ready)
        waiting = {id: entry for id, entry in waiting.items() if id not in settled}
    if waiting:
        raise CatalogueError(f"{', '.join(waiting)}: the formulas lead back to themselves")


def claims(
    document: Document,
    numerals: list[Numeral],
    entries: Iterable[Entry],
    read: Callable[[str, list[Numeral]], str] | None = None,
) -> Iterator[Claim]:
    """Every numeral that an entry claims, entry by entry, in the order of the text.

    Words of bound and of change beside a number are passed over; with `read` they stay, and it may put a mark beside other words.
    """
    text = mask(document.text, numerals).lower()
    texts = [read(text, numerals)] if read else _texts(text, document.language, numerals)
    for entry in entries:
        for index in _claimed(texts, document.language, numerals, entry):
            yield Claim(entry, numerals[index])


def _texts(text: str, language: str, numerals: list[Numeral]) -> list[str]:
    """A masked text as it is, for a pattern that has words of bound as alternatives, and as other patterns find it."""
    return [text, as_found(text, language, numerals)]


def _claimed(texts: list[str], language: str, numerals: list[Numeral], entry: Entry) -> list[int]:
    matches = (m for pattern in entry.find.get(language, ()) for text in texts for m in pattern.finditer(text))
    found = sorted({ord(match["claimed"]) - MARK for match in matches})
    return [index for index in found if entry.accepts(numerals[index])]


def suggest(document: Document, numerals: list[Numeral], numeral: Numeral) -> str:
    """The lines of a catalogue that would claim a numeral: the words around it, with other numerals as `{#}`.

    As few words as it needs to be the first that they claim; where the text is told word by word twice, a few.
    """
    masked, own, language = mask(document.text, numerals), numerals.index(numeral), document.language
    text = beside(language, ANY).unbound(masked, lambda mark: numeral_of(mark, numerals).qualifier != "exact")
    here, texts = text.index(chr(MARK + own)), _texts(masked.lower(), language, numerals)
    finds = [_around(text, here, language, words) for words in _REACH]
    read = (
        Entry(unit=numeral.unit, kind=numeral.kind, find={language: _patterns(find, "", language)}) for find in finds
    )
    claimed = (_claimed(texts, language, numerals, entry) for entry in read)
    find = next((find for find, found in zip(finds, claimed, strict=True) if found[:1] == [own]), finds[0])
    unit = f'unit = "{numeral.unit}"\n' if numeral.unit else ""
    return (
        f'[[figure]]\nid = "topic.thing"\nlabel = "…"\nlabel_zh = "…"\ntopic = "…"\n{unit}find.{language} = \'{find}\''
    )


def _around(text: str, here: int, language: str, words: int) -> str:
    """A pattern of some words on both sides of a mark; the fewest stay within its clause."""
    left, right = text[max(0, here - 15 * words) : here], text[here + 1 : here + 15 * words]
    if words == _REACH[0]:
        left, right = _SENTENCE_END.split(left)[-1], _SENTENCE_END.split(right)[0]
    if language == "en":
        sides = rf"(?:\S+\s+){{0,{words}}}\S*$", rf"(?:\S*\s+){{0,{words - 1}}}\S*"
    else:
        sides = rf"(?s:.{{0,{2 * words}}})$", rf"(?s:.{{0,{words}}})"
    before, after = re.search(sides[0], left), re.match(sides[1], right)
    return f"{_literally(before[0] if before else '')}{{}}{_literally(after[0] if after else '')}".strip()


def _literally(words: str) -> str:
    escaped = re.sub(r"[.*+?()\[\]^$|\\]", r"\\\g<0>", re.sub(r"\s+", " ", words))
    escaped = re.sub("['{}\x00-\x1f\x7f]", ".", escaped)  # which no literal string of TOML holds, or is a slot
    return re.sub(ANY, "{#}", escaped)


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file of the data folder. Raises CatalogueError when it is missing or not valid."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{file.name}: cannot be read as TOML: {error}") from error


def read_entries(rows: list[dict[str, Any]], file: Path, section: str) -> list[Entry]:
    """The entries of one section of a catalogue's file, patterns compiled. Raises CatalogueError, naming file and entry."""
    known = {f.name for f in fields(Entry)}
    entries = []
    for number, row in enumerate(rows, 1):
        where = f"{file.name}: [[{section}]] {row.get('id', f'number {number}')}"
        if unknown := set(row) - known:
            raise CatalogueError(
                f"{where}: unknown key {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}"
            )
        if section in _NEEDS and (missing := _NEEDS[section] - set(row)):
            raise CatalogueError(f"{where}: {', '.join(sorted(missing))} is missing")
        for key, allowed in _ALLOWED.items():
            if row.get(key, allowed[0]) not in allowed:
                raise CatalogueError(f"{where}: {key} {row[key]!r}, expected one of {', '.join(allowed)}")
        found = row.get("find", {})
        if not isinstance(found, dict) or set(found) - {"en", "zh"}:
            raise CatalogueError(f"{where}: find is given by language: find.en = '…', find.zh = '…'")
        find = {code: _patterns(told, where, code if section in _SECTIONS else None) for code, told in found.items()}
        kind = "date" if section == "event" else row.get("kind", "quantity")
        entries.append(Entry(**{**row, "find": find, "kind": kind, "after": tuple(row.get("after", ()))}))
    return entries


def _patterns(found: str | list[str], where: str, language: str | None) -> tuple[re.Pattern[str], ...]:
    """The compiled patterns; of a language those that pass over what it says beside a number."""
    templates = [found] if isinstance(found, str) else found
    if not isinstance(templates, list) or not templates or not all(isinstance(each, str) for each in templates):
        raise CatalogueError(f"{where}: find {found!r}, expected a pattern or a list of patterns")
    compiled = []
    for template in templates:
        if template.count("{}") != 1:
            raise CatalogueError(f"{where}: find {template!r} must hold {{}} once, where the claimed numeral stands")
        told = as_pattern(template, language) if language else template
        try:
            compiled.append(
                re.compile(_TOKEN.sub(lambda t: _SLOTS.get(t[0], t[0].lower() if len(t[0]) == 1 else t[0]), told))
            )
        except re.error as error:
            raise CatalogueError(f"{where}: find {template!r} is no regular expression: {error}") from error
    return tuple(compiled)


def find_name(document: Document, name: dict[str, Any]) -> dict[str, Any]:
    """Where a document first uses a name of `names.toml`: surface, start, end, sentence, paragraph; empty when it does not."""
    for words in name.get("in_report", {}).get(document.language, ()):
        pattern = re.escape(words).replace(r"\{", "(").replace(r"\}", ")")
        if found := re.search(pattern, document.text, re.IGNORECASE):
            start, end = found.span(found.re.groups)
            sentence = next(s for s in document.sentences if start < s.end)
            return {
                "surface": document.text[start:end],
                "start": start,
                "end": end,
                "sentence": document.text[sentence.start : sentence.end],
                "paragraph": sentence.paragraph,
            }
    return dict.fromkeys(("surface", "start", "end", "sentence", "paragraph"))
