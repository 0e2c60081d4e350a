"""PDFs: paragraphs without the lines of the page, tables with their columns, what stands on every page left out."""

import re
from itertools import zip_longest

import pytest
from browser import launch, needs_chromium
from pdfs import filled, pdf, rows
from playwright.sync_api import sync_playwright

from zjlib.formats import ReportError, extract
from zjlib.report import read_document
from zjlib.scan import numerals


def lines(data):
    return extract(data, ".pdf", "report.pdf").text.splitlines()


FIRST = (
    "Output reached 412.6 billion yuan in 2023, up 5.2 percent from the year before, and services were "
    "more than half of it, the bureau said on Thursday, when it told the figures of the year for the first time."
)
SECOND = (
    "Exports rose by 7.3 percent, more than those of any other province of the region, to 91 billion yuan all told."
)


def test_a_paragraph_is_a_line():
    page = [(60, 810, "Harlan in 2023", 18), *filled(FIRST), *filled(SECOND, (60, 700))]
    assert lines(pdf(page)) == ["Harlan in 2023", FIRST, SECOND]


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    placed = filled(FIRST)
    assert lines(pdf(placed[:1], [(x, 780, text) for x, _, text in placed[1:2]])) == [
        " ".join(t for *_, t in placed[:2])
    ]


def test_columns_of_prose_are_read_one_after_the_other():
    page = [*filled(FIRST, width=40), *filled(SECOND, (330, 780), width=40)]
    assert lines(pdf(page)) == [FIRST, SECOND]


def test_columns_of_prose_may_be_drawn_a_line_of_each_in_turn():
    left, right = filled(FIRST, width=36), filled(f"{SECOND} Imports fell.", (330, 780), width=36)
    page = [word for pair in zip_longest(left, right) for word in pair if word]
    told = [FIRST, f"{SECOND} Imports fell."]
    assert lines(pdf([(60, 810, "Harlan in 2023", 18), *page])) == ["Harlan in 2023", *told]


def test_columns_of_chinese_may_be_drawn_a_line_of_each_in_turn():
    left = [
        "全年地区生产总值比上年增长，",
        "其中第一产业增加值增长较快，",
        "第二产业增加值增长平稳，服务",
        "业增加值占比继续提高。",
    ]
    right = [
        "全年新增城镇就业超过预期，年",
        "末城镇登记失业率有所下降，居",
        "民消费价格总水平上涨，新建商",
        "品住宅销售价格与上年持平。",
    ]
    page = [(x, 780 - 18 * n, text) for n in range(4) for x, text in ((60, left[n]), (300, right[n]))]
    assert lines(pdf(page)) == ["".join(left), "".join(right)]


def test_the_words_of_an_item_begin_after_its_mark():
    (x, y, first), *more = filled(FIRST, (80, 780))
    assert lines(pdf([(60, y, "1."), (x, y, first), *more, (60, 700, "2."), *filled(SECOND, (80, 700))])) == [
        f"1. {FIRST}",
        f"2. {SECOND}",
    ]


def test_a_large_letter_may_begin_a_paragraph():
    first, second, *more = filled(FIRST[1:], (90, 780), 66)
    page = [(60, 762, FIRST[0], 44), first, second, *[(60, y, text) for _, y, text in more]]
    assert lines(pdf(page)) == [FIRST]


@pytest.mark.parametrize("step", [13, 30])
def test_a_paragraph_ends_where_there_is_more_room_below_however_wide_its_lines_stand(step):
    text = "Output reached 412.6 billion yuan in 2023, up 5.2 percent from 2022. " * 3
    placed = filled(text, step=step)
    below = placed[-1][1] - 1.3 * step
    assert lines(pdf([*placed, *filled(text, (60, below), step=step)])) == [text.strip()] * 2


def test_a_line_that_is_filled_to_both_margins_is_no_row():
    spread = ["percent; more than 320 projects", "were begun and 118 were", "growth was 3.5"]
    page = [
        (60 + 6.6 * len(line[: m.start()]) + 8 * n, 700 - 14 * row, m[0])
        for row, line in enumerate(spread)
        for n, m in enumerate(re.finditer(r"\S+", line))
    ]
    assert not any("\t" in line for line in lines(pdf(page)))


def test_chinese_goes_on_without_a_space_and_a_number_is_not_torn():
    page = [
        (60, 780, "全省生产总值在这一年里达到了8.26"),
        (60, 762, "万亿元，增长6.0%。"),
        (82, 744, "新的一段从这里开始，"),
    ]
    assert lines(pdf(page)) == ["全省生产总值在这一年里达到了8.26万亿元，增长6.0%。", "新的一段从这里开始，"]


