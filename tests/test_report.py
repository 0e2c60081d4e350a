"""Reading a report: encodings, formats, sidecars, sentences, and what is said of a file that is none."""

import hashlib
import io
import re
import textwrap
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from zjlib.formats import extract
from zjlib.paths import data_dir
from zjlib.report import Document, ReportError, doubtful_day, read_document
from zjlib.scan import numerals, scan

REPORT = data_dir() / "reports" / "2023-02-13.txt"
ENGLISH = "Growth of 5.2 percent was reached in 2023.\nExports rose to 3.5 trillion yuan.\n"
CHINESE = "2023年，全省生产总值增长5.2%。\n出口达到3.5万亿元。\n"


def write(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def zipped(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "<a/>")
    return data.getvalue()


def test_a_document_shows_itself_without_its_text() -> None:
    document = read_document(REPORT)
    assert repr(document).startswith("Document('2023-02-13'")
    assert document.sha256[:12] in repr(document) and len(repr(document)) < 200


def test_the_report_is_read_with_what_its_sidecar_says() -> None:
    document = read_document(REPORT)
    assert document.id == "2023-02-13"
    assert document.date == date(2023, 2, 13)
    assert document.language == "en"
    assert document.title == document.source["title"]
    assert document.sha256 == hashlib.sha256(REPORT.read_bytes()).hexdigest()
    assert document.text.encode() == REPORT.read_bytes()
    assert set(document.source) >= {"title", "date", "language", "origin", "rights", "sha256"}


def test_a_changed_byte_is_noticed_and_both_hashes_are_shown(tmp_path: Path) -> None:
    data = REPORT.read_bytes().replace(b"7", b"8", 1)
    file = write(tmp_path, REPORT.name, data)
    (tmp_path / "2023-02-13.toml").write_bytes(REPORT.with_suffix(".toml").read_bytes())
    with pytest.raises(ReportError) as error:
        read_document(file)
    assert hashlib.sha256(data).hexdigest() in str(error.value)
    assert hashlib.sha256(REPORT.read_bytes()).hexdigest() in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    for text in (CHINESE, ENGLISH * 3):
        assert read_document(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_newlines_of_a_text_file_are_untouched(tmp_path: Path) -> None:
    assert read_document(write(tmp_path, "a.txt", b"one 1\r\ntwo 2\r\n")).text == "one 1\r\ntwo 2\r\n"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "no text"),
        ("binary.txt", bytes(range(256)) * 20, "binary"),
        ("zeros.txt", b"\x00" * 5000, "binary"),
        ("broken.pdf", b"%PDF-1.4 nothing", "pdf"),
        ("broken.docx", b"PK not a zip", "docx"),
        ("named.docx", b"PK\x03\x04 not a zip", "not a readable docx file"),
        ("zip.txt", b"PK\x03\x04 not a zip", "not a readable docx file"),
        ("book.xlsx", zipped("xl/workbook.xml"), "a zip file that is no Word document.* save it as .docx or .txt"),
        ("text.docx", zipped("content.xml"), "a zip file that is no Word document"),
        (
            "old.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
            "an older Office file.* save it as .docx or .txt",
        ),
        ("a.rtf", rb"{\rtf1\ansi\ansicpg936 \'b3\'f6 5%.}", "RTF.* save it as .docx or .txt"),
        ("rtf.txt", b"\n" + rb"{\rtf1 GDP rose 5%.}", "RTF.* save it as .docx or .txt"),
        ("cut.txt", "两座水厂，供水7万吨".encode()[:-1], "UTF-8 but for byte"),
    ],
)
def test_each_unreadable_file_has_its_own_error_that_names_it(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(ReportError, match=message) as error:
        read_document(write(tmp_path, name, data))
    assert name in str(error.value)


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(ReportError, match="folder"):
        read_document(tmp_path)


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [('date = "yesterday"', "date"), ("language = 'fr'", "language"), ("title = [", "TOML"), ("title = 3", "title")],
)
def test_a_faulty_sidecar_is_an_error_that_names_it(tmp_path: Path, sidecar: str, message: str) -> None:
    file = write(tmp_path, "a.txt", ENGLISH.encode())
    (tmp_path / "a.toml").write_text(sidecar)
    with pytest.raises(ReportError, match=f"a.toml.*{message}"):
        read_document(file)


