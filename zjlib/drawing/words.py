"""A figure in words, in English and in Chinese, with the digits that the report printed and no more.

    >>> Wording("en").say({"value": 2.5e9, "unit": "CNY", "surface": "2.5 billion yuan", "qualifier": "more_than"})
    'more than 2.5 billion yuan'

A figure is a row of the figures frame, or any mapping with its columns; a column that is missing is not stated.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from zjlib.compare import side
from zjlib.drawing.digits import (
    DERIVED_DIGITS,
    Figure,
    as_range,
    exact_decimal,
    is_money,
    is_whole,
    known_step,
    magnitude,
    printed,
    settled,
    significant,
    stated,
)
from zjlib.formulas import signed

__all__ = ["FORMS", "SYMBOLS", "Axis", "Figure", "Wording", "open_above", "stated", "vocabulary"]

FORMS = ("full", "amount", "bare", "value", "digits", "symbol", "signed")
SYMBOLS = {"more_than": "> ", "at_least": "≥ ", "less_than": "< ", "at_most": "≤ ", "about": "≈ "}
LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
MINUS = "\N{MINUS SIGN}"


class Axis(NamedTuple):
    """How an axis shows values: divided by `divisor`, in `unit` (words, e.g. 'billion yuan')."""

    divisor: float
    unit: str


def open_above(figure: Figure) -> bool:
    """Whether the words of the report put the figure's true value above the one that is printed."""
    return figure.get("qualifier") in ("more_than", "at_least")


@cache
def vocabulary(language: str) -> dict[str, Any]:
    """The words of a language, from style/words.toml."""
    with (Path(__file__).parent / "style" / "words.toml").open("rb") as file:
        languages: dict[str, dict[str, Any]] = tomllib.load(file)
    if language not in languages:
        raise ValueError(f"language is {language!r}; expected one of {', '.join(languages)}")
    return languages[language]