def test_a_measure_word_that_a_heading_lost_comes_back():
    page = [
        (200, 780, "五年来新增城镇就业38.6", 16),
        (290, 755, "万人", 16),
        (82, 720, "五年来，新增城镇就业38.6万人。"),
    ]
    assert lines(pdf(page)) == ["五年来新增城镇就业38.6万人", "五年来，新增城镇就业38.6万人。"]


@pytest.mark.parametrize(
    "title",
    [["关于印发2024年重点建设项目", "投资计划的通知"], ["Finances of Harlan", "And Its Five Districts in 2023"]],
    ids=["chinese", "english"],
)
def test_the_lines_of_a_title_in_the_middle_are_one(title):
    width = 18 if title[0][0] == "关" else 10.8
    page = [(297 - width * len(line) / 2, 780 - 30 * n, line, 18) for n, line in enumerate(title)]
    told = [(250, 715, "（2024年3月5日）"), (60, 680, "各区人民政府，市政府各部门：")]
    assert lines(pdf([*page, *told])) == [
        "".join(title) if width == 18 else " ".join(title),
        "（2024年3月5日）",
        "各区人民政府，市政府各部门：",
    ]


def test_the_text_does_not_go_on_from_its_heading():
    page = [(60, 780, "The public health approach, and what is done for it", 12.5), *filled(SECOND, (60, 764))]
    assert lines(pdf([*page, *filled(FIRST, (60, 690))])) == [page[0][2], SECOND, FIRST]


TABLE = [
    ["Indicator", "2022", "2023", "Change (%)"],
    ["Output (billion yuan)", "392.2", "412.6", "5.2"],
    ["Imports (million dollars)", "2,310", "2,195", "-5.0"],
    ["Unemployment rate (%)", "4.1", "3.8", ""],
]


def test_a_table_without_lines_has_a_tab_between_its_cells():
    page = [(60, 760, "Table 1. Main indicators"), *rows(TABLE), *filled(SECOND, (60, 600))]
    assert lines(pdf(page)) == ["Table 1. Main indicators", *("\t".join(row) for row in TABLE), SECOND]


def test_a_label_over_two_lines_is_one_cell_and_a_heading_inside_stays_apart():
    page = rows(
        [
            ["Indicator", "2022", "2023"],
            ["Of which:"],
            ["Retail sales of goods and catering"],
            ["(billion yuan)", "167.2", "181.3"],
            ["Loans, billion yuan", "31.0", "33.4"],
        ]
    )
    assert lines(pdf(page)) == [
        "Indicator\t2022\t2023",
        "Of which:\t\t",
        "Retail sales of goods and catering (billion yuan)\t167.2\t181.3",
        "Loans, billion yuan\t31.0\t33.4",
    ]


def test_a_head_over_two_columns_stands_in_both():
    page = [
        *rows([["", "Jobs", "", "Change"]], (60, 718), (0, 260, 300, 420)),
        *rows(
            [["Sector", "2022", "2023", "2022", "2023"], ["Mining", "412", "389", "11", "-23"]],
            columns=(0, 220, 300, 380, 460),
        ),
    ]
    assert lines(pdf(page))[0].split("\t") == ["", "Jobs", "Jobs", "Change", "Change"]


HEADED = [
    "\tHotels and inns\tHotels and inns\tHotels and inns\tHotels and inns\t",
    "\tArrivals\tArrivals\tNights\tNights\t",
    "Region\thome\tabroad\thome\tabroad\tTotal",
    "North\t120.3\t41.7\t261.2\t101.5\t362.7",
    "South\t402.9\t307.3\t812.6\t903.2\t1,715.8",
]


def headed(where):
    """A table whose heads stand over several columns: in their middle, where they begin, or where they end."""
    body = rows([line.split("\t") for line in HEADED[3:]], (60, 640), (0, 100, 170, 240, 310, 400))
    lowest = rows([["", "home", "abroad", "home", "abroad"]], (60, 660), (0, 100, 170, 240, 310))
    beside = [(60, 680, "Region"), (487, 680, "Total")]
    spanning = [
        (x, y, text)
        for x, y, text in zip(where, (700, 680, 680), ("Hotels and inns", "Arrivals", "Nights"), strict=True)
    ]
    return [*spanning, *beside, *lowest, *body]


