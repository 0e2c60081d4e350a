import re
from html.parser import HTMLParser

from zjlib.annotate import KINDS, Annotated
from zjlib.paths import data_dir
from zjlib.tables import read_report
from zjlib.tell import Story

REPORT = data_dir() / "reports" / "2023-02-13.txt"


class Reader(HTMLParser):
    """What a browser would show, and the marks with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.text, self.marks, self.tags, self._in_style = [], [], set(), False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._in_style = tag == "style"
        if tag == "mark" and "tabindex" in dict(attrs):
            self.marks.append(dict(attrs))

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.text.append(data)


def test_every_numeral_is_marked_and_no_letter_of_the_report_is_lost():
    report = read_report(REPORT)
    page = Reader(Annotated(report)._repr_html_())
    assert len(page.marks) == len(report.numerals)
    shown = re.sub(r"\s", "", "".join(page.text))
    for start, end in report.paragraphs:
        assert re.sub(r"\s", "", report.text[start:end]) in shown


def test_each_figure_has_one_anchor_and_its_facts_on_hover():
    report = read_report(REPORT)
    marks = Reader(Annotated(report, uses={"first_batch.projects": ["first_batch"]})._repr_html_()).marks
    anchors = [mark["id"] for mark in marks if "id" in mark]
    assert len(anchors) == len(set(anchors))
    stated = set(report.figures.loc[report.figures["formula"].isna(), "id"])
    assert stated <= set(anchors)
    [mark] = [mark for mark in marks if mark.get("id") == "first_batch.projects"]
    assert "unit: count" in mark["title"]
    assert "charts: first_batch" in mark["title"]


def test_counts_are_of_all_numerals():
    report = read_report(REPORT)
    counts = Annotated(report).counts()
    assert set(counts) == set(KINDS)
    assert sum(counts.values()) == len(report.numerals)


def test_html_in_a_report_is_shown_as_text(tmp_path):
    evil = 'GDP reached <script>alert(1)</script> 5 billion yuan in 2022 <img src=x onerror="alert(2)"> & more than <b>10</b> projects.'
    (tmp_path / "evil.txt").write_text(evil, encoding="utf-8")
    page = Reader(Annotated(read_report(tmp_path / "evil.txt"))._repr_html_())
    assert not page.tags & {"script", "img", "b"}
    assert re.sub(r"\s", "", evil) in re.sub(r"\s", "", "".join(page.text))


def test_one_sentence_reconciles_numerals_quantities_and_figures():
    report = read_report(REPORT)
    counts, figures = Annotated(report).counts(), report.figures
    stated = int(figures["formula"].isna().sum())
    for language in ("en", "zh"):
        story = Story(report, language=language)
        said = [int(number) for number in re.findall(r"\d+", str(story.counts()))]
        assert {len(report.numerals), len(report.quantities), counts["figure"], stated, len(figures)} <= set(said)
        provenance = str(story.provenance()).split("…; ")[-1].split("…；")[-1]
        assert [int(number) for number in re.findall(r"\d+", provenance)] == [
            len(report.numerals),
            stated,
            len(figures) - stated,
        ]