def test_a_language_without_rules_is_refused_when_a_report_is_read() -> None:
    for read in (lambda: read_document(REPORT, language="fr"), lambda: Document.from_text(ENGLISH, language="fr")):
        with pytest.raises(ReportError, match=r"(2023-02-13\.txt|text): language = 'fr', expected one of en, zh"):
            read()


@pytest.mark.parametrize("told", ["2023-02-13", datetime(2023, 2, 13, 9, 30), date(2023, 2, 13)])
def test_a_day_may_be_told_as_text_or_with_its_hour(told: date) -> None:
    for document in (read_document(REPORT, date=told), Document.from_text(ENGLISH, date=told)):
        assert type(document.date) is date and document.date == date(2023, 2, 13)


def test_what_is_no_day_is_refused() -> None:
    for told in ("Monday", 2023):
        with pytest.raises(ReportError, match=f"date = .*{told}.*expected a day, such as"):
            read_document(REPORT, date=told)


def test_a_sidecar_may_tell_the_hour(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", ENGLISH.encode())
    (tmp_path / "a.toml").write_text("date = 2023-05-13T09:00:00Z")
    assert read_document(file).date == date(2023, 5, 13)
    assert type(read_document(file).date) is date


@pytest.mark.parametrize("line", [" date {} [{}]", "{} [{}]", "日期 {}【{}】", "{1}", "date {} {}", "date {}\n{}"])
def test_a_title_is_told_without_the_day_and_brackets_that_it_stands_in(line: str) -> None:
    title = "In-depth study [of the spirit] of 2023"
    assert Document.from_text(line.format("2024-02-19", title) + "\n\nThe text.").title == title


def test_an_edition_without_a_sidecar_has_the_title_that_its_original_has(tmp_path: Path) -> None:
    edition = read_document(write(tmp_path, "2023-02-13-corrected.txt", REPORT.read_bytes()))
    assert edition.title == read_document(REPORT).title


@pytest.mark.parametrize(
    ("name", "head", "told"),
    [
        ("2024-01-05", "date 2023-02-13 [A title]", True),
        ("2023-02-13-corrected", "date 2023-02-13 [A title]", False),
        ("report", "date 2023-02-13 [A title]", False),
        ("2024-01-05", "A title", False),
        ("2024-01-05", "A title. " * 40 + "It began on 13 February 2023.", False),
    ],
)
def test_a_name_and_a_head_of_different_days_are_told_and_the_name_goes_first(
    tmp_path: Path, name: str, head: str, told: bool
) -> None:
    file = write(tmp_path, f"{name}.txt", f"{head}\n\n{ENGLISH}".encode())
    document = read_document(file)
    assert (doubtful_day(document) is not None) == told
    if told:
        assert document.date == date(2024, 1, 5)
        assert re.match(rf"{file}: .*2024-01-05.*2023-02-13.*2024-01-05.toml", doubtful_day(document))
    for settled in ("date = 2024-01-05", "date = 2023-02-13"):
        file.with_suffix(".toml").write_text(settled)
        assert doubtful_day(read_document(file)) is None
    assert doubtful_day(read_document(file, date=date(2023, 2, 13))) is None


def test_arguments_go_before_what_a_text_says(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "2020-01-01.txt", ENGLISH.encode()), date=date(2024, 5, 6), language="zh")
    assert (document.date, document.language) == (date(2024, 5, 6), "zh")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("2021-03-05.txt", ENGLISH, date(2021, 3, 5)),
        ("a.txt", "时间：2026-02-03\n" + CHINESE, date(2026, 2, 3)),
        ("a.txt", "——2026年1月25日在会议上\n" + CHINESE, date(2026, 1, 25)),
        ("a.txt", "Published on March 5, 2024\n" + ENGLISH, date(2024, 3, 5)),
        ("a.txt", "5 March 2024\n" + ENGLISH, date(2024, 3, 5)),
        ("a.txt", "2024-13-45\n" + ENGLISH, None),
    ],
)
def test_the_date_is_found_in_the_name_or_the_head(tmp_path: Path, name: str, text: str, expected: date | None) -> None:
    assert read_document(write(tmp_path, name, text.encode())).date == expected


def test_the_language_is_told_from_the_characters() -> None:
    assert Document.from_text(CHINESE).language == "zh"
    assert Document.from_text(ENGLISH).language == "en"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ENGLISH.encode())))
    document = read_document("-")
    assert (document.text, document.id, document.path) == (ENGLISH, "stdin", None)


