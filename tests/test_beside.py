"""A figure is found whatever bounds its number, and whichever way a rate is told to go; and no number is taken for another's."""

import re
from functools import cache
from itertools import cycle

import pytest

from zjlib import catalogue as cat
from zjlib.checks import check
from zjlib.paths import data_dir
from zjlib.report import Document
from zjlib.scan import numerals
from zjlib.tables import read_report, records

REPORT = data_dir() / "reports" / "2023-02-13.txt"
OWN = read_report(REPORT)
FIGURES = {row["id"]: row for row in records(OWN.figures.dropna(subset=["surface", "unit"]))}
BOUNDS = {
    "more_than": ("over ", ""),
    "at_least": ("no fewer than ", ""),
    "less_than": ("less than ", ""),
    "at_most": ("up to ", ""),
    "about": ("nearly ", ""),
    "exact": ("", ""),
}
OWN_BOUND = re.compile(r"(?:more than|about|over|exceeds) $", re.IGNORECASE)


@cache
def claimed(text, language="en"):
    """What the catalogue finds in a text, the first of each figure: id → numeral."""
    document = Document.from_text(text, language=language)
    found = numerals(document)
    entries = (*OWN.catalogue.figures.values(), *OWN.catalogue.events.values(), *OWN.catalogue.no_figures)
    return {claim.entry.id: claim.numeral for claim in reversed(list(cat.claims(document, found, entries)))}


def bounded(text, start, end, before, after=""):
    """A text with these words of bound beside the number `text[start:end]`, and none of its own."""
    return OWN_BOUND.sub("", text[:start]) + before + text[start:end] + after + text[end:]


def paragraph(id):
    """The paragraph of a figure, and where its number stands in it."""
    row = FIGURES[id]
    begins = OWN.text.rfind("\n", 0, row["start"]) + 1
    return OWN.text[begins:].partition("\n")[0], row["start"] - begins, row["end"] - begins


@pytest.mark.parametrize("id", FIGURES)
def test_a_figure_is_found_with_any_bound_and_with_none_and_so_are_those_beside_it(id):
    text, start, end = paragraph(id)
    beside = set(claimed(text))
    turn = [*FIGURES].index(id) % 3  # two bounds each, all of them in turn
    after = [("at_least", ("", " or more"))] if text[start].isdigit() else []
    for bound, words in [*BOUNDS.items()][turn::3] + after:
        found = claimed(bounded(text, start, end, *words))
        assert set(found) == beside, words
        assert float(found[id].value) == FIGURES[id]["value"], words
        if FIGURES[id]["unit"] not in ("year", "day"):  # 'in the next nearly five years', 'a nearly 10-day trip'
            assert found[id].qualifier == bound, words


def test_an_edition_in_which_every_bound_is_another_states_every_figure(tmp_path):
    text, expected, others = OWN.text, {}, cycle(BOUNDS)
    for id in sorted(FIGURES, key=lambda id: -FIGURES[id]["start"]):
        own = FIGURES[id]
        expected[id] = next(bound for bound in others if bound != own["qualifier"])
        text = bounded(text, own["start"], own["end"], *BOUNDS[expected[id]])
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    report = read_report(tmp_path / REPORT.name)
    checks = check(report).set_index("check")["ok"]
    assert checks[["coverage", "claimed_once", "programme.horizon.repeated"]].all()
    for id, own in FIGURES.items():
        assert report.figure(id)["value"] == own["value"], id
        assert own["unit"] in ("year", "day") or report.figure(id)["qualifier"] == expected[id], id
    assert set(report.figures["id"]) == set(OWN.figures["id"])