@dataclass(frozen=True)
class Wording:
    """How figures are said: language, currency of money, and a scale for money if it is not to be the report's own.

    `rate` is yuan a US dollar on `rate_date`; both are needed for the currency USD. `scale` is one of the scales of
    the language in style/words.toml, such as 'billion', 'trillion', '亿' ('亿元' is taken as '亿'); less than a hundredth of it, and
    what is told of each ('yuan a firm'), is said in its own.
    """

    language: str = "en"
    currency: str = "CNY"
    rate: float | None = None
    rate_date: str | date | None = None
    scale: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be said: an unknown currency or scale, dollars without a rate and its day."""
        if self.currency not in self._words["currencies"]:
            raise ValueError(f"currency is {self.currency!r}; expected CNY or USD")
        if self.currency != "CNY" and not (self.rate and self.rate > 0 and self.rate_date):
            raise ValueError("currency 'USD' needs rate= (yuan a dollar, above 0) and rate_date= (its day)")
        if self.rate_date:
            try:
                date.fromisoformat(str(self.rate_date))
            except ValueError:
                raise ValueError(f"rate_date is {self.rate_date!r}; expected a day, such as 2023-02-13") from None
        if self.scale:
            object.__setattr__(self, "scale", self.scale.split()[0].removesuffix("元"))
            if self.scale not in self._words["scales"]:
                raise ValueError(f"scale is {self.scale!r}; expected one of {', '.join(self._words['scales'])}")

    @property
    def conversion(self) -> str:
        """At what rate, of which day, yuan are told in dollars; empty where they are not."""
        return "" if self.currency == "CNY" else str(self.phrases["rate"]).format(rate=self.rate, date=self.rate_date)

    @property
    def _words(self) -> dict[str, Any]:
        return vocabulary(self.language)

    def with_scale(self, scale: str) -> "Wording":
        """The same wording with all money in one scale, unless a scale was asked for already."""
        return self if self.scale else replace(self, scale=scale)

    def say(self, figure: Figure, form: str = "full") -> str:
        """The figure in words.

        form: full 'more than 2 trillion yuan'; amount '2 trillion yuan'; bare 'more than 2 trillion'; value '2', of a
        count '2 million'; digits '2';
        symbol '> 2 trillion yuan'; signed '+3.1%'.
        """
        if form not in FORMS:
            raise ValueError(f"form is {form!r}; expected one of {', '.join(FORMS)}")
        if not stated(figure.get("value")):
            return str(self._words["not_worked_out" if stated(figure.get("formula")) else "not_stated"])
        figure = as_range(signed(figure))
        value, step = self._converted(figure)
        scale = self._scale(figure, value, step)
        number = self._number(figure, value, step, scale)
        if form == "digits":
            return number
        if form == "value":  # money's scale is said elsewhere; a count would be another number without its own
            return number if is_money(figure.get("unit")) else self._scaled(number, scale)
        if form == "signed":
            number = self._signed(figure, value, number)
        words = self._scaled(number, scale) if form == "bare" else self._with_unit(figure, number, value, scale)
        if form not in ("amount", "signed") and figure.get("qualifier") in SYMBOLS:
            symbol = SYMBOLS[figure["qualifier"]] if self.language == "en" else SYMBOLS[figure["qualifier"]].strip()
            words = (
                symbol + words if form == "symbol" else str(self._words["bounds"][figure["qualifier"]]).format(words)
            )
        return words if form == "bare" else self._per(figure, words)

    def moved(self, change: Mapping[str, Any]) -> str:
        """By how much a figure of `zjlib.compare.compare` changed: '+25.0%', '+1.5 percentage points'; empty where that is no number.

        With the digits that both values have; where these hide the change, that is said.
        """
        old, new = (side(change, which) for which in ("old", "new"))
        before, after = ([f[end] for end in ("value", "value_max") if stated(f[end])] for f in (old, new))
        if before == after or (change["points"] is None and (change["relative"] is None or not all(before))):
            return ""
        if self.say(old) == self.say(new):
            return str(self.phrases["unseen"])
        step = max((known_step(figure) for figure in (old, new) if figure["value"]), default=1.0)
        if change["points"] is not None:
            ends, unit = [min(after) - max(before), max(after) - min(before)], "pp"
        else:
            ratios = [b / a for a in before for b in after]
            ends, unit = [100 * (min(ratios) - 1), 100 * (max(ratios) - 1)], "%"
            step = max(magnitude(100 * step / before[0]), min(0.1, *(magnitude(end) for end in ends if end)))
        if not stated(change.get("formula")):  # what is printed is seen to change, by however little
            step = min(step, magnitude(max(ends, key=abs)))
        places = max(0, -round(math.log10(step)))
        told = [round(round(end / step) * step, places) for end in ends]
        if not any(told):
            return str(self.phrases["unseen"])
        surface = " ".join(f"{abs(end):.{places}f}" for end in told)
        most = told[1] if told[0] != told[1] else None
        return self.say({"value": told[0], "value_max": most, "unit": unit, "surface": surface}, "signed")

    def axis(self, figures: Iterable[Figure]) -> Axis:
        """One divisor and unit for an axis that shows all these figures (of one unit)."""
        rows = [signed(figure) for figure in figures if stated(figure.get("value"))]
        if not rows:
            return Axis(1, "")
        unit = rows[0].get("unit")
        if not is_money(unit):
            return Axis(1, "")
        largest = max(rows, key=lambda figure: float(figure["value"]))
        value, step = self._converted(largest)
        scale = self._scale(largest, value, step)
        return Axis(float(self._scales.get(scale or "", 1)), self._with_unit(largest, "", value, scale).strip())

    def position(self, figure: Figure, axis: Axis) -> float | None:
        """Where the figure's value, or a range's first end, lies on the axis; None if it is not stated."""
        return next(iter(self.positions(figure, axis)), None)

    def positions(self, figure: Figure, axis: Axis) -> list[float]:
        """Where the figure's value lies on the axis, and the other end of a range; none of what is not stated."""
        if not stated(figure.get("value")):
            return []
        figure, rate = as_range(signed(figure)), self.rate if self._converts(figure) and self.rate else 1
        ends = [float(figure[end]) for end in ("value", "value_max") if stated(figure.get(end))]
        return [float(f"{end / rate / axis.divisor:.6g}") for end in ends]

    def interval(self, figure: Figure) -> str:
        """What the words and printed digits allow: '2.45 to 2.55 billion yuan'; empty if only one value is possible, or `say` says it."""
        given, strict = figure, figure.get("qualifier") in ("more_than", "less_than")
        figure, rate = signed(figure), self.rate if self._converts(figure) and self.rate else 1
        ends = [float(figure[end]) / rate if stated(figure.get(end)) else math.inf for end in ("low", "high")]
        known = [end for end in ends if math.isfinite(end)]
        if not stated(figure.get("value")) or not known or is_whole(figure, ends):
            return ""
        value, step = self._converted(figure)
        scale = self._scale(figure, value, step)
        divisor = self._scales[scale] if scale else 1
        decimals = max(0, round(math.log10(divisor) - math.log10(step))) + 1
        pattern, locale = "#,##0." + "#" * decimals, LOCALES[self.language]
        written = [
            format_decimal(exact_decimal(round(end / divisor, decimals)), pattern, locale=locale) for end in known
        ]
        if written[0] == written[-1] and len(known) == 2:
            return ""
        form = self._words["range"] if len(known) == 2 else "{low}"
        words = self._with_unit(figure, str(form).format(low=written[0], high=written[-1]), value, scale)
        if len(known) == 1:
            bound = ("at_least", "more_than") if math.isfinite(ends[0]) else ("at_most", "less_than")
            words = str(self._words["bounds"][bound[strict]]).format(words)
        words = self._per(figure, words)
        return "" if words == self.say(given) else words

    def period(self, period: Any) -> str:
        """An ISO period in words: '2022', 'December 2022', '2023 to 2027'."""
        if not stated(period):
            return str(self._words["not_stated"])
        parts = [self._moment(part) for part in str(period).split("/")]
        return parts[0] if len(parts) == 1 else str(self._words["range"]).format(low=parts[0], high=parts[1])

    def day(self, day: Any) -> str:
        """A date in words: '13 February 2023', '2023年2月13日'."""
        return format_date(date.fromisoformat(str(day)[:10]), "long", locale=LOCALES[self.language])

    @property
    def phrases(self) -> dict[str, Any]:
        """The fixed phrases of charts in this language."""
        phrases: dict[str, Any] = self._words["phrases"]
        return phrases

    def short(self, id: str) -> str:
        """A short name of one of the areas, for titles; the id itself for anything else."""
        return str(self._words["short"].get(id, id))

    def labelled(self, figure: Figure, form: str = "full") -> str:
        """A figure's label and its words: 'Rail: 1.2 trillion yuan'."""
        return f"{self.label(figure)}{self.phrases['colon']}{self.say(figure, form)}"

    def label(self, row: Figure) -> str:
        """The label of a figure or a named thing in this language."""
        label = row.get("label_zh") if self.language == "zh" and stated(row.get("label_zh")) else row.get("label")
        return str(label) if stated(label) else ""

    def nature(self, figure: Figure) -> str:
        """'actual', 'planned' or 'target', and 'worked out here' for a derived figure."""
        if stated(figure.get("formula")) and stated(figure.get("value")):
            return str(self.phrases["derived"])
        return str(self.phrases.get(figure["nature"], figure["nature"])) if stated(figure.get("nature")) else ""

    def _moment(self, moment: str) -> str:
        locale = LOCALES[self.language]
        if re.fullmatch(r"\d{4}", moment):
            return moment if self.language == "en" else f"{moment}年"
        if re.fullmatch(r"\d{4}-\d\d", moment):
            return format_skeleton("yMMMM", date.fromisoformat(f"{moment}-01"), locale=locale)
        return self.day(moment) if re.fullmatch(r"\d{4}-\d\d-\d\d", moment) else moment

    @property
    def _scales(self) -> dict[str, float]:
        scales: dict[str, float] = self._words["scales"]
        return scales

    def _converts(self, figure: Figure) -> bool:
        return self.currency == "USD" and str(figure.get("unit")).split("/")[0] == "CNY"

    def _converted(self, figure: Figure) -> tuple[float, float]:
        """A figure's value in the currency that is said, and the size of its last known digit."""
        value, step = float(figure["value"]), known_step(figure)
        if not self._converts(figure) or not self.rate or not value:
            return value, step
        ends = {key: float(figure[key]) / self.rate for key in ("value_max", "low", "high") if stated(figure.get(key))}
        dollars = value / self.rate
        if stated(figure.get("formula")):
            return dollars, known_step({**figure, **ends, "value": dollars})
        bound = figure.get("qualifier") in SYMBOLS and figure["qualifier"] != "about"
        exact = bound or "value_max" in ends  # a bound or an end of a range is itself, not what was rounded to it
        digits = max(significant(value, step), DERIVED_DIGITS if exact else 1)
        first, half = magnitude(dollars), step / self.rate / 2
        known, finest = (first * 10.0 ** (1 - n) for n in (digits, max(digits, DERIVED_DIGITS)))
        if exact:
            return dollars, known
        low, high = ends.get("low", dollars - half), ends.get("high", dollars + half)
        return dollars, settled(dollars, low, high, known, finest)

    def _scale(self, figure: Figure, value: float, step: float) -> str | None:
        names = ("trillion", "billion", "million") if self.language == "en" else ("万亿", "亿", "万")
        if not is_money(figure.get("unit")):
            for name in names[-1:] if self.language == "en" else names[1:]:
                scaled = exact_decimal(value) / exact_decimal(self._scales[name])
                if abs(scaled) >= 1 and scaled == round(scaled, 2):
                    return name
            return None
        each = str(figure.get("unit")).partition("/")[2] not in ("", "year")
        if self.scale and not each and (not value or abs(value) >= self._scales[self.scale] / 100):
            return self.scale
        if self.language == "en" and not self._converts(figure):
            found = printed(figure)
            for name in names:
                if found and math.isclose(found[1], self._scales[name]):
                    return name
        for name in names:
            enough = abs(value) >= self._scales[name] * (0.9999 if name != names[-1] else 1)
            needless = name == "万亿" and step <= self._scales["亿"] * 1.0001
            if enough and not needless:
                return name
        return None

    def _number(self, figure: Figure, value: float, step: float, scale: str | None) -> str:
        divisor = exact_decimal(self._scales[scale]) if scale else Decimal(1)
        places = max(0, round(math.log10(float(divisor)) - math.log10(step)))
        found = printed(figure)
        # Rescaled, a whole number may lose its noughts: 425,000 is 42.5万, 600 million is 6亿.
        trim = scale and found and found[0] == found[1] != float(divisor)
        trim = trim or (stated(figure.get("value_max")) and not stated(figure.get("formula")))

        # What was not printed is rounded to the side on which its bound stays true.
        derived_bound = (stated(figure.get("formula")) or self._converts(figure)) and figure.get("qualifier")
        below, above = (
            dict.fromkeys(("more_than", "at_least"), ROUND_FLOOR),
            dict.fromkeys(("less_than", "at_most"), ROUND_CEILING),
        )
        rounding = (below | above).get(str(derived_bound), ROUND_HALF_UP)

        def written(number: Any) -> str:
            exact = (exact_decimal(number) / divisor).quantize(Decimal(1).scaleb(-places), rounding)
            if step > float(divisor):  # no digits that are not known: 4,370, not 4,369.9 or 4,371
                exact = (
                    (exact_decimal(number) / exact_decimal(step)).quantize(Decimal(1), rounding)
                    * exact_decimal(step)
                    / divisor
                )
            if trim:
                exact = exact.normalize()
            decimals = min(places, max(0, -int(exact.as_tuple().exponent)))
            text = format_decimal(exact, f"#,##0.{'0' * decimals}".rstrip("."), locale=LOCALES[self.language])
            return str(text).replace("-", MINUS)

        rate = self.rate if self._converts(figure) and self.rate else 1
        if stated(figure.get("value_max")):
            return str(self._words["range"]).format(low=written(value), high=written(float(figure["value_max"]) / rate))
        return written(value)

    def _scaled(self, number: str, scale: str | None) -> str:
        if not scale:
            return number
        return number + (" " if self.language == "en" else "") + str(self._words["scale_words"][scale])

    def _with_unit(self, figure: Figure, number: str, value: float, scale: str | None) -> str:
        words, unit = self._scaled(number, scale), str(figure.get("unit")) if stated(figure.get("unit")) else ""
        upper = unit.split("/")[0]
        if upper in self._words["currencies"]:
            currency = self._words["currencies"][self.currency if self._converts(figure) else upper]
            words = f"{words} {currency}" if self.language == "en" else words + currency
        elif upper == "count":
            words = self._counted(words, figure, value)
        elif upper in self._words["units"]:
            words = _one_or_many(self._words["units"][upper], value).format(words)
        elif upper:
            words = f"{words} {upper}"
        return words

    def _per(self, figure: Figure, words: str) -> str:
        lower = str(figure.get("unit")).partition("/")[2]
        return str(self._words["per"].get(lower, f"{{}}/{lower}")).format(words) if lower else words

    def _counted(self, number: str, figure: Figure, value: float) -> str:
        noun = str(figure["noun"]) if stated(figure.get("noun")) else ""
        if noun in ("", "one"):  # 'the three "one" projects': the word counts nothing
            return number
        if self.language == "zh":
            if not noun.isascii():
                return number + noun
            return str(self._words["nouns"].get(noun.split()[-1], "{}")).format(number)
        if value == 1 or not noun.isascii():
            return f"{number} {noun}"
        head, _, last = noun.rpartition(" ")
        return " ".join(filter(None, (number, head, _plural(last, self._words["plurals"]))))

    def _signed(self, figure: Figure, value: float, number: str) -> str:
        if number.startswith(("-", MINUS)):
            return number.replace("-", MINUS)
        falls = figure.get("direction") == "down"
        return (MINUS if falls else "+") + number if value else number


def _plural(noun: str, irregular: Mapping[str, str]) -> str:
    if re.search("[^aeiou]y$", noun):
        return irregular.get(noun, f"{noun[:-1]}ies")
    return irregular.get(noun, f"{noun}es" if re.search("(?:s|x|z|ch|sh)$", noun) else f"{noun}s")


def _one_or_many(forms: str | list[str], value: float) -> str:
    return forms if isinstance(forms, str) else forms[0 if value == 1 else 1]
