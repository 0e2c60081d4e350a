import csv
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from zjlib import catalogue as cat
from zjlib.indicators import COLUMNS, indicator_cells, indicators, left_out, load_indicators
from zjlib.paths import data_dir
from zjlib.report import Document, read_document

ROOT = Path(__file__).parent.parent
GOLD = Path(__file__).parent / "gold"
FOLDERS = (data_dir() / "reports", ROOT.parent / "shared" / "corpus", ROOT / "corpus")
LEAST = 0.95  # of the cells that a reader can fill in


def text(words, *, day="2025-01-20", language="en"):
    return Document.from_text(words, language=language, date=date.fromisoformat(day))


def found(document):
    return {row.indicator: (row.surface, row.start) for row in indicator_cells([document]).itertuples()}


def values(words, **kwargs):
    return dict(indicator_cells([text(words, **kwargs)])[["indicator", "value"]].itertuples(index=False))


def reports(split):
    """The reports of indicators.csv with what a reader finds in them; [] when the corpus is not here."""
    gold = defaultdict(dict)
    with (GOLD / "indicators.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["split"] == split:
                gold[row["report"]] |= {row["indicator"]: (row["surface"], int(row["start"]))} if row["surface"] else {}
    files = {id: next((f / f"{id}.txt" for f in FOLDERS if (f / f"{id}.txt").is_file()), None) for id in gold}
    return [(read_document(file), gold[id]) for id, file in files.items() if file] if all(files.values()) else []


def marked(splits):
    """The texts of indicators.md, without their marks, with what the marks say."""
    for part in re.split(r"^## ", (GOLD / "indicators.md").read_text(encoding="utf-8"), flags=re.M)[1:]:
        head, body = part.split("\n", 1)
        id, day, language, split = head.split()
        if split in splits:
            words, gold, last = "", {}, 0
            for mark in re.finditer(r"\[([^\]]*)\]\(([a-z.]+)\)", body := body.strip()):
                words += body[last : mark.start()]
                gold[mark[2]] = (mark[1], len(words))
                words, last = words + mark[1], mark.end()
            document = Document.from_text(words + body[last:], id=id, language=language, date=date.fromisoformat(day))
            yield document, gold


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("reports, tuned on", lambda: reports("tune")),
        ("reports, held out", lambda: reports("held")),
        ("texts, tuned on", lambda: marked(["tune"])),
        ("texts, held out at first", lambda: marked(["held", "late", "later"])),
    ],
)
def test_indicators_are_found_where_a_reader_finds_them_and_none_is_wrong(name, cases, capsys):
    right, of, missed, wrong = 0, 0, [], []
    for document, gold in cases():
        cells = found(document)
        right += sum(cells.get(id) == place for id, place in gold.items())
        of += len(gold)
        missed += [f"{document.id} {id} {place}" for id, place in gold.items() if id not in cells]
        wrong += [f"{document.id} {id} {place}" for id, place in cells.items() if gold.get(id) != place]
    if not of:
        pytest.skip("corpus not here")
    with capsys.disabled():
        print(f"\nindicators, {name}: {right} of {of} found, {len(wrong)} wrong; missed: {'; '.join(missed) or 'none'}")
    assert wrong == []
    assert right / of >= LEAST


def test_the_gold_of_the_reports_stands_in_their_texts():
    cases = [*reports("tune"), *reports("held")]
    if not cases:
        pytest.skip("corpus not here")
    for document, gold in cases:
        for surface, start in gold.values():
            assert document.text[start : start + len(surface)] == surface


def test_a_row_is_a_report_and_a_column_an_indicator():
    first, second = text("GDP grew 5.4 percent last year."), text("Nothing is told here.")
    first.id, second.id = "first", "second"
    table = indicators([second, first])
    assert list(table.index) == ["second", "first"]
    assert list(table.columns) == [entry.id for entry in load_indicators()[0]]
    assert table.loc["first"].dropna().to_dict() == {"gdp.growth": 5.4}
    assert table.loc["second"].isna().all()


