"""Executed notebooks → a static site: works from the disk, with no network, and without JavaScript shows the tables."""

# nbconvert and nbformat have no types
# mypy: disable-error-code="no-untyped-call,import-untyped,no-any-return"

import csv
import hashlib
import io
import json
import re
import shutil
import tomllib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from zjlib.compare import besides, side
from zjlib.drawing.thumbnail import thumbnail
from zjlib.drawing.words import SYMBOLS, Wording
from zjlib.formulas import in_full, signed
from zjlib.paths import data_dir

TEMPLATES = Path(__file__).parent / "templates"
PLOTLY = "application/vnd.plotly.v1+json"
_words = re.compile(r"[\w-]+").findall
_TABLE_TAGS = set(_words("table caption thead tbody tfoot tr th td a abbr b strong em i br span sup sub"))
_TAGS = _TABLE_TAGS | set(
    _words("p div mark ul ol li dl dt dd h2 h3 h4 small figure figcaption code details summary section")
)
_ATTRIBUTES = _words("id class href title lang colspan rowspan scope tabindex role aria-label datetime rel")


@dataclass(frozen=True)
class Site:
    """What every page says of where it comes from: the run's record, and the names of all pages in order."""

    run: Mapping[str, Any]
    names: list[str]

    @property
    def report(self) -> Mapping[str, Any]:
        """Id, title, date, file and sha256 of the report."""
        report: Mapping[str, Any] = self.run["report"]
        return report

    @property
    def language(self) -> str:
        """The language of the pages, as the notebooks were asked to speak."""
        return str(self._asked.get("language", "en"))

    @property
    def rate(self) -> str:
        """At what rate, of which day, the notebooks were asked to tell yuan in dollars; empty where they were not."""
        money = {name: self._asked[name] for name in ("currency", "rate", "rate_date") if name in self._asked}
        return Wording(self.language, **money).conversion

    @property
    def _asked(self) -> dict[str, Any]:
        return {name: value for given in self.run.get("parameters", {}).values() for name, value in given.items()}

    def say(self, text: str) -> str:
        """The page's own words in its language."""
        return _chinese().get(text, text) if self.language == "zh" else text

    def amount(self, change: Mapping[str, Any], which: str) -> str:
        """The `old` or the `new` value of a figure that changed, in words."""
        return Wording(self.language).say(side(change, which))

    def moved(self, change: Mapping[str, Any]) -> str:
        """By how much a figure changed, in words."""
        return Wording(self.language).moved(change)

    @property
    def audit(self) -> str | None:
        """The page with the annotated report, if there is one."""
        return next((name for name in self.names if name.endswith("audit")), None)


