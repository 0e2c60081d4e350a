"""Reconciliations: do the figures agree with each other, and is every number of the report accounted for?

Tolerances come from the printed digits: two sides are equal when their intervals meet, one is below the other when it is so
whatever the two are within their intervals.
"""

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from zjlib import formulas
from zjlib.catalogue import Claim, suggest
from zjlib.formulas import Interval, in_full, minus
from zjlib.outcomes import CorrectionError, corrections, outcomes
from zjlib.report import expect
from zjlib.tables import Report, Row, period_days

_LISTED = 50  # unclaimed quantities shown; a text of another kind may have thousands
LIKE_PERIODS = "like_periods"  # a row only where something is left out
COLUMNS = ["check", "label", "label_zh", "ok", "detail", "figures"]


def check(report: Report) -> pd.DataFrame:
    """Run every check on a report: one row each, columns check, label, label_zh, ok, detail, figures (ids).

    `ok` is boolean, `<NA>` where a check is not applicable: one whose figures the report does not all state says which are missing.
    """
    expect(report, Report, "check", "read_report(path)")
    rows = [*_reconciliations(report), *_repetitions(report), _claimed_once(report), *_like_periods(report)]
    rows += [_place(report), _coverage(report), _order(report), _corrections()]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"ok": "boolean"})


def failed(checks: pd.DataFrame) -> pd.DataFrame:
    """The rows of `check` that fail."""
    return checks[checks["ok"].eq(False)]


def compared(
    report: Report, formula: str, beside: Mapping[str, Interval] | None = None
) -> tuple[bool | None, Interval, Interval] | None:
    """Whether a comparison of figures holds, and its two sides; None when the report does not state all of them.

    `beside` has what else the formula may speak of, by id.
    Neither true nor false when a side can't be told, as after a division by what may be zero.
    """
    left, sign, right = formulas.relation(formula)
    known = {**report.intervals, **(beside or {})}
    if not set(formulas.inputs(formula)) <= set(known):
        return None
    one, other = (formulas.evaluate(_in_stated(report, side), known) for side in (left, right))
    if not (one.told and other.told):
        return None, one, other
    ok = one.meets(other) if sign == "==" else one.surely_below(other, or_equal=sign == "<=")
    return ok, one, other


def _in_stated(report: Report, formula: str) -> str:
    """A formula over the figures that the report itself states."""
    return formulas.expand(formula, report.definitions)


def _reconciliations(report: Report) -> Iterator[Row]:
    for id, entry in report.catalogue.checks.items():
        formula = entry.formula or ""
        left, sign, right = formulas.relation(formula)
        ids = list(formulas.inputs(formula))
        row = {"check": id, "label": entry.label, "label_zh": entry.label_zh, "figures": ids}
        result = compared(report, formula)
        if result is None:
            missing = [name for name in ids if name not in report.intervals]
            yield row | {"ok": None, "detail": f"not applicable: the report does not state {', '.join(missing)}"}
            continue
        ok, one, other = result
        detail = f"{left} is {_words(one)}; {right} is {_words(other)}"
        if ok is False:
            detail += f"; expected {sign}, the difference is {in_full(one.value - other.value)}. {_sentences(report, formula)}"
        yield row | {"ok": ok, "detail": detail}


def _repetitions(report: Report) -> Iterator[Row]:
    """A figure that the report gives more than once has the same value every time."""
    given: dict[str, list[Claim]] = {}
    for claim in report.claims:
        if claim.entry.id in report.catalogue.figures:
            given.setdefault(claim.entry.id, []).append(claim)
    for id, claims in given.items():
        if len(claims) > 1:
            told = [claim.numeral for claim in claims]
            values = {(n.value, n.value_max, n.direction == "down" or minus(n.surface)) for n in told}
            yield {
                "check": f"{id}.repeated",
                "label": f"{claims[0].entry.label}: the same wherever it is given",
                "label_zh": f"{claims[0].entry.label_zh}：各处一致",
                "ok": len(values) == 1,
                "detail": ", ".join(f"'{c.numeral.surface}' in paragraph {c.numeral.paragraph}" for c in claims),
                "figures": [id],
            }


def _claimed_once(report: Report) -> Row:
    """No numeral is two things: each is claimed by one entry of the catalogue, however often an entry is told again."""
    entries: dict[int, dict[str, Claim]] = {}
    for claim in report.claims:
        entries.setdefault(claim.numeral.start, {})[claim.entry.id or claim.entry.reason] = claim
    twice = {start: claims for start, claims in entries.items() if len(claims) > 1}
    told = []
    for start, claims in twice.items():
        numeral = next(iter(claims.values())).numeral
        where = f"'{numeral.surface}' at {start} (paragraph {numeral.paragraph})"
        told.append(f"{where} is claimed as {' and as '.join(claims)}: «{numeral.sentence}»")
    if told:
        told.append("expected one of them; make the patterns of the others in data/catalogue.toml stricter")
    return {
        "check": "claimed_once",
        "label": "No number is claimed as two different figures",
        "label_zh": "没有数字被认作两个不同的指标",
        "ok": not twice,
        "detail": "; ".join(told) or f"{len(entries)} numerals are claimed, each by one entry: {_kinds(report)}",
        "figures": sorted({id for claims in twice.values() for id in claims if id in report.catalogue.figures}),
    }