def test_no_report_gives_an_empty_table_with_every_column():
    assert indicators([]).shape == (0, len(load_indicators()[0]))
    assert list(indicator_cells([]).columns) == list(COLUMNS)


def test_every_cell_has_its_words_and_its_sentence():
    document = read_document(data_dir() / "reports" / "2023-02-13.txt")
    cells = indicator_cells([document])
    assert len(cells)
    for row in cells.itertuples():
        assert document.text[row.start : row.end] == row.surface
        assert row.surface in row.sentence
        assert row.sentence in document.text


def test_a_decline_is_negative():
    assert values("Last year exports fell 2.5 percent.") == {"trade.exports.growth": -2.5}
    assert values("2024年，固定资产投资比上年下降2.8%。", language="zh") == {"investment.growth": -2.8}


def test_a_range_keeps_both_ends():
    row = indicator_cells([text("今年主要预期目标是：地区生产总值增长4.5-5%。", language="zh")]).iloc[0]
    assert (row.indicator, row.value, row.value_max) == ("target.gdp", 4.5, 5)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("“十四五”时期，地区生产总值年均增长5.5%，进出口总额年均增长6.9%。", "zh"),
        ("2024年，海洋生产总值9100亿元、增长7.2%，跨境电商进出口增长22.5%。", "zh"),
        ("2024年，青川市生产总值突破1万亿元，增长6.8%，全国进出口增长5%。", "zh"),
        ("到2030年，地区生产总值达到3万亿元，进出口总额达到7000亿元。", "zh"),
        ("前三季度，地区生产总值35816亿元，同比增长5.2%。", "zh"),
        ("2024年，人均地区生产总值达到9万元，一般公共预算支出7300亿元，增长3.3%。", "zh"),
        ("五年来，实现进出口总额1.4万亿元，进出口总额累计超过3.8万亿元。", "zh"),
        ("2024年，茶叶产值增长8.5%，出口增长9.6%。", "zh"),
        ("Hangzhou's GDP grew 5.6 percent last year, and China's GDP grew 5 percent.", "en"),
        ("Over the past five years, GDP grew at an average annual rate of 5.9 percent.", "en"),
        ("In the first half, exports rose 8 percent.", "en"),
        ("The marine GDP was 910 billion yuan last year; online retail sales rose 13 percent.", "en"),
        ("Exports to Japan fell 8 percent last year, and exports of electric vehicles rose 60 percent.", "en"),
        ("By 2030, GDP is to reach 4 trillion yuan.", "en"),
    ],
)
def test_what_only_looks_like_an_indicator_is_none(words, language):
    assert values(words, language=language) == {}


TRADE = ("trade.total", "trade.exports", "trade.imports")


@pytest.mark.parametrize(
    ("words", "growths"),
    [
        ("2023年，进出口总额4.90万亿元，其中出口3.57万亿元、进口1.33万亿元，分别增长4.6%、3.9%和6.7%。", (4.6, 3.9, 6.7)),
        ("2023年，出口3.90万亿元、进口1.36万亿元，分别增长9.4%、下降2.1%。", (None, 9.4, -2.1)),
        ("2023年，出口和进口分别为3.90万亿元和1.36万亿元，增长9.4%和2.1%。", (None, 9.4, 2.1)),
        ("2023年，杭州市出口、进口分别增长9.4%、2.1%。", (None, None, None)),
        ("2023年，进出口总额和出口、进口分别增长9.4%、2.1%。", (None, None, None)),
        ("2023年，对美国、欧盟出口分别增长9.4%、2.1%。", (None, None, None)),
        ("Exports reached 3.9 trillion yuan and imports 1.36 trillion yuan, up 9.4% and 2.1% respectively.", (None, 9.4, 2.1)),
        ("Trade was 5 trillion, exports 3 trillion and imports 2 trillion yuan, up 7.4%, 9.4% and 2.1% respectively.", (7.4, 9.4, 2.1)),
        ("Trade, exports and imports were 5.26 trillion, 3.9 trillion and 1.36 trillion yuan, up 7.4%, 9.4% and 2.1%.", (7.4, 9.4, 2.1)),
        ("Last year, exports and imports rose 9.4 percent and fell 2.1 percent, respectively.", (None, 9.4, -2.1)),
        ("In 2023, imports and exports and retail sales grew 9.4 percent and 2.1 percent, respectively.", (9.4, None, None)),
        ("In 2023, imports, exports and tea sales grew 9.4 percent and 2.1 percent, respectively.", (None, None, None)),
        ("Last year, Hangzhou's exports and imports grew 9.4 percent and 2.1 percent, respectively.", (None, None, None)),
        ("In 2023, exports rose and imports fell by 9.4 percent and 2.1 percent respectively.", (None, None, None)),
    ],
)  # fmt: skip
def test_of_numbers_told_in_turn_each_has_its_own_or_none(words, growths):
    language = "en" if words.isascii() else "zh"
    found = values(words, day="2024-01-20", language=language)
    assert tuple(found.get(f"{id}.growth") for id in TRADE) == growths


