"""The same texts in the formats that people have, and what of their quantities is read from each: `python benchmarks/formats.py`.

Texts are rows of the gold that are tuned with. PDFs are what a browser prints, in pages of several looks; the text that pypdf gives is read
beside them by the same scanner. Needs Chromium, and the extra `test`.
"""

import argparse
import html
import io
import random
import re
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import accuracy
from docx import Document as Word
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from zjlib.formats import extract
from zjlib.report import Document
from zjlib.scan import numerals

Read = Counter[tuple[object, ...]]
LOOKS = ("font-size: 9pt", "font-size: 12pt; line-height: 1.8; text-align: justify", "columns: 2; line-height: 1.5")
INDENTS = ("margin: 8px 0", "margin: 0; text-indent: 2em")
TABLES = (
    "table { border-collapse: collapse } td, th { border: 1px solid; padding: 3px 6px }",
    "table { width: 100% } td, th { padding: 2px 8px } td + td, th + th { text-align: right }",
)


def quantities(text: str, like: Document) -> Read:
    """What the scanner takes from a text of the date and the language of another."""
    document = Document.from_text(text, id=like.id, date=like.date, language=like.language)
    return Counter(
        (n.value and n.value.normalize(), n.value_max, n.unit, n.direction, n.period)
        for n in numerals(document)
        if n.kind == "quantity"
    )


def saved(paragraphs: list[str], chinese: bool) -> Iterator[tuple[str, bytes, str]]:
    """The bytes of a text in every format but PDF, by name and ending."""
    text = "\n\n".join(paragraphs)
    word, data = Word(), io.BytesIO()
    for paragraph in paragraphs:
        word.add_paragraph(paragraph)
    word.save(data)
    yield "Word", data.getvalue(), ".docx"
    yield "Markdown", re.sub(r"([\\`*_{}\[\]()#+.!|<>~-])", r"\\\1", text).encode(), ".md"
    filler = "This is the end of the text that was told here. " * 8
    yield (
        "a page",
        f"<html><body><article>{marked(paragraphs)}<p>{filler}</p></article></body></html>".encode(),
        ".html",
    )
    yield "another encoding", text.encode("gb18030" if chinese else "utf-16"), ".txt"


def marked(paragraphs: list[str]) -> str:
    """Paragraphs as HTML."""
    return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)


def printed(page: Page, body: str, style: str) -> bytes:
    """A page as a browser prints it."""
    page.set_content(f'<!doctype html><meta charset="utf-8"><style>{style}</style><body>{body}')
    return page.pdf(format="A4", margin=dict.fromkeys(["top", "bottom", "left", "right"], "2cm"))


def table(number: int) -> tuple[str, str]:
    """A table of made-up figures, as HTML and as the lines that it says."""
    rng = random.Random(number)
    rows = [["Sector", "2022", "2023", "Change (%)"]]
    for name in ("Farming and fishing", "Construction", "Transport, storage and post", "Finance and insurance"):
        rows.append(
            [f"{name} (billion yuan)", *(f"{rng.uniform(10, 900):.1f}" for _ in "ab"), f"{rng.uniform(-5, 9):.1f}"]
        )
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{cells}</table>", "\n".join("\t".join(row) for row in rows)


MEASURES = {
    "Measure": (
        "Reform of the pension system",
        "Port railway, with two bridges",
        "School meals",
        "Digital health record",
    ),
    "Body": (
        "Ministry of Labour",
        "State Railways",
        "Municipalities",
        "Ministry of Health, Agency for Digital Services",
    ),
    "Stage": ("A draft is before parliament, to be read twice", "Under construction", "Planned", "In operation"),
    "重点任务": ("推进养老保险制度改革", "加快港口铁路建设", "改善学校供餐", "推广电子健康档案"),
    "责任单位": ("市人力资源和社会保障局", "市交通运输局", "各县区人民政府", "市卫生健康委员会"),
    "工作要求": ("加强基金监管，按时足额发放，稳步提高待遇水平", "年内开工", "由财政给予补助", "覆盖二级以上医院"),
}


def words(number: int) -> tuple[str, list[str]]:
    """A table of words in any order, three columns in one language, as HTML and as the lines that it says."""
    rng = random.Random(number)
    columns = [*MEASURES.items()][number % 2 * 3 :][:3]
    rows = [[head for head, _ in columns], *zip(*(rng.sample(texts, 4) for _, texts in columns), strict=True)]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    width = rng.choice(("", "td { width: 9em; vertical-align: top }", "td { width: 9em }"))
    return f"<style>{width}</style><table>{cells}</table>", ["\t".join(row) for row in rows]


def main() -> None:
    """Print how many of the quantities of each text are read from each format."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=200, help="texts of each language")
    asked = options.parse_args()
    total: Counter[str] = Counter()
    same: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    rows_of_words = rows_read = 0

    def count(name: str, text: str, like: Document, expected: Read) -> None:
        total[name] += expected.total()
        same[name] += (expected & quantities(text, like)).total()

    def read_pdf(name: str, data: bytes, like: Document, expected: Read) -> None:
        for reader, read in (("", zjlib_text), (", pypdf's text", pypdf_text)):
            start = time.process_time()
            text = read(data)
            seconds[reader or ", this project's"] += time.process_time() - start
            count(f"{name}{reader}", text, like, expected)

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        rng = random.Random(7)
        for name in ("english", "chinese"):
            cases = [
                c for c in accuracy.cases(name) if c.split == "tune" and not re.search(r"\t|\||  ", c.document.text)
            ]
            for case in rng.sample(cases, asked.texts):
                paragraphs = [case.document.text[a:b] for a, b in case.document.paragraphs]
                expected = quantities("\n\n".join(paragraphs), case.document)
                for format_, data, ending in saved(paragraphs, name == "chinese"):
                    file = Path(folder, f"text{ending}")
                    file.write_bytes(data)
                    count(format_, extract(file.read_bytes(), ending, file.name).text, case.document, expected)
                style = f"body {{ {rng.choice(LOOKS)} }} p {{ {rng.choice(INDENTS)} }}"
                read_pdf("PDF, prose", printed(page, marked(paragraphs), style), case.document, expected)
        like = Document.from_text("x", id="table", language="en")
        for number in range(20):
            body, lines = table(number)
            data = printed(page, body, TABLES[number % len(TABLES)])
            read_pdf("PDF, tables", data, like, quantities(lines, like))
        for number in range(40):
            body, rows = words(number)
            found = zjlib_text(printed(page, body, TABLES[number // 2 % len(TABLES)])).splitlines()
            rows_of_words += len(rows)
            rows_read += sum(row in found for row in rows)
        browser.close()
    print("| format | quantities | read the same |\n|---|---|---|")
    for format_ in total:
        print(f"| {format_} | {total[format_]} | {same[format_]} |")
    print(f"\nOf {rows_of_words} rows of tables of words, {rows_read} come out of a PDF as the page has them.")
    ours, theirs = seconds[", this project's"], seconds[", pypdf's text"]
    print(f"Reading the PDFs took {ours:.1f} CPU seconds, {ours / theirs:.2f} of what pypdf took.")


def zjlib_text(data: bytes) -> str:
    """The text of a PDF as this project reads it."""
    return extract(data, ".pdf", "text.pdf").text


def pypdf_text(data: bytes) -> str:
    """The text of a PDF as pypdf gives it."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


if __name__ == "__main__":
    main()