def _kinds(report: Report) -> str:
    """How many numerals the entries of each kind claim: figures, events, and what is none."""
    claimed = {claim.numeral.start: claim.entry.id for claim in report.claims}
    figures = sum(id in report.catalogue.figures for id in claimed.values())
    events = sum(id in report.catalogue.events for id in claimed.values())
    return f"{figures} as figures, {events} as dates of events, {len(claimed) - figures - events} as no figures"


def _like_periods(report: Report) -> Iterator[Row]:
    """What would be worked out from figures of unlike periods is not: this says of what, and why, and can neither hold nor fail."""
    unlike = report.unlike_periods()
    told = [f"{id} is not worked out: {_and(periods)}" for id, periods in unlike.items()]
    if told or report.figures["formula"].isna().all():
        yield {
            "check": LIKE_PERIODS,
            "label": "What would mix periods is not worked out",
            "label_zh": "时期不一者不作推算",
            "ok": None,
            "detail": "; ".join(told) or "no figure is worked out",
            "figures": list(unlike),
        }


def _and(periods: Mapping[str, str]) -> str:
    return ", ".join(f"{id} is of {period}" for id, period in periods.items())


def _place(report: Report) -> Row:
    """A report of another place has figures of the same names, which are not this place's."""
    place = report.catalogue.place
    named = report.names_its_place
    return {
        "check": "place",
        "label": "The report names the place that the catalogue is about",
        "label_zh": "报告提及指标目录所述地区",
        "ok": named if place else None,
        "detail": f"{place.get('label', 'no place')} is "
        + ("named" if named else f"named nowhere in {report.id}: is it the report that is meant?"),
        "figures": [],
    }


def _coverage(report: Report) -> Row:
    """Nothing is lost: what no entry claims is listed with its sentence and the lines of a catalogue that would claim it.

    A text of which no figure is claimed at all is another one, and not in order.
    """
    accounted = {claim.numeral.start for claim in report.claims}
    quantities = [numeral for numeral in report.numerals if numeral.kind == "quantity"]
    unclaimed = [numeral for numeral in quantities if numeral.start not in accounted]
    known = report.catalogue.figures
    claimed = {claim.entry.id for claim in report.claims} & set(known)
    detail = f"{len(quantities)} quantities, {len(unclaimed)} of them unclaimed"
    if len(claimed) * 2 < len(known):
        told = f"no figure of {report.id} is claimed by the catalogue"
        if claimed:
            told = f"{len(claimed)} of the catalogue's {len(known)} figures stand in {report.id}"
        detail += f"; {told}: is it the report that is meant?"
    if len(unclaimed) > _LISTED:
        detail += f", of which the first {_LISTED} follow"
    for numeral in unclaimed[:_LISTED]:
        where = f"'{numeral.surface}' at {numeral.start} (paragraph {numeral.paragraph}): «{numeral.sentence}»"
        detail += f"\n{where}\nto claim it, add to data/catalogue.toml:\n{suggest(report, report.numerals, numeral)}"
    label = "Every quantity of the report is a figure, or listed as none with the reason"
    return {
        "check": "coverage",
        "label": label,
        "label_zh": "每个数量或为指标，或注明缘由",
        "ok": bool(claimed) and not unclaimed,
        "detail": detail,
        "figures": [],
    }


def _order(report: Report) -> Row:
    """Events that the catalogue says come after others do not begin before these."""
    events = report.events()
    periods = dict(zip(events["id"], events["period"], strict=True))
    wrong, compared = [], 0
    for id, period in periods.items():
        for earlier in report.catalogue.events[id].after:
            if earlier in periods:
                compared += 1
                if period_days(periods[earlier])[0] > period_days(period)[1]:
                    wrong.append(f"{id} ({period}) stands before {earlier} ({periods[earlier]})")
    detail = "; ".join(wrong) or f"{len(periods)} dated events, {compared} pairs compared"
    ok = not wrong if compared else None
    return {
        "check": "events.order",
        "label": "Dated events lie in order",
        "label_zh": "事件时间先后有序",
        "ok": ok,
        "detail": detail,
        "figures": [],
    }


def _corrections() -> Row:
    """Every declared correction still meets the value that it corrects."""
    label = "Declared corrections meet what their sources print"
    try:
        outcomes()
        ok, detail = True, f"{len(corrections())} applied: {'; '.join(each['reason'] for each in corrections())}"
    except CorrectionError as error:
        ok, detail = False, str(error)
    return {
        "check": "corrections",
        "label": label,
        "label_zh": "更正与来源原文相符",
        "ok": ok,
        "detail": detail,
        "figures": [],
    }


def _words(interval: Interval) -> str:
    value, low, high = (
        f"{end:,.0f}" if abs(end) >= 1e6 else f"{end:,.6g}" for end in (interval.value, interval.low, interval.high)
    )
    if low == high == value:
        return value
    if math.isinf(interval.low) and math.isinf(interval.high):
        return f"{value} (open at both ends)"
    if not (math.isinf(interval.low) or math.isinf(interval.high)):
        return f"{value} ({low} to {high})"
    bound = f"{high} or less" if math.isinf(interval.low) else f"{low} or more"
    return bound if bound.startswith(f"{value} ") else f"{value} ({bound})"


def _sentences(report: Report, formula: str) -> str:
    ids = formulas.inputs(_in_stated(report, formula))
    stated = report.figures[report.figures["id"].isin(ids)].dropna(subset=["sentence"])
    return " ".join(f"{row.id}, paragraph {row.paragraph}: «{row.sentence}»" for row in stated.itertuples())