def test_amounts_told_in_a_list_are_each_found():
    words = "2024年，进出口总额5.26万亿元，其中出口3.90万亿元、进口1.36万亿元。"
    assert [*values(words, language="zh")] == [f"{id}.level" for id in TRADE]


def test_a_target_is_not_an_outcome():
    assert values("2025年，地区生产总值预期目标增长5%左右。", language="zh").keys() <= {"target.gdp"}
    assert values("The province aims for GDP growth of around 5 percent this year.") == {"target.gdp": 5}
    assert values("GDP grew 5.4 percent last year.") == {"gdp.growth": 5.4}


def test_the_year_of_an_indicator_follows_the_date_of_its_report():
    words = "In 2024, GDP grew 5.4 percent."
    assert values(words, day="2025-01-20") == {"gdp.growth": 5.4}
    assert values(words, day="2026-01-20") == {}


def test_a_private_character_of_a_text_is_no_numeral():
    assert values("Last year GDP grew \U000f0009, and exports rose 5 percent.") == {"trade.exports.growth": 5}


def test_no_number_stands_in_a_pattern():
    programme = {"8\\+4"}  # the name of the policies
    for entry in load_indicators()[0]:
        for pattern in (p.pattern for patterns in entry.find.values() for p in patterns):
            for name in programme:
                pattern = pattern.replace(name, "")
            assert not re.search(r"(?<![{,\d])\d(?!\d*[,}])", pattern), f"{entry.id}: {pattern}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("find.en = '<grwth:gdp>'", "no word <grwth>.*did you mean growth"),
        ("find.en = 'GDP grew'", r"must hold \{\} once"),
        ("colour = 'red'\nfind.en = '{}'", "unknown key colour"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_entry(tmp_path, line, message):
    words = "[words.en]\ngrowth = '<it> grew {}'\ngdp = 'gdp'\n[language]\n"
    file = tmp_path / "indicators.toml"
    file.write_text(f"{words}[[indicator]]\nid = 'gdp.growth'\n{line}\n", encoding="utf-8")
    with pytest.raises(cat.CatalogueError, match=message):
        load_indicators(file)


def test_a_bulletin_of_a_quarter_gives_nothing_of_the_year():
    text = "今年一季度，全市实现地区生产总值4100亿元，同比增长5.6%。\n全市进出口总额3400亿元，同比增长3.1%。\n"
    quarter = Document.from_text(text, date=date(2025, 4, 18), language="zh")
    assert not len(indicator_cells([quarter]))


@pytest.mark.parametrize("day", [date(2024, 7, 20), None])
@pytest.mark.parametrize("year", ["", "2024年"])
def test_what_is_of_half_a_year_is_named_as_left_out_and_never_stands_as_a_years(day, year):
    half = Document.from_text(f"{year}上半年，全省地区生产总值40920亿元，同比增长5.6%。", date=day, language="zh")
    assert not len(indicator_cells(half))
    rest = left_out(half)
    assert [*zip(rest["indicator"], rest["surface"], strict=True)] == [
        ("gdp.level", "40920亿元"),
        ("gdp.growth", "5.6%"),
    ]
    assert [*rest["period"].dropna()] == (["2024-01/2024-06"] * 2 if day else [])
