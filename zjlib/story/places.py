"""Where: the province's prefecture-level cities, the places that the report names, and the cities' growth targets."""

import json
from functools import cache
from itertools import pairwise
from typing import Any

from zjlib.charts import Chart
from zjlib.drawing.look import colour, halo, hover, ink, step, tint
from zjlib.drawing.marks import Trace
from zjlib.drawing.words import stated
from zjlib.outcomes import outcomes
from zjlib.paths import data_dir
from zjlib.story.figures import Row
from zjlib.story.later import Later
from zjlib.tables import records

_STRETCH = 1.145  # a degree of latitude against one of longitude, at 29° north
_HEIGHT = 360


@cache
def cities() -> list[dict[str, Any]]:
    """The prefecture-level cities: city, city_zh, centre and middle [lon, lat], outlines as x and y (None between rings)."""
    shapes = json.loads((data_dir() / "zhejiang.geojson").read_text(encoding="utf-8"))
    found = []
    for feature in shapes["features"]:
        parts = feature["geometry"]["coordinates"]
        rings = [part[0] for part in (parts if feature["geometry"]["type"] == "MultiPolygon" else [parts])]
        x = [value for ring in rings for value in (*(point[0] for point in ring), None)][:-1]
        y = [value for ring in rings for value in (*(point[1] for point in ring), None)][:-1]
        largest = max(rings, key=lambda ring: abs(_area(ring)))
        found.append({**feature["properties"], "x": x, "y": y, "middle": _middle(largest)})
    return found