def test_a_saved_page_gives_its_article_without_menus_and_scripts(tmp_path: Path) -> None:
    body = "".join(
        f"<p>In 2023 the output of sector {i} rose by {i}.5 percent to {i}00 million yuan, the bureau said.</p>"
        for i in range(2, 9)
    )
    page = (
        "<html><head><title>Report</title><script>var x = 99;</script></head><body><nav><a>Home</a><a>Print 12345</a></nav>"
        f"<article><h1>Statistical report</h1>{body}</article><footer>Copyright 1999</footer></body></html>"
    )
    text = read_document(write(tmp_path, "a.html", page.encode())).text
    assert "rose by 2.5 percent to 200 million yuan" in text
    for furniture in ("var x", "12345", "Copyright"):
        assert furniture not in text


def test_a_word_document_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_paragraph("Exports rose 5 percent.")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Cement", "40 million tonnes"
    made.add_paragraph("Imports fell 2 percent.")
    made.save(str(tmp_path / "a.docx"))
    assert (
        read_document(tmp_path / "a.docx").text
        == "Exports rose 5 percent.\nCement\t40 million tonnes\nImports fell 2 percent."
    )


@pytest.mark.parametrize("width", [60, 72, 100])
def test_a_text_filled_to_a_margin_is_read_by_its_paragraphs(width: int) -> None:
    lines = [" ".join(line.split()) for line in read_document(REPORT).text.splitlines() if line.strip()]
    whole = Document.from_text("\n\n".join(lines), date=date(2023, 2, 13))
    filled = "\n\n".join(textwrap.fill(p, width, break_on_hyphens=False) for p in lines)
    cut = Document.from_text(filled, date=date(2023, 2, 13))
    assert cut.text == filled and len(cut.paragraphs) == len(lines)
    told = ["value", "unit", "qualifier", "direction", "period", "paragraph"]
    assert scan(cut)[told].equals(scan(whole)[told])
    assert len(Document.from_text(filled.replace("\n", "\r\n")).paragraphs) == len(lines)


def test_a_heading_and_a_new_paragraph_need_no_empty_line_beside_filled_text() -> None:
    first = (
        "The province had 4,810 firms in the trade at the end of the year, 310 more than a year before it, all told."
    )
    second = "Of these, 96 percent were private, and one in ten was younger than five years, the bureau said on Monday."
    text = "\n".join(["TRADE IN 2023", textwrap.fill(first, 50), textwrap.fill(second, 50)])
    assert [" ".join(text[a:b].split()) for a, b in Document.from_text(text).paragraphs] == [text[:13], first, second]


def test_an_address_that_could_not_be_broken_is_no_margin() -> None:
    lines = [
        "The province had 4,810 firms in the trade at the end of the",
        "year, 310 more than a year before, and of these 96 percent",
        "were private; the list is found on the pages of the bureau at",
        "https://example.org/a/long/address/that/goes/on/and/on/and/on/2023/list.html",
    ]
    assert len(Document.from_text("\n".join(lines)).paragraphs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Targets for 2023\nOutput: 5 percent\nJobs: one million\nPrices: 3 percent",
        "- roads and bridges of the north\n- schools and clinics of the south\n- ports and docks of the coast",
        "Exports rose 5 percent this year.\nImports fell 2 percent in all.\nPrices were up by a tenth.",
        "Region        Output    Growth\nNorth         412.6      5.1\nSouth         318.0      4.7",
        "Alpha of Hangzhou exported goods worth 412 million yuan\nBeta of Ningbo had exports of 318 million yuan in all\n"
        "Gamma of Wenzhou sold goods for 210 million yuan abroad",
    ],
)
def test_lines_that_end_of_themselves_are_paragraphs(text: str) -> None:
    assert len(Document.from_text(text).paragraphs) == len(text.splitlines())


