import re
import shutil

import pytest

from zjlib import catalogue as cat
from zjlib.paths import data_dir
from zjlib.report import Document
from zjlib.scan import numerals
from zjlib.tables import read_report


def write_catalogue(folder, text):
    shutil.copy(data_dir() / "names.toml", folder)
    (folder / "catalogue.toml").write_text(text, encoding="utf-8")
    return folder


FIGURE = """
[[figure]]
id = "bridges.built"
label = "Bridges built"
label_zh = "已建桥梁"
topic = "bridges"
unit = "count"
find.en = 'opened {} bridges ... worth {#}'
"""


DERIVED = """
[[derived]]
id = "bridges.twice"
label = "Twice the bridges"
label_zh = "两倍"
topic = "bridges"
formula = "{}"
"""
CHECK = """
[[check]]
id = "bridges.sum"
label = "They add up"
formula = "{}"
"""


def claimed(catalogue, text):
    document = Document.from_text(text, language="en")
    found = cat.claims(document, numerals(document), catalogue.figures.values())
    return [(claim.entry.id, claim.numeral.surface) for claim in found]


def test_a_figure_is_added_by_lines_of_data(tmp_path):
    catalogue = cat.load_catalogue(write_catalogue(tmp_path, FIGURE))
    assert claimed(catalogue, "The county opened 12 bridges last year, worth 3 billion yuan.") == [
        ("bridges.built", "12")
    ]


def test_what_is_suggested_is_toml_and_claims_the_number(tmp_path):
    document = Document.from_text("The city's 12 new \x01 'green' bridges opened.", language="en")
    found = [n for n in numerals(document) if n.kind == "quantity"]
    lines = cat.suggest(document, numerals(document), found[0]).replace("…", "x")
    catalogue = cat.load_catalogue(write_catalogue(tmp_path, lines))
    assert claimed(catalogue, document.text) == [("topic.thing", "12")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The water project will take a planned investment of 3 billion yuan; the rail project, a planned investment of 4 billion yuan.",
        ),
        (
            "en",
            "Trade rose. Exports grew by 3% over the year.\nRetail rose. Sales grew by 4% over the year. It {fell} by 5% [sic].",
        ),
        ("zh", "水网项目计划投资30亿元，轨道项目计划投资40亿元；港口项目计划投资50亿元。"),
    ],
)
def test_what_is_suggested_claims_first_the_number_that_it_is_for(tmp_path, language, text):
    document = Document.from_text(text, language=language)
    found = numerals(document)
    for number in (n for n in found if n.kind == "quantity"):
        lines = cat.suggest(document, found, number).replace("…", "x")
        entries = cat.load_catalogue(write_catalogue(tmp_path, lines)).figures.values()
        cat.load_catalogue.cache_clear()
        assert next(cat.claims(document, found, entries)).numeral == number, lines


def test_a_pattern_stays_within_the_sentence(tmp_path):
    catalogue = cat.load_catalogue(write_catalogue(tmp_path, FIGURE))
    assert claimed(catalogue, "The county opened 12 bridges. They are worth 3 billion yuan.") == []