@pytest.mark.parametrize("where", [(259, 212, 359), (187, 187, 327), (331, 237, 390)], ids=["middle", "left", "right"])
def test_a_head_stands_over_the_columns_that_it_is_in_line_with(where):
    assert lines(pdf(headed(where))) == HEADED


def test_a_head_stands_over_the_columns_that_its_rule_does():
    level = [(185, 695, 250, 0.5), (185, 675, 110, 0.5), (320, 675, 115, 0.5)]
    assert lines(pdf(headed((240, 200, 360)), rules=level)) == HEADED


def test_dots_lead_from_a_label_to_its_figures():
    page = rows([["Total . . . . . . . . . .", "467.9", "69.1"], ["Burglary. . . . . . . .", "240.9", "60.3"]])
    assert lines(pdf(page)) == ["Total\t467.9\t69.1", "Burglary\t240.9\t60.3"]


def test_columns_that_are_closer_than_an_em_are_told_apart():
    table = [
        ["Sector", "2021", "2022", "2023"],
        ["Steel output", "12.4", "13.5", "14.6"],
        ["Coal", "9.1", "8.2", "7.3"],
    ]
    page = [
        (60 + x, 700 - 18 * n, cell)
        for n, row in enumerate(table)
        for x, cell in zip((0, 87, 120, 153), row, strict=True)
    ]
    assert lines(pdf(page)) == ["\t".join(row) for row in table]


def test_between_rules_a_cell_may_take_two_lines_and_stand_close_to_the_next():
    upright = [(x, 630, 0.5, 80) for x in (55, 150, 200, 250)]
    level = [(55, y, 195, 0.5) for y in (630, 670, 690, 710)]
    page = [
        (60, 695, "指标"), (152, 695, "2022"), (202, 695, "2023"),
        (60, 675, "出口（亿元）"), (152, 675, "12.4"), (202, 675, "13.1"),
        (60, 655, "居民人均可支配"), (60, 640, "收入（元）"), (152, 655, "31210"), (202, 655, "33020"),
    ]  # fmt: skip
    assert lines(pdf(page, rules=[*upright, *level])) == [
        "指标\t2022\t2023",
        "出口（亿元）\t12.4\t13.1",
        "居民人均可支配收入（元）\t31210\t33020",
    ]


def test_a_grid_is_a_table_though_it_has_no_figures():
    level = [(55, y, 400, 0.5) for y in (620, 660, 700, 720)]
    upright = [(x, 620, 0.5, 100) for x in (55, 200, 330, 455)]
    page = [
        (60, 705, "Measure"), (205, 705, "Body"), (335, 705, "Budget"),
        (60, 685, "Reform of the"), (60, 670, "pension system"), (205, 685, "Ministry of"), (205, 670, "Labour"),
        (335, 685, "12.4 million"),
        (60, 645, "A railway to the"), (60, 630, "port"), (205, 645, "State Railways"), (335, 645, "340 million"),
    ]  # fmt: skip
    assert lines(pdf(page, rules=[*level, *upright])) == [
        "Measure\tBody\tBudget",
        "Reform of the pension system\tMinistry of Labour\t12.4 million",
        "A railway to the port\tState Railways\t340 million",
    ]


WORDS = [
    ["Measure", "Body", "Stage"],
    ["Pension reform", "Ministry of Labour", "Draft"],
    ["Port railway", "State Railways", "Under way"],
    ["School meals", "Municipalities", "Planned"],
]
CHINESE_WORDS = [
    ["项目名称", "责任单位", "完成时限"],
    ["城北污水处理厂", "市住建局", "六月底前"],
    ["第三人民医院迁建", "市卫生健康委", "年底前"],
    ["安和大桥", "市交通运输局", "年底前"],
]


@pytest.mark.parametrize("table", [WORDS, CHINESE_WORDS], ids=["english", "chinese"])
def test_cells_of_words_that_are_in_line_are_a_table(table):
    page = [
        (60 + x, 700 - 18 * n, cell) for n, row in enumerate(table) for x, cell in zip((0, 100, 230), row, strict=True)
    ]
    assert lines(pdf([*page, *filled(SECOND, (60, 600))])) == ["\t".join(row) for row in table] + [SECOND]


