"""Dates and spans of the calendar as ISO periods, told from the day a report was published."""

import re
from collections.abc import Mapping
from datetime import date as Date
from typing import Any

from zjlib.languages import Language


class Calendar:
    """Resolves what a language's date patterns find: `2022`, `2022-12`, `2023-01/2023-09`, `2023/2027`, `2023-02-01`."""

    def __init__(self, language: Language, today: Date | None) -> None:
        self.today = today
        self.months: Mapping[str, int] = language.rules["calendar"]["months"]
        self.small: Mapping[str, int] = language.rules["calendar"]["small"]
        self.relative: Mapping[str, int] = language.rules["calendar"]["relative"]
        self._cache: dict[tuple[str, int | None], str | None] = {}

    def period(self, patterns: list[re.Pattern[str]], surface: str, year: int | None) -> str | None:
        """The ISO period of a surface; `year` is the year that the text speaks of, for dates that name none."""
        key = (surface, year)
        if key not in self._cache:
            found = next((m for p in patterns if (m := p.fullmatch(surface))), None)
            self._cache[key] = self._resolve({k: v for k, v in found.groupdict().items() if v}, year) if found else None
        return self._cache[key]

    def _resolve(self, g: dict[str, Any], context: int | None) -> str | None:
        now = self.today.year if self.today else None
        if "plan" in g:  # the 13th plan is 2016 to 2020
            last = 1955 + 5 * self._number(g["plan"])
            return f"{last - 4}/{last}"
        if "decade" in g:
            return f"{g['decade']}/{int(g['decade']) + 9}"
        for key, first, last in (("next", 0, -1), ("past", None, None)):
            if key in g:
                if now is None:
                    return None
                n = self._number(g["n"])
                if key == "next":
                    return f"{now}/{now + n - 1}" if n > 1 else f"{now}"
                # A report of the first months looks back on the years before its own.
                end = now - 1 if self.today and self.today.month <= 6 else now
                return f"{end - n + 1}/{end}" if n > 1 else f"{end}"
        year = self._year(g.get("y")) if "y" in g else None
        if year is None and "rel" in g and now is not None:
            year = now + self.relative[g["rel"]]
        if "y2" in g and year is not None:
            y2 = g["y2"]
            return f"{year}/{y2 if len(y2) == 4 else str(year)[:2] + y2}"
        if "y2" in g:
            year = self._year(g["y2"])
        if "m" in g:
            return self._month(g, year, context)
        if year is None:
            year = context if context is not None else now
        if year is None:
            return None
        if "end" in g:
            return f"{year}-{'01' if g['end'] in ('beginning', 'start', '初') else '12'}"
        if "q" in g:
            q = self._number(g["q"])
            return f"{year}-{3 * q - 2:02}/{year}-{3 * q:02}" if 1 <= q <= 4 else None
        if "h" in g:
            return f"{year}-01/{year}-06" if self._number(g["h"]) == 1 else f"{year}-07/{year}-12"
        if "qs" in g:
            return f"{year}-01/{year}-{3 * self._number(g['qs']):02}"
        if "ms" in g:
            n = self._number(g["ms"])
            return f"{year}-01/{year}-{n:02}" if 1 < n <= 12 else f"{year}-01"
        return f"{year}"

    def _month(self, g: dict[str, str], year: int | None, context: int | None) -> str | None:
        month = self._number(g["m"])
        day = self._number(g["d"]) if "d" in g else None
        if not 1 <= month <= 12 or day is not None and not 1 <= day <= 31:
            return None
        if year is None and self.today:  # the nearest such month to the report's
            year = self.today.year
            distance = month - self.today.month
            year += -1 if distance > 6 else 1 if distance < -6 else 0
        if year is None:
            year = context
        if year is None:
            return None
        if "m2" in g:
            return f"{year}-{month:02}/{year}-{self._number(g['m2']):02}"
        return f"{year}-{month:02}" + (f"-{day:02}" if day else "")

    def _year(self, text: str | None) -> int | None:
        if text is None:
            return None
        return int(text) if text.isdigit() else int("".join(str(self.small[c]) for c in text))

    def _number(self, text: str) -> int:
        if text.isdigit():
            return int(text)
        return self.months.get(text) or self.small[text]