def test_a_quantity_of_another_unit_is_not_claimed(tmp_path):
    catalogue = cat.load_catalogue(write_catalogue(tmp_path, FIGURE.replace('"count"', '"CNY"')))
    assert claimed(catalogue, "The county opened 12 bridges last year, worth 3 billion yuan.") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FIGURE + FIGURE, "'bridges.built' stands twice"),
        (FIGURE + 'colour = "red"', "unknown key colour"),
        (FIGURE + 'area = "transprt"', r"'transprt' is not an id of names.toml; did you mean transport"),
        (FIGURE.replace("{}", "12"), r"must hold \{\} once"),
        (FIGURE.replace("opened", "(opened"), "no regular expression"),
        ("[[figure]\n", "cannot be read as TOML"),
        ('[place]\nlabel = "Here"\n', r"\[place\] has label; expected in_report, label, label_zh"),
        (FIGURE.replace("[[figure]]", "[[figur]]"), r"\[\[figur\]\] is unknown"),
        (FIGURE.replace('label = "Bridges built"', ""), "label is missing"),
        (FIGURE + 'kind = "quantty"', "kind 'quantty', expected one of quantity, ordinal"),
        (FIGURE.replace("find.en", "find.fr"), "find is given by language"),
        (FIGURE.replace("find.en =", "find ="), "find is given by language"),
        (FIGURE.replace("find.en = ", "find.en = 5 #"), "expected a pattern"),
        (FIGURE + DERIVED.format("bridges.bulit * 2"), r"no figure 'bridges.bulit'; did you mean bridges.built"),
        (FIGURE + DERIVED.format("bridges.twice + 1"), "lead back to themselves"),
        (FIGURE + DERIVED.format("bridges.built +"), "formula 'bridges.built \\+'"),
        (
            FIGURE + DERIVED.format("bridges.{area}").replace("formula", "sum_of"),
            r"expected the id of a figure with \{area\}",
        ),
        (FIGURE + CHECK.format("bridges.built * 2"), "compares nothing"),
        (FIGURE + CHECK.format("bridges.bulit == 2"), "no figure 'bridges.bulit'"),
    ],
)
def test_a_mistake_in_the_catalogue_is_named_with_its_entry(tmp_path, text, message):
    with pytest.raises(cat.CatalogueError, match=message):
        cat.load_catalogue(write_catalogue(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[lowaltitude]\nid = "lowaltitude"',
            r"names.toml: \[lowaltitude\] is unknown; a name begins with \[\[name\]\]",
        ),
        ('[[name]]\nlabel = "Low altitude"', r"names.toml: \[\[name\]\] number 1: id is missing"),
        ('[[name]]\nid = "a"\n[[name]]\nid = "a"', r"names.toml: the id 'a' stands twice"),
    ],
)
def test_a_mistake_in_the_names_is_named(tmp_path, text, message):
    write_catalogue(tmp_path, FIGURE)
    (tmp_path / "names.toml").write_text(text, encoding="utf-8")
    with pytest.raises(cat.CatalogueError, match=message):
        cat.load_catalogue(tmp_path)


def test_an_unknown_id_names_the_nearest_ones():
    with pytest.raises(KeyError, match=r"did you mean first_batch\.projects"):
        cat.load_catalogue().entry("first_batch.project")


def test_every_figure_event_and_name_of_the_catalogue_has_both_languages():
    catalogue = cat.load_catalogue()
    named = [*catalogue.figures.values(), *catalogue.derived.values(), *catalogue.events.values()]
    assert [entry.id for entry in named if not (entry.label and entry.label_zh)] == []
    assert [name["id"] for name in catalogue.names.values() if not (name["label"] and name["label_zh"])] == []


def test_no_number_stands_in_a_pattern():
    catalogue = cat.load_catalogue()
    entries = [*catalogue.figures.values(), *catalogue.events.values(), *catalogue.no_figures]
    patterns = [p.pattern for entry in entries for patterns in entry.find.values() for p in patterns]
    assert len(patterns) >= len(entries)
    assert [pattern for pattern in patterns if re.search(r"(?<!\\)\d", pattern)] == []


def test_every_no_figure_says_why():
    assert all(entry.reason for entry in cat.load_catalogue().no_figures)


def test_the_report_uses_every_name_that_names_toml_says_it_does():
    report = read_report(data_dir() / "reports" / "2023-02-13.txt")
    for name in report.catalogue.names.values():
        for words in name.get("in_report", {}).get("en", ()):
            assert re.sub("[{}]", "", words).lower() in report.text.lower(), name["id"]


def test_of_the_words_that_find_a_name_the_braces_hold_the_name():
    name = {"in_report": {"en": ["{energy}, talents"]}}
    document = Document.from_text("Energy is dear. Land, energy, talents and the like.", language="en")
    found = cat.find_name(document, name)
    assert (found["surface"], document.text[found["start"] : found["end"]]) == ("energy", "energy")
    assert found["sentence"].startswith("Land")


def test_a_caveat_is_of_a_name_that_the_report_uses(tmp_path):
    own = read_report(data_dir() / "reports" / "2023-02-13.txt")
    (tmp_path / "other.txt").write_text("The county sold 25 tractors in 2022.", encoding="utf-8")
    for name in own.catalogue.names.values():
        if "caveat" in name:
            told, untold = (
                report.policies().set_index("id").loc[name["id"], "standing"]
                for report in (own, read_report(tmp_path / "other.txt"))
            )
            assert (told, untold) == (f"{name['standing']}; {name['caveat']}", name["standing"])


def test_a_pattern_may_have_groups_of_its_own(tmp_path):
    grouped = FIGURE.replace("opened {}", "(opened|closed) {}")
    catalogue = cat.load_catalogue(write_catalogue(tmp_path, grouped))
    assert claimed(catalogue, "The county closed 12 bridges last year, worth 3 billion yuan.") == [
        ("bridges.built", "12")
    ]