def test_cells_of_words_may_take_several_lines():
    page = [
        (60, 700, "Measure"), (200, 700, "Body"), (340, 700, "Stage"),
        (60, 680, "Pension reform"), (200, 680, "Ministry of"), (200, 667, "Labour"),
        (340, 680, "Draft, to be"), (340, 667, "read twice"), (340, 654, "more"),
        (60, 634, "Port railway"), (200, 634, "State Railways"),
        (340, 634, "Under way, with"), (340, 621, "two bridges"),
        (60, 601, "School meals"), (200, 601, "Municipalities"), (340, 601, "Planned"),
    ]  # fmt: skip
    assert lines(pdf(page)) == [
        "Measure\tBody\tStage",
        "Pension reform\tMinistry of Labour\tDraft, to be read twice more",
        "Port railway\tState Railways\tUnder way, with two bridges",
        "School meals\tMunicipalities\tPlanned",
    ]


def test_rules_part_the_columns_though_heads_stand_elsewhere():
    rules = [*[(55, y, 330, 0.5) for y in (640, 660, 680, 700, 720)], *[(x, 640, 0.5, 80) for x in (55, 160, 300, 385)]]
    page = [
        (x if not n or not column else edge - 6.6 * len(cell), 705 - 20 * n, cell)
        for n, row in enumerate(WORDS)
        for column, (x, edge, cell) in enumerate(zip((60, 165, 305), (155, 295, 380), row, strict=True))
    ]
    assert lines(pdf(page, rules=rules)) == ["\t".join(row) for row in WORDS]


def test_a_list_with_its_marks_in_front_is_no_table():
    items = ["Pension reform", "Port railway", "School meals"]
    page = [(x, 700 - 18 * n, text) for n, item in enumerate(items) for x, text in ((60, f"{'abc'[n]})"), (90, item))]
    assert not any("\t" in line for line in lines(pdf(page)))


def test_cells_that_are_drawn_after_the_table_stand_in_their_rows():
    level = [(55, y, 250, 0.5) for y in (640, 680, 700, 720)]
    upright = [(x, 640, 0.5, 80) for x in (55, 185, 245, 305)]
    page = [
        (60, 705, "Item"), (190, 705, "2022"), (250, 705, "2023"), (190, 685, "167.2"), (250, 685, "181.3"),
        (60, 657, "Steel"), (190, 657, "3.1"), (250, 657, "2.9"), (60, 620, "Revised."),
        (60, 691, "Retail sales", 8), (60, 682, "of goods", 8),
    ]  # fmt: skip
    assert lines(pdf(page, rules=[*level, *upright])) == [
        "Item\t2022\t2023",
        "Retail sales of goods\t167.2\t181.3",
        "Steel\t3.1\t2.9",
        "Revised.",
    ]


def test_tables_beside_one_another_are_two():
    left, right = (
        [row[:3] for row in TABLE],
        [["Region", "2022", "2023"], ["North", "11.2", "12.6"], ["South", "21.9", "19.5"]],
    )
    page = [*rows(left, (20, 700), (0, 160, 240)), *rows(right, (360, 700), (0, 50, 110))]
    assert lines(pdf(page)) == ["\t".join(row) for row in [*left, *right]]


def test_the_lines_of_a_label_are_closer_than_rows():
    page = [
        *rows([["Textiles", "3.1", "2.9"], ["Metals", "5.5", "5.1"]], step=20),
        *[(60, 660, "Food products,"), (60, 648, "Beverages and"), *rows([["Tobacco", "9.7", "9.9"]], (60, 636))],
    ]
    assert lines(pdf(page)) == [
        "Textiles\t3.1\t2.9",
        "Metals\t5.5\t5.1",
        "Food products, Beverages and Tobacco\t9.7\t9.9",
    ]


def test_a_raised_number_is_a_footnote_or_a_power():
    page = [(60, 700, "Exports rose by 7.3 percent"), (239, 704, "2", 6), (250, 700, "to 3 km"), (297, 704, "2", 6)]
    assert lines(pdf(page)) == ["Exports rose by 7.3 percent to 3 km2"]


def test_a_raised_mark_may_be_large_and_may_be_a_letter():
    marked = rows(TABLE[:3])
    marked.insert(7, (60 + 300 + 60, 682 + 5.5, "12", 9))
    marked.insert(2, (60 + 220 + 60, 704, "a", 9))
    prose = [(60, 600, "1", 7), (68, 596, "Revised."), (60, 560, "Warmed by 20"), (140, 564, "th", 7)]
    assert lines(pdf([*marked, *prose])) == [*("\t".join(row) for row in TABLE[:3]), "Revised.", "Warmed by 20th"]