@dataclass(frozen=True)
class Page:
    """A notebook's page, and what the index shows of it. `pictures` and `charts` have each chart's small
    picture and its hash, by its name; `findings` are the points of its first numbered list."""

    name: str
    html: str
    title: str
    lede: str
    pictures: Mapping[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    charts: Mapping[str, str] = field(default_factory=dict)


@cache
def _chinese() -> dict[str, str]:
    return tomllib.loads((TEMPLATES / "zh.toml").read_text("utf-8"))


def load_libraries() -> None:
    """Import what `page` needs, at a moment when there is time for it."""
    import zjlib.charts  # noqa: F401

    _exporter()
    _environment()


def page(name: str, notebook: bytes, site: Site) -> Page:
    """The page of one executed notebook."""
    import nbformat

    node = nbformat.reads(notebook.decode("utf-8"), as_version=4)
    title, lede = heading(node)
    charts = [
        output["data"] for cell in node.cells for output in cell.get("outputs", []) if PLOTLY in output.get("data", {})
    ]
    named = {_name(data, i): data for i, data in enumerate(charts)}
    body, _ = _exporter().from_notebook_node(node, resources={"site": site, "blocks": list(_blocks(node.cells))})
    html = (
        _environment()
        .get_template("page.html.j2")
        .render(site=site, name=name, title=title, body=body, charts=bool(charts))
    )
    hashes = {key: _hash(data) for key, data in named.items()}
    pictures = {key: picture for key, data in named.items() if (picture := thumbnail(data[PLOTLY]))}
    return Page(name, html, title or label(name), lede, pictures, findings(node), hashes)


def _hash(data: Mapping[str, Any]) -> str:
    """The hash of a chart: of what it draws and says, not of the source's title."""
    from zjlib.charts import without_words

    figure = without_words(data[PLOTLY]) if "height" in (data[PLOTLY]["layout"].get("meta") or {}) else data[PLOTLY]
    meta = {key: value for key, value in (figure["layout"].get("meta") or {}).items() if key != "source"}
    drawn = [figure["data"], figure["layout"] | {"meta": meta}, data.get("text/csv")]
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()


def write(work: Path, site: Site, pages: Iterable[Page], changes: Mapping[str, Any]) -> None:
    """Write the whole site to `work/site`, from what lies in `work`."""
    folder, pages = work / "site", list(pages)
    folder.mkdir()
    templates = _environment()
    for item in pages:
        (folder / f"{item.name}.html").write_text(item.html, "utf-8")
    audit = next((item.html for item in pages if item.name == site.audit), "")
    marks = re.findall(r'<mark [^>]*\bid="([^"]+)"', audit)
    pictures = _different_pictures(pages)
    shared = {"site": site, "pages": pages, "pictures": pictures, "changes": changes, "marks": marks}
    figures = [signed(figure) for figure in json.loads((work / "figures.json").read_text("utf-8"))]
    for file in ("index.html", "data.html"):
        html = templates.get_template(f"{file}.j2").render(
            **shared, codebook=codebook(), figures=figures, name=file.removesuffix(".html")
        )
        (folder / file).write_text(html, "utf-8")
    for file in ("figures.csv", "figures.json", "figures.parquet"):
        shutil.copyfile(work / file, folder / file)
    _write_shared(folder, audit={"page": site.audit and f"{site.audit}.html", "marks": marks})
    import plotly

    shutil.copyfile(Path(plotly.__file__).parent / "package_data" / "plotly.min.js", folder / "plotly.min.js")


def write_comparison(folder: Path, rows: list[dict[str, Any]], columns: list[str]) -> None:
    """Write the index over many reports: a row each, with its `cells` of the indicators that any of them states."""
    html = _environment().get_template("comparison.html.j2").render(rows=rows, columns=columns)
    (folder / "index.html").write_text(html, "utf-8")
    _write_shared(folder)


def as_stated(cell: Mapping[str, Any]) -> str:
    """An indicator's value with its bound and both ends of a range: '≥ 5', '4.5 – 5'; a decline of more than 5 is '< -5'."""
    qualifier, value, most = cell["qualifier"], cell["value"], cell["value_max"]
    if value < 0:
        qualifier = _BELOW_ZERO.get(qualifier, qualifier)
    ends = [value] if most is None or most != most else [value, most]
    return SYMBOLS.get(qualifier, "") + " – ".join(map(in_full, ends))


_BELOW_ZERO = {"more_than": "less_than", "less_than": "more_than", "at_least": "at_most", "at_most": "at_least"}


def _write_shared(folder: Path, **constants: Any) -> None:
    from zjlib.drawing.look import LABELS, dark_colours

    style = (TEMPLATES / "site.css").read_text("utf-8") + _pygments_css()
    (folder / "site.css").write_text(style, "utf-8")
    constants |= {"darkColours": dark_colours()}
    given = "".join(f"const {name} = {json.dumps(value, sort_keys=True)};\n" for name, value in constants.items())
    script = "".join(file.read_text("utf-8") for file in (LABELS, TEMPLATES / "site.js"))
    (folder / "site.js").write_text(given + script, "utf-8")


def _blocks(cells: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """A notebook's content in a reader's order: prose and outputs, and the code so far under each chart or table."""
    code: list[str] = []
    for cell in cells:
        outputs = cell.get("outputs", [])
        if cell.cell_type == "markdown":
            yield "prose", cell.source
            continue
        if cell.cell_type == "code" and cell.source.strip():
            code.append(cell.source)
        if outputs:
            yield "outputs", outputs
        if any(output.get("data") and "text/markdown" not in output["data"] for output in outputs):
            yield "code", "\n\n".join(code)
            code = []
    if code:
        yield "code", "\n\n".join(code)


def heading(notebook: Mapping[str, Any]) -> tuple[str, str]:
    """The finding and the line under it: the first heading and the paragraph that its own text goes on with, as plain text."""
    for text in _texts(notebook):
        if found := re.search(r"^# +(.+)(?:\s*\n((?!#).+(?:\n.+)*))?", text, re.M):
            return _without_marks(found[1]), _without_marks(found[2] or "")
    return "", ""


def findings(notebook: Mapping[str, Any]) -> list[str]:
    """The points of the first numbered list, as plain text."""
    for text in _texts(notebook):
        if points := re.findall(r"^\d+[.)] +(.+(?:\n {2,}\S.*)*)", text, re.M):
            return [_without_marks(point) for point in points]
    return []


def _texts(notebook: Mapping[str, Any]) -> Iterator[str]:
    """The notebook's prose: of its markdown cells, and what its code cells say."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield cell["source"]
        for output in cell.get("outputs", []):
            if text := output.get("data", {}).get("text/markdown"):
                yield text


def label(name: str) -> str:
    """A notebook's name for people: '03_business_environment' is 'Business environment'."""
    return re.sub(r"^\d+_", "", name).replace("_", " ").capitalize()


def _different_pictures(pages: Iterable[Page]) -> dict[str, str]:
    """A picture for each page, not twice the same where a page has another one."""
    chosen: dict[str, str] = {}
    for page in pages:
        fresh = [picture for picture in page.pictures.values() if picture not in chosen.values()]
        chosen[page.name] = next(iter(fresh or page.pictures.values()), "")
    return chosen


@cache
def codebook() -> list[dict[str, str]]:
    """The columns of figures.csv and what they mean, from the table in data/README.md."""
    file = data_dir() / "README.md"
    section = re.search(r"## A figure\n(.*?)(?:\n## |\Z)", file.read_text("utf-8") if file.is_file() else "", re.S)
    rows = re.findall(r"^\| (`.*?) \| (.*?) \| (.*?) \|$", section.group(1) if section else "", re.M)
    return [{"column": _without_marks(a), "type": _without_marks(b), "meaning": _without_marks(c)} for a, b, c in rows]


def chart(data: Mapping[str, Any], resources: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs to show a chart: the words in HTML, the drawing as JSON, the data as a table and as CSV."""
    from zjlib.charts import without_words

    figure = data[PLOTLY]
    layout = figure.get("layout", {})
    meta = layout.get("meta") or {}
    written = layout.get("title")
    title = meta.get("title") or (written.get("text") if isinstance(written, dict) else written) or ""
    if "height" in meta:  # one of ours; another chart keeps its own layout, but for the title
        layout = without_words(figure)["layout"]
    drawn = {key: value for key, value in layout.items() if key not in ("title", "width")}
    drawn["meta"] = {"marks": meta.get("marks")}  # the words stand in the page
    text = "".join(data.get("text/csv", ""))
    name = re.sub(r"[^\w-]+", "-", str(meta.get("name") or title))[:60].strip("-") or "chart"
    site: Site = resources["site"]
    table = table_of(data, text)
    points = [point for trace in figure.get("data", []) for point in trace.get("customdata") or ()]
    of_report = any(isinstance(point, list) and len(point) > 1 and isinstance(point[1], int) for point in points)
    if of_report and site.audit:  # a cited figure's row ends with paragraph and sentence
        table = re.sub(
            r"<td>(\d+)</td>(?=<td>[^<]*</td></tr>)", rf'<td><a href="{site.audit}.html#p\1">\1</a></td>', table
        )
    return {
        "name": name,
        "title": title,
        **{key: meta.get(key) or "" for key in ("subtitle", "source", "note")},
        "alt": meta.get("alt") or title,
        "json": _script({"data": figure.get("data", []), "layout": drawn}),
        "height": drawn.get("height") or 420,
        "table": table,
        # With a byte order mark, so that a spreadsheet reads the Chinese names right.
        "csv": "data:text/csv;charset=utf-8;base64," + b64encode(b"\xef\xbb\xbf" + text.encode()).decode()
        if text
        else "",
    }


def cited(source: str, site: Site) -> str:
    """A source line in HTML; each paragraph of the report in it is a link into the annotated report."""
    if not site.audit:
        return escape(source)
    said = Wording(site.language).phrases
    numbers = rf"\d+(?:{said['comma']}\d+)*"
    told = "|".join(said[form].replace("{}", numbers) for form in ("paragraphs", "one_paragraph"))
    link = rf'<a href="{site.audit}.html#p\g<0>">\g<0></a>'
    return re.sub(rf"\b(?:{told})(?=$|{said['semicolon']})", lambda each: re.sub(r"\d+", link, each[0]), escape(source))


def table_of(data: Mapping[str, Any], text: str) -> str:
    """The chart's facts as an HTML table: the one that its static form has, else its CSV."""
    found = re.search(r"<table.*?</table>", "".join(data.get("text/html", "")), re.S)
    if found:
        return clean(found.group(), _TABLE_TAGS)
    rows = list(csv.reader(io.StringIO(text)))
    return str(_environment().from_string(_CSV_TABLE).render(rows=rows)) if rows else ""


_CSV_TABLE = (
    "<table><thead><tr>{% for x in rows[0] %}<th scope=col>{{ x }}</th>{% endfor %}</tr></thead><tbody>"
    "{% for row in rows[1:] %}<tr>{% for x in row %}<td>{{ x }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>"
)


def clean(html: str, tags: Iterable[str] = frozenset(_TAGS)) -> str:
    """HTML with the tags and attributes that show text, and nothing that acts or loads."""
    import bleach

    style = re.match(r"\s*<style[^>]*>([^<]*)</style>", html)
    rest = re.sub(r"<style.*?</style>|<script.*?</script>", "", html[style.end() :] if style else html, flags=re.S)
    css = f"<style>{style.group(1)}</style>" if style and not re.search(r"(?i)@import|url\(", style.group(1)) else ""
    return css + bleach.clean(
        rest, tags=set(tags), attributes=_ATTRIBUTES, protocols={"http", "https", "mailto"}, strip=True
    )


def prose(text: str) -> str:
    """Markdown → HTML, with HTML in it shown as text: a report's words can't act in the page."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    html = str(MarkdownWithMath(renderer=renderer)("".join(text)))
    return re.sub(r'href="([\w-]+)\.ipynb', r'href="\1.html', html)  # a link to a notebook leads to its page


@cache
def _exporter() -> Any:
    # Not HTMLExporter: that one reads the whole page once more with BeautifulSoup, and brings 260 KB of style.
    from nbconvert.exporters.templateexporter import TemplateExporter

    exporter = TemplateExporter(
        template_name="notebook",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        default_preprocessors=[],
    )
    for name, function in {
        "chart": chart,
        "cited": cited,
        "clean": clean,
        "prose": prose,
        "highlight": _highlight,
    }.items():
        exporter.register_filter(name, function)
    return exporter


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"label": label, "in_full": in_full, "as_stated": as_stated, "besides": besides}
    return environment


def _highlight(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return str(highlight(source, PythonLexer(), HtmlFormatter()))


def _pygments_css() -> str:
    from pygments.formatters import HtmlFormatter

    light = HtmlFormatter(style="friendly").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return (
        f"\n@media (prefers-color-scheme: light) {{\n{light}\n}}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    )


def _without_marks(text: str) -> str:
    """Markdown as the words that a reader sees of it, on one line."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"(\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))", "", text).split())


def _name(data: Mapping[str, Any], number: int) -> str:
    meta = data[PLOTLY].get("layout", {}).get("meta") or {}
    return str(meta.get("name") or f"chart-{number + 1}")


def _script(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).replace("</", "<\\/").replace("<!--", "<\\!--")