@pytest.mark.parametrize("name", ["a.md", "a.markdown"])
def test_markdown_is_read_as_its_text(tmp_path: Path, name: str) -> None:
    text = "GDP grew **5.5 percent**, [4 percent](https://example.org/7)\nof it abroad.\n\n| Item | 2023 |\n|---|---|\n| Jobs | 12 |\n"
    read = read_document(write(tmp_path, name, text.encode())).text
    assert read == "GDP grew 5.5 percent, 4 percent of it abroad.\n\nItem\t2023\nJobs\t12\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("出口增長百分之五，達3萬億元，新增就業20萬人。", "big5"),
        ("China’s exports rose 5 percent. It’s a record.", "cp1252"),
    ],
)
def test_older_encodings_are_told_apart(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_document(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_a_footnote_mark_is_no_digit_and_a_fragment_is_a_page(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    page = "<p>45<sup>2</sup> projects on 30 km<sup>2</sup>, worth 9 million yuan<sup>1</sup>, for the 20<sup>th</sup> time.</p>"
    read = read_document(write(tmp_path, "a.html", page.encode())).text
    assert read == "45 projects on 30 km2, worth 9 million yuan, for the 20th time."


@pytest.mark.parametrize("name", ["a.html", "a.md", "a.txt", "b.txt"])
def test_a_table_is_read_by_its_rows_and_columns_in_every_format(tmp_path: Path, name: str) -> None:
    rows = [
        ("Item", "Value (billion yuan)", "Growth (%)"),
        ("Exports", "391.2", "5.4"),
        ("Imports", "141.7", "-2.3"),
    ]
    bars = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = {
        "a.html": f"<article><p>Trade in 2024</p><table>{cells}</table></article>",
        "a.md": bars.replace("\n", "\n|---|---|---|\n", 1),
        "a.txt": bars,
        "b.txt": "\n".join("{:12}{:24}{}".format(*row) for row in rows),
    }[name]
    lead = "" if name == "a.html" else "Trade in 2024\n\n"
    found = numerals(read_document(write(tmp_path, name, f"{lead}{table}\n".encode())))
    assert [(n.surface, n.value, n.unit, n.direction, n.period) for n in found if n.kind == "quantity"] == [
        ("391.2", 391200000000, "CNY", None, "2024"),
        ("5.4", Decimal("5.4"), "%", "up", "2024"),
        ("141.7", 141700000000, "CNY", None, "2024"),
        ("-2.3", Decimal("2.3"), "%", "down", "2024"),
    ]


def test_a_power_and_a_lowered_sign_stay_with_their_number(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    page = "<p>The plants saved 1.2×10<sup>6</sup> tonnes of CO<sub>2</sub> last year.</p>"
    read = read_document(write(tmp_path, "a.html", page.encode()))
    assert read.text == "The plants saved 1.2×10^6 tonnes of CO2 last year."
    assert not [n for n in numerals(read) if n.kind == "quantity"]


def test_a_label_that_ends_like_a_sentence_shifts_no_column(tmp_path: Path) -> None:
    table = "Year\t2022\t2023\nOther, etc.\t41.3\t43.9\n"
    found = numerals(read_document(write(tmp_path, "a.txt", table.encode())))
    assert [n.period for n in found if n.kind == "quantity"] == ["2022", "2023"]


def test_a_number_in_bold_stays_in_its_sentence(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    body = "<p>全省生产总值<b>8.26</b>万亿元，增长<span>6.0</span>%，新增就业<em>超过116</em>万人。</p>"
    page = f"<html><head><title>公报</title></head><body><article>{body}</article></body></html>"
    text = read_document(write(tmp_path, "a.html", page.encode())).text
    assert "全省生产总值8.26万亿元，增长6.0%，新增就业超过116万人。" in text


def test_sentences_lie_in_their_paragraphs_in_order_and_lose_nothing_but_space() -> None:
    document = read_document(REPORT)
    assert len(document.sentences) > len(document.paragraphs) > 30
    end = 0
    for sentence in document.sentences:
        paragraph = document.paragraphs[sentence.paragraph - 1]
        assert paragraph.start <= sentence.start < sentence.end <= paragraph.end
        assert not document.text[end : sentence.start].strip()
        end = sentence.end
    assert not document.text[end:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trade with the U.S. fell. It was No. 1 on Jan. 5, Mr. Li said. Next!", 3),
        ("It rose 3.5 percent to $2.1 billion. “Good,” he said. Then it fell.", 3),
        ("产值增长5.2%。“很好。”他说！\n还有一句", 4),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: int) -> None:
    assert len(Document.from_text(text).sentences) == expected


def test_markdown_leaves_out_footnotes_pictures_and_what_stands_above_the_text(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 'Sales in 2024'\ncover: 'https://example.org/20200514/343.png'\ndate: 2024-05-16\n---\n\n"
        "<style>\n\n.a { width: 74px }\n\n</style>\n\n"
        "Sales rose in 2024[3](#3) by 5 %[^2]. See [7 charts](y) ![20200514](z.png).\n\n[^2]: Excluding cars.\n"
    )
    lines = read_document(write(tmp_path, "a.md", text.encode())).text.splitlines()
    assert [line for line in lines if line] == [
        "Sales in 2024",
        "2024-05-16",
        "Sales rose in 2024 by 5 %. See 7 charts .",
        "Excluding cars.",
    ]


def test_markdown_keeps_what_stands_in_tags(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Report\n\n<div>Exports reached 5.2 trillion yuan.</div>\n\n"
        "<table><tr><td>Imports</td><td>3.1 trillion yuan</td></tr></table>\n\n"
        "Sales were <b>3.4</b> trillion yuan<sup>1</sup> & rising.\n",
        "utf-8",
    )
    text = read_document(tmp_path / "a.md").text
    assert "Exports reached 5.2 trillion yuan." in text and "| Imports | 3.1 trillion yuan |" in text
    assert "Sales were 3.4 trillion yuan & rising." in text


def test_a_cell_over_several_columns_of_a_word_table_is_read_once(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "1,200 km"
    footnoted = document.add_paragraph("The region had 12,000")
    footnoted.add_run("2").font.superscript = True
    footnoted.add_run(" firms on 40 km")
    footnoted.add_run("2").font.superscript = True
    document.save(tmp_path / "a.docx")
    assert read_document(tmp_path / "a.docx").text == "1,200 km\t\t\nThe region had 12,000 firms on 40 km2"


def test_cells_of_a_page_that_span_rows_and_columns_keep_the_others_in_place(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<table><caption>Trade (billion yuan)</caption><tr><th rowspan="2">Item</th><th colspan="2">April 2024</th></tr>'
        "<tr><th>Total</th><th>Growth (%)</th></tr><tr><td>Exports</td><td>102.4</td><td>12.6</td></tr>"
        '<tr><td rowspan="2">Imports</td><td rowspan="2">7.5</td><td>1.1</td></tr><tr><td>1.2</td></tr></table>',
        "utf-8",
    )
    assert read_document(tmp_path / "a.html").text.splitlines() == [
        "Trade (billion yuan)",
        "| Item | April 2024 | April 2024 |",
        "| Item | Total | Growth (%) |",
        "| Exports | 102.4 | 12.6 |",
        "| Imports | 7.5 | 1.1 |",
        "| Imports | | 1.2 |",
    ]


def test_what_a_page_hides_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p>Three km.</p><div style="display: none">5 million unread</div><p hidden>777 dollars</p><noscript>2 things</noscript>'
        "<nav>9 links</nav><select><option>12 months</option></select><button>30 days</button> after it",
        "utf-8",
    )
    assert read_document(tmp_path / "a.html").text.split() == ["Three", "km.", "after", "it"]


def test_a_table_of_digits_is_chinese_where_its_words_are() -> None:
    assert Document.from_text("年份\t收入\n2022\t340.5\n2023\t360.1\n").language == "zh"


def test_chinese_whose_first_bytes_look_like_another_encoding_is_read(tmp_path: Path) -> None:
    text = "模魔模型厂去年产值增长5%。"  # its first three characters are UTF-8 of other letters
    (tmp_path / "a.txt").write_bytes(text.encode("gb18030"))
    assert read_document(tmp_path / "a.txt").text == text


def test_a_short_page_keeps_its_headline(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><body><h1>Exports climb 4.9%</h1><p>Orders from Asia rose.</p></body></html>", "utf-8"
    )
    assert read_document(tmp_path / "a.html").text.splitlines()[0] == "Exports climb 4.9%"


def word(body: str) -> bytes:
    """A Word document whose body is this XML, `w:` being its namespace."""
    import docx
    from docx.oxml.parser import parse_xml

    made, data = docx.Document(), io.BytesIO()
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    made.element.body[:0] = [*parse_xml(f'<w:body xmlns:w="{namespace}">{body}</w:body>')]
    made.save(data)
    return data.getvalue()


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


@pytest.mark.parametrize(
    "body",
    [
        paragraph(f"<w:ins>{run('12 t')}</w:ins>"),
        paragraph(f"<w:moveTo>{run('12 t')}</w:moveTo>"),
        paragraph(f"<w:fldSimple>{run('12 t')}</w:fldSimple>"),
        paragraph(f"<w:smartTag>{run('12 t')}</w:smartTag>"),
        paragraph(f"<w:sdt><w:sdtContent>{run('12 t')}</w:sdtContent></w:sdt>"),
        f"<w:sdt><w:sdtContent>{paragraph(run('12 t'))}</w:sdtContent></w:sdt>",
        f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{paragraph(run('12 t'))}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
        paragraph(run("12 t", "<w:vanish w:val='0'/>")),
    ],
)
def test_what_word_wraps_in_changes_fields_and_controls_is_read(tmp_path: Path, body: str) -> None:
    assert "12 t" in read_document(write(tmp_path, "a.docx", word(body))).text


def test_what_word_hides_or_has_deleted_is_not_read(tmp_path: Path) -> None:
    deleted = "<w:del><w:r><w:delText>11 t</w:delText></w:r></w:del>"
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph(run('13 t'))}</w:tc></w:tr>"
    contents = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    body = (
        paragraph(run("Output of "), deleted, f"<w:moveFrom>{run('12 t')}</w:moveFrom>", run("steel"))
        + f"<w:tbl>{row}</w:tbl>"
        + paragraph(run("14 t", "<w:vanish/>"))
        + f"<w:sdt>{contents}<w:sdtContent>{paragraph(run('Trade 15'))}</w:sdtContent></w:sdt>"
    )
    assert read_document(write(tmp_path, "a.docx", word(body))).text.split() == ["Output", "of", "steel"]


@pytest.mark.parametrize("name", ["-", "a.txt", "a"])
def test_a_word_document_is_told_from_its_bytes(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = word(paragraph(run("Steel 12 t")))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert read_document(name if name == "-" else write(tmp_path, name, data)).text == "Steel 12 t"


def test_a_box_of_text_is_read_once_after_the_paragraph_that_holds_it(tmp_path: Path) -> None:
    box = "<w:pict><w:txbxContent>{}</w:txbxContent></w:pict>"
    both = (  # as Word writes it, for itself and for older programs
        "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    boxes = (shape.replace("{}", paragraph(run(text))) for shape, text in ((both, "12 t"), (box, "13 t")))
    body = paragraph(*(f"<w:r>{each}</w:r>" for each in boxes), run("Steel")) + paragraph(run("Cement"))
    assert read_document(write(tmp_path, "a.docx", word(body))).text.split("\n") == ["Steel", "12 t", "13 t", "Cement"]


def test_a_table_within_a_cell_of_a_word_table_follows_its_row_and_one_in_a_frame_its_lines(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Imports", "1,331"
    frame = made.add_table(1, 1).cell(0, 0)
    frame.text = "Exports (million yuan)"
    for cell in (table.cell(0, 1), frame):
        within = cell.add_table(1, 2)
        within.cell(0, 0).text, within.cell(0, 1).text = "Steel", "45"
    frame.add_paragraph("Source: customs")
    made.save(str(tmp_path / "a.docx"))
    lines = [line for line in read_document(tmp_path / "a.docx").text.splitlines() if line.strip()]
    assert [line.rstrip() for line in lines] == [
        "Imports\t1,331", "Steel\t45", "Exports (million yuan)", "Steel\t45", "Source: customs",
    ]  # fmt: skip


@pytest.mark.parametrize("corner", ["", "Area"])
@pytest.mark.parametrize("name", ["a.docx", "a.html"])
def test_a_head_over_several_columns_gives_its_unit_to_each(tmp_path: Path, name: str, corner: str) -> None:
    import docx

    head = "Investment (100 million yuan)"
    if name == "a.docx":
        made = docx.Document()
        table = made.add_table(3, 3)
        for row, cells in zip(
            table.rows, (["", head, ""], ["", "2022", "2023"], ["Roads", "3,500", "4,100"]), strict=True
        ):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        table.cell(0, 0).merge(table.cell(1, 0)).text = corner
        table.cell(0, 1).merge(table.cell(0, 2)).text = head
        made.save(str(tmp_path / name))
    else:
        write(tmp_path, name, (
            f'<table><tr><td rowspan="2">{corner}</td><td colspan="2">{head}</td></tr><tr><td>2022</td><td>2023</td></tr>'
            "<tr><td>Roads</td><td>3,500</td><td>4,100</td></tr></table>"
        ).encode())  # fmt: skip
    told = [n for n in numerals(read_document(tmp_path / name)) if n.kind == "quantity"]
    assert [(n.value, n.unit, n.period) for n in told] == [
        (350_000_000_000, "CNY", "2022"), (410_000_000_000, "CNY", "2023"),
    ]  # fmt: skip


def test_an_amount_over_several_cells_is_read_once(tmp_path: Path) -> None:
    cells = "<tr><td rowspan='2'>{}</td><td>a</td></tr><tr><td>b</td></tr>"
    for text in ("Roads (100 projects)", "Bonds (1,350 tons)", "1,000 t"):
        page = f"<table>{cells.format(text)}</table>"
        assert read_document(write(tmp_path, "a.html", page.encode())).text.count(text) == 1


PAGE = (
    "<html><head>{}</head><body><h1>Trade of the province</h1>{}"
    "<article><p>By 31 December 2025 exports of the province had reached 5 trillion yuan, the bureau of statistics said.</p>"
    "<p>Imports of the province rose too, by 5 percent on the year before it, to 2 trillion yuan in all.</p></article></body></html>"
)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="PubDate" content="2026-01-20 09:30">', ""),
        ('<meta name="publishdate" content="2026年01月20日">', ""),
        ('<meta name="DC.Date" content="20 January 2026">', ""),
        (
            '<meta property="article:modified_time" content="2026-03-01">'
            '<meta property="article:published_time" content="2026-01-20T09:30+08:00">',
            "",
        ),
        ('<meta name="publisher" content="Zhejiang Daily"><meta itemprop="datePublished" content="2026-01-20">', ""),
        (
            "",
            '<script type="application/ld+json">{"dateModified": "2026-03-01", "datePublished": "2026-01-20"}</script>',
        ),
        ("", '<time datetime="2026-01-20T09:30">yesterday</time><time datetime="2026-02-01">soon</time>'),
        ("", '<div class="meta">2026-01-20 09:30　Source: Zhejiang Daily</div>'),
    ],
)
def test_a_page_tells_its_day_before_its_text_does(tmp_path: Path, head: str, body: str) -> None:
    assert read_document(write(tmp_path, "a.html", PAGE.format(head, body).encode())).date == date(2026, 1, 20)


@pytest.mark.parametrize(
    "head", ["", '<meta property="article:modified_time" content="2026-03-01">', '<meta name="date" content="soon">']
)
def test_a_page_that_tells_no_day_of_its_own_has_that_of_its_text(tmp_path: Path, head: str) -> None:
    page = PAGE.format(head, '<div class="hits">Read 12,345 times</div>')
    assert read_document(write(tmp_path, "a.html", page.encode())).date == date(2025, 12, 31)


@pytest.mark.parametrize(
    "body", ["", "<h1></h1>", "<h1>Trade</h1>", "<h1>Trade</h1><table><tr><td>a</td><td>b</td></tr></table>"]
)
def test_a_page_with_little_else_than_a_headline_is_read_without_a_day(tmp_path: Path, body: str) -> None:
    page = f"<html><body>{body}<footer>Last changed on 2026-03-01</footer></body></html>"
    assert extract(page.encode(), ".html", "a.html").dated.strip() == ""


def test_the_name_of_a_page_goes_before_the_day_that_it_tells(tmp_path: Path) -> None:
    page = PAGE.format('<meta name="pubdate" content="2026-01-20">', "")
    assert read_document(write(tmp_path, "2026-02-13.html", page.encode())).date == date(2026, 2, 13)


def test_the_words_below_a_picture_and_times_within_a_sentence_are_read(tmp_path: Path) -> None:
    body = (
        "<figure><img src='a.png' alt='x'><figcaption>Steel output was 12.5 million tonnes.</figcaption></figure>"
        "<p>Orders rose by <time datetime='2026-01-31'>31 January</time>, the bureau said.</p>"
    )
    text = read_document(write(tmp_path, "a.html", PAGE.format("", "").replace("<p>", body + "<p>", 1).encode())).text
    assert "Steel output was 12.5 million tonnes." in text.splitlines()
    assert "Orders rose by 31 January, the bureau said." in text


@pytest.mark.parametrize("name", ["a.html", "a.md"])
@pytest.mark.parametrize("mark", ["del", "s", "strike"])
def test_what_is_struck_out_is_not_read(tmp_path: Path, name: str, mark: str) -> None:
    line = f"Investment <{mark}>fell 9.9%</{mark}><ins>fell 2.5%</ins> in 2023."
    text = line if name == "a.md" else f"<p>{line}</p>"
    assert read_document(write(tmp_path, name, text.encode())).text.strip() == "Investment fell 2.5% in 2023."