def _area(ring: list[list[float]]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def _middle(ring: list[list[float]]) -> list[float]:
    """The centre of gravity of an outline."""
    pairs = [(x0 + x1, y0 + y1, x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in pairwise(ring)]
    return [round(sum(pair[axis] * pair[2] for pair in pairs) / (6 * _area(ring)), 3) for axis in (0, 1)]


class Places(Later):
    """Maps."""

    def places(self) -> Chart:
        """The places that the report names, on a map, with what it tells of each."""
        rows, seen = [], {}
        for row in records(self.report.places()):
            if stated(row["sentence"]):
                told = [self.wording.labelled(self._row(id)) for id in row["figures"]]
                row["words"] = self.wording.phrases["semicolon"].join(told) or self.wording.phrases["no_figure"]
                rows.append(row)
                seen[row["prefecture"]] = row
        traces = [
            self._land(city, tint(colour("strong")) if city["city"] in seen else ink("grid")) for city in cities()
        ]
        for city in cities():
            if city["city"] in seen:
                traces.append(self._pin(city, seen[city["city"]]))
        named = self._listed([self._within(row) for row in rows])
        title = self._pick(
            (f"The report tells of places in {len(seen)} cities: {named}", f"报告讲到{len(seen)}个市的地方：{named}")
            if rows
            else ("The report tells of no place", "报告未讲到具体地方")
        )
        subtitle = self._fill(
            (
                "Prefecture-level cities of {names.place}; the dots stand in the city that a place belongs to",
                "{names.place}各设区市；圆点标于所属设区市",
            )
        )
        alt = self._alt(self._fill(("Map of {names.place}", "{names.place}地图")), title, [])
        return self._finished("places", (title, subtitle, alt), self._source(rows), rows, (traces, self._map()))

    def city_targets(self) -> Chart:
        """Each city's growth target of fixed investment, as a map in shades."""
        table = outcomes()
        rows = self._later(table[table["measure"] == "fixed_investment_growth_target"])
        by_city = {row["subject"]: row for row in rows}
        values = [row["value"] for row in rows]
        low, high = min(values), max(values)
        traces: list[Trace] = []
        for city in cities():
            row = by_city.get(city["city"])
            share = (row["value"] - low) / ((high - low) or 1) if row else 0
            traces.append(self._land(city, step(colour("exports"), share) if row else ink("page")))
        for city in cities():
            if row := by_city.get(city["city"]):
                row["label"], row["label_zh"] = (
                    f"{city['city']}: {row['label'].lower()}",
                    f"{city['city_zh']}{row['label_zh']}",
                )
                dark = (row["value"] - low) / ((high - low) or 1) >= 0.875
                traces.append(self._value(city, row, ink("on") if dark else ink("text")))
        top = [
            self._city(city) for city in cities() if city["city"] in by_city and by_city[city["city"]]["value"] == high
        ]
        least = [
            self._city(city) for city in cities() if city["city"] in by_city and by_city[city["city"]]["value"] == low
        ]
        most, fewest = f"{high:g}%", f"{low:g}%"
        title = self._pick(
            (
                f"{self._listed(top)} aim for {most} more fixed investment, {self._listed(least)} for {fewest}",
                f"{self._listed(top)}固定资产投资增长目标{most}，{self._listed(least)}{fewest}",
            )
        )
        subtitle = self._fill(
            (
                f"Growth target of fixed investment by city, %, {{names.place}}, {self._period(rows)}",
                f"各市固定资产投资增长目标，%，{{names.place}}，{self._period(rows)}",
            )
        )
        alt = self._alt(self._fill(("Map of {names.place} in shades", "{names.place}分级设色地图")), title, rows)
        return self._finished("city_targets", (title, subtitle, alt), self._sources(rows), rows, (traces, self._map()))

    def _within(self, row: Row) -> str:
        """A place with its city, where its own name does not hold it."""
        label, city = self.wording.label(row), self._prefecture(row)
        if city.removesuffix("市") in label:
            return label
        return self._pick((f"{label} in {city}", f"{city}{label}"))

    def _prefecture(self, row: Row) -> str:
        return next((self._city(city) for city in cities() if city["city"] == row["prefecture"]), "")

    def _city(self, city: Row) -> str:
        return str(city["city"] if self.wording.language == "en" else city["city_zh"])

    def _land(self, city: Row, fill: str) -> Trace:
        line = {"width": 1, "color": ink("page")}
        return {
            "type": "scatter",
            "mode": "lines",
            "x": city["x"],
            "y": city["y"],
            "fill": "toself",
            "fillcolor": fill,
            "line": line,
            "hoverinfo": "skip",
        }

    def _pin(self, city: Row, row: Row) -> Trace:
        look = {
            "mode": "markers+text",
            "marker": {"size": 12, "color": colour("strong"), "line": {"width": 1.5, "color": ink("page")}},
        }
        name = self.wording.label(row).replace(" New District", "<br>New District")
        return (
            self._stand(city["centre"], row)
            | look
            | {
                "text": [name],
                "textposition": "bottom center",
                "textfont": {"size": 13, "color": ink("text"), "shadow": halo(ink("page"))},
            }
        )

    def _value(self, city: Row, row: Row, ink_colour: str) -> Trace:
        text = f"{self._city(city)}<br><b>{self.wording.say(row)}</b>"
        around = ink("page") if ink_colour == ink("text") else colour("exports")
        return self._stand(city["middle"], row) | {
            "mode": "text",
            "text": [text],
            "textfont": {"size": 11, "color": ink_colour, "shadow": halo(around)},
        }

    def _stand(self, point: list[float], row: Row) -> Trace:
        x, y = point
        paragraph = int(row["paragraph"]) if stated(row.get("paragraph")) else None
        return {
            "type": "scatter",
            "x": [x],
            "y": [y],
            "hoverinfo": "text",
            "hovertext": [hover(row, self.wording)],
            "customdata": [[row["id"], paragraph]],
        }

    def _map(self) -> dict[str, Any]:
        x = [value for city in cities() for value in city["x"] if value is not None]
        plain = {"visible": False, "fixedrange": True}
        y = {**plain, "scaleanchor": "x", "scaleratio": _STRETCH, "constrain": "domain"}
        edges = [min(x) - 0.05, max(x) + 0.25]  # room for the label of the easternmost city
        return {"height": _HEIGHT, "xaxis": {**plain, "range": edges, "constrain": "domain"}, "yaxis": y}