def test_a_word_that_a_hyphen_parts_is_whole_again():
    page = [(60, 780, "exports of all the regions that told their fig\u2010"), (60, 764, "ures rose by 7.3 percent")]
    assert lines(pdf(page)) == ["exports of all the regions that told their figures rose by 7.3 percent"]


def test_heads_and_numbers_of_pages_are_left_out():
    pages = [
        [(60, 820, "Bulletin of the bureau"), *filled(text), (300, 30, f"- {number} -")]
        for number, text in enumerate([FIRST, SECOND, "Imports fell by 2 percent."], 1)
    ]
    assert lines(pdf(*pages)) == [FIRST, SECOND, "Imports fell by 2 percent."]


def test_a_damaged_file_and_one_with_a_password_are_told():
    with pytest.raises(ReportError, match=r"report\.pdf: not a readable pdf file"):
        lines(b"%PDF-1.4 nothing")


PAGE = """<!doctype html><meta charset="utf-8"><style>{style}</style><body><h1>Labour market, March 2024</h1>
<p>Employment rose by 21,400 in March, and the unemployment rate was 3.9 percent of all who work or look for work.</p>
<table><tr><th>Industry<th colspan="2">Employment (thousand)<th colspan="2">Change over the year</tr>
<tr><th><th>Feb 2024<th>Mar 2024<th>thousand<th>%</tr>
<tr><td>All industries<td>4,120.3<td>4,141.7<td>61.2<td>1.5</tr>
<tr><td>Manufacturing<td>612.4<td>609.8<td>-8.1<td>-1.3</tr>
<tr><td>Health and social work in towns and in the country<td>588.1<td>592.0<td>21.3<td>3.7</tr></table>
<p>Average hourly earnings were 31.20 dollars, up 3.4 percent from March 2023.</p>"""
STYLES = {
    "grid": "table{border-collapse:collapse} td,th{border:1px solid;padding:3px 6px} td+td{text-align:right}",
    "plain": "table{width:100%} td,th{padding:2px 8px} td+td,th+th{text-align:right} th:first-child{text-align:left}",
    "three lines": "table{border-collapse:collapse;border-block:2px solid} th{border-bottom:1px solid} td,th{padding:4px 8px}",
    "narrow": "table{border-collapse:collapse;width:60%} td,th{border:1px solid;padding:3px} td:first-child{width:30%}",
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@needs_chromium[0]
@needs_chromium[1]
def test_a_page_that_a_browser_prints_says_what_the_page_says(tmp_path, style):
    (tmp_path / "2024-04-05.html").write_text(PAGE.format(style=style), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.set_content(PAGE.format(style=style))
        page.pdf(
            path=tmp_path / "2024-04-05.pdf",
            format="A4",
            margin=dict.fromkeys(["top", "bottom", "left", "right"], "2cm"),
        )
        browser.close()
    printed, page = (
        [(n.value, n.unit, n.direction, n.period) for n in numerals(read_document(tmp_path / f"2024-04-05.{ending}"))]
        for ending in ("pdf", "html")
    )
    assert printed == page and len(page) == 20


def test_a_box_around_a_list_of_names_dates_and_sums_leaves_its_rows_apart():
    names = [
        "Adams John",
        "Baker Mary",
        "Clark Ann",
        "Doyle Peter",
        "Evans Ruth",
        "Ford Max",
        "Grant Eve",
        "Hill Tom",
        "Ives Kay",
    ]
    table = [[name, "20-708", "09/10/2013", "cash", f"${n}0.50"] for n, name in enumerate(names, 1)]
    page = rows(table, columns=(0, 120, 210, 280, 360))
    box = [(50, 540, 460, 0.5), (50, 720, 460, 0.5), (50, 540, 0.5, 180), (510, 540, 0.5, 180)]
    assert lines(pdf(page, rules=box)) == ["\t".join(row) for row in table]


@pytest.mark.parametrize("text", ["Different offices were told", "初步核算全省总值"], ids=["english", "chinese"])
def test_what_is_drawn_twice_to_look_bold_is_read_once(text):
    page = [(60, 760 - 30 * n, text) for n in range(8)]
    again = [(x + 0.4, y, text) for x, y, text in page]
    assert lines(pdf([*page, *again])) == lines(pdf(page))


def test_a_line_that_is_drawn_again_in_part_goes_on():
    page = [(60, 760, "Exports ro"), (60, 760, "Exports rose by 7.3"), (126, 760, "se by 7.3 percent")]
    assert lines(pdf(page)) == ["Exports rose by 7.3 percent"]