GROWTH = ("trade.total.growth", "trade.exports.growth", "trade.imports.growth")


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        ("up {}, {} and {}", (1, 1, 1)),
        ("down {}, {} and {}", (-1, -1, -1)),
        ("a decrease of {}, {} and {}", (-1, -1, -1)),
        ("an increase of nearly {}, {} and over {}", (1, 1, 1)),
        ("up {}, up {} and down {}", (1, 1, -1)),
        ("an increase of {}, {} and a decrease of {}", (1, 1, -1)),
        ("an increase of {}, an increase of {} and a decrease of about {}", (1, 1, -1)),
    ],
)
def test_growth_that_is_told_otherwise_is_found_and_a_fall_is_negative(words, signs, tmp_path):
    first, last = FIGURES[GROWTH[0]], FIGURES[GROWTH[-1]]
    assert OWN.text[: first["start"]].endswith("an increase of ")
    told = words.format(*(FIGURES[id]["surface"] for id in GROWTH))
    text = OWN.text[: first["start"]].removesuffix("an increase of ") + told + OWN.text[last["end"] :]
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    report = read_report(tmp_path / REPORT.name)
    assert check(report).set_index("check")["ok"][["coverage", "claimed_once"]].all()
    for id, sign in zip(GROWTH, signs, strict=True):
        assert report.intervals[id].value == sign * FIGURES[id]["value"]


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("up", 1),
        ("up by over", 1),
        ("growing by", 1),
        ("with a decrease of", -1),
        ("down", -1),
        ("a drop of nearly", -1),
    ],
)
def test_the_growth_of_the_product_is_found_either_way(words, sign):
    text, start, end = paragraph("gdp.growth")
    told = text[:start].removesuffix("an increase of ") + f"{words} {text[start:end]}" + text[end:]
    found = claimed(told)
    assert set(found) == set(claimed(text))
    assert (found["gdp.growth"].direction == "up") is (sign > 0)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("The GDP reached 8 trillion yuan, a share of 3% in that of China.", "gdp.growth"),
        ("The GDP reached 8 trillion yuan, over 3% of that of China.", "gdp.growth"),
        ("The GDP reached 8 trillion yuan, adding 3% to that of China.", "gdp.growth"),
        ("The GDP reached 8 trillion yuan, up to 3% of it from farms.", "gdp.growth"),
        ("Hangzhou’s GDP exceeded 2 trillion yuan, up 3%.", "gdp.level"),
        ("The per capita GDP will exceed 100,000 yuan.", "gdp.level"),
        ("Ningbo has a port, including one of the world’s largest docks.", "cars.top_companies"),
        ("Corporate payment burdens were increased by 44 billion yuan.", "relief.payments"),
        ("Of the burden on market players by more than 10 firms, half is gone.", "relief.burden"),
        (
            "Import and export, export and import will be 5 trillion yuan, 3 trillion yuan and 2 trillion yuan respectively; "
            "machinery was up 3%, 4% and 5%.",
            "trade.total.growth",
        ),
        (
            "Import and export, export and import will be 5 trillion yuan, 3 trillion yuan and 2 trillion yuan respectively, "
            "with machinery, cars and grain up 3%, 4% and 5%.",
            "trade.total.growth",
        ),
    ],
)
def test_what_is_passed_over_beside_a_number_leads_to_no_other_figure(text, id):
    assert id not in claimed(text)


CATALOGUE = """
[[figure]]
id = "mills.{id}"
label = "Mills"
label_zh = "工厂"
topic = "mills"
unit = "{unit}"
find.{language} = '{find}'
"""


@pytest.mark.parametrize(
    ("language", "unit", "find", "found", "not_found"),
    [
        (
            "zh",
            "CNY",
            "总投资{}",
            ["总投资超过30亿元", "总投资30亿元以上", "总投资近30亿元", "总投资30亿元"],
            ["总投资增长30亿元"],
        ),
        ("zh", "CNY", "总投资超过{}", ["总投资不低于30亿元", "总投资30亿元左右"], []),
        ("zh", "%", "产值增长{}", ["产值增长3%", "产值同比下降3%", "产值下降近3%"], ["产值占3%"]),
        (
            "en",
            "%",
            "output was up {}",
            ["Output was down by almost 3%", "Output was up 3% or more"],
            ["Output was 3%"],
        ),
        (
            "en",
            "count",
            "opened (?:over|about) {} mills",
            ["They opened over 5 mills", "They opened about 5 mills"],
            [],
        ),
        (
            "en",
            "count",
            "opened at least {} mills",
            ["They opened 20-odd mills", "They opened\nas many as 20 mills"],
            [],
        ),
        ("en", "count", "passed {} tests", ["They passed 5 tests", "They passed over 5 tests"], []),
        ("en", "%", "(?<={#}), up {}", ["In 2022, down some 5%"], []),
    ],
)
def test_a_line_of_any_catalogue_needs_no_words_of_bound(tmp_path, language, unit, find, found, not_found):
    (tmp_path / "names.toml").touch()
    lines = CATALOGUE.format(id="x", unit=unit, language=language, find=find)
    (tmp_path / "catalogue.toml").write_text(lines, encoding="utf-8")
    entries = cat.load_catalogue(tmp_path).figures.values()
    for text in [*found, *not_found]:
        document = Document.from_text(f"{text}.", language=language)
        claims = list(cat.claims(document, numerals(document), entries))
        assert len(claims) == (text in found), text


def test_a_line_that_is_suggested_has_no_words_of_bound_and_finds_other_ones():
    told = "The county also planted {} trees, {} of them oaks."
    document = Document.from_text(told.format("more than 1,234", "at least 20"), language="en")
    found = numerals(document)
    lines = cat.suggest(document, found, next(numeral for numeral in found if numeral.value == 1234))
    assert "find.en = 'The county also planted {} trees, {#} of'" in lines
    kept = Document.from_text("The plan revolves around nine areas.", language="en")
    (nine,) = numerals(kept)
    assert "revolves around {} areas" in cat.suggest(kept, [nine], nine)
