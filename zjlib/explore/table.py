"""The table beside the explorer's chart."""

from html import escape

from zjlib.charts import Chart
from zjlib.checks import check, failed
from zjlib.drawing.words import stated, vocabulary
from zjlib.explore.draw import words
from zjlib.report import doubtful_day
from zjlib.tables import Report, records

_STYLE = """
<style>
.zj-table { max-height: 36rem; overflow: auto }
.zj-table table { border-collapse: collapse; width: 100%; line-height: 1.35 }
.zj-table th, .zj-table td { text-align: left; vertical-align: top; padding: .2rem .5rem; border-bottom: 1px solid rgba(128, 128, 128, .3) }
.zj-two { display: flex; flex-wrap: wrap; gap: 1.5rem }
.zj-two > * { flex: 1 1 18rem }
.zj-message { color: #b8293d; font-weight: 600 }
</style>
"""


def table(chart: Chart, language: str, *, compared: bool) -> str:
    """The chart's figures as a short table; with two reports, also the other one's words and the change."""
    said, wording = words(language), chart.wording
    heads = list(said["heads"])
    if compared:
        heads[2:2] = [said["before"], said["change"]]
    lines = []
    for row in records(chart.data):
        period = wording.period(row["period"]) if stated(row["period"]) else ""
        cells = [
            row["label"],
            row["words"],
            period,
            wording.nature(row),
            row["paragraph"] if stated(row["paragraph"]) else "",
        ]
        if compared:
            cells[2:2] = [row["other"], row["change"]]
        lines.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>")
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return f'{_STYLE}<div class="zj-table" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def doubts(report: Report, language: str) -> str:
    """Why a report's figures are to be taken with care, as escaped HTML: checks that fail, a day that is not sure; empty for none."""
    said, broken = words(language), records(failed(check(report)))
    told = [(row["label_zh" if language == "zh" else "label"], row["detail"]) for row in broken]
    if (doubt := doubtful_day(report)) and report.path:
        told.append((said["doubtful_day"], doubt.replace(str(report.path), report.path.name)))
    if not told:
        return ""
    items = "".join(f"<li>{escape(name)}<br><small>{escape(detail)}</small></li>" for name, detail in told)
    what = vocabulary(language)["phrases"]["semicolon"].join(name for name, _ in told)
    head = escape(said["doubts"].format(report=report.id, what=what))
    return f'<details class="zj-message" role="alert"><summary>{head}</summary><ul>{items}</ul></details>'
