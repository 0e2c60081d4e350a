"""Numerals in words and characters as exact numbers."""

import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from zjlib.languages import Language
from zjlib.scanning.nouns import singular
from zjlib.units import EXACT

_SHORT = Context(prec=28)
_WITHOUT_REST = Context(prec=80)  # of what was multiplied by a sixtieth
_MIXED = re.compile(r"([\d,]+) ?(\D+?)(?: and)? ?(\d[\d.,]*)")
HALF = Decimal("0.5")


def digits(text: str, rules: Language) -> Decimal:
    """`12,345.60` as a Decimal that keeps its printed digits."""
    if rules.decimal == ",":
        text = text.replace(".", "").replace(",", ".")
    if "/" in text:  # '15 1/2', '5-3/8', '2 and 3/4'
        *whole, fraction = [part for part in text.replace("-", " ").split() if part != "and"]
        top, _, bottom = fraction.partition("/")
        return Decimal(whole[0] if whole else 0) + Decimal(top) / Decimal(bottom)
    part = {"½": "0.5", "¼": "0.25", "¾": "0.75"}.get(text[-1:])
    if part:
        return Decimal(text[:-1] or 0) + Decimal(part)
    if text[-3:-2] == "," or text[-2:-1] == ",":
        text = text.replace(",", ".")  # '5,8%'
    return Decimal(text.replace(",", "").replace(" ", ""))


def in_digits(text: str) -> bool:
    """Whether a number is printed in digits: `12,345.60`, `.5`, `½`, `12亿5000`."""
    return text[0].isdigit() or text[0] == "." or text in "½¼¾"


def mixed(text: str, rules: Language) -> re.Match[str] | None:
    """The parts of `12亿5000` and `3 billion 164`, a number with a scale within it: 12, 亿, 5000."""
    m = _MIXED.fullmatch(text)
    return m if m and m[2] in rules.scales else None


def printed(text: str, factor: Decimal, rules: Language) -> Decimal:
    """A number in digits, in a unit of which one is `factor`: `12亿5000` is 125000 where that is 万."""
    m = mixed(text, rules)
    if m is None:
        return digits(text, rules)
    return EXACT.add(EXACT.divide(EXACT.multiply(digits(m[1], rules), rules.scales[m[2]]), factor), digits(m[3], rules))


def plain(value: Decimal) -> Decimal:
    """The value with no trailing zeros and no exponent: 8200000000, not 8.20E+9; half an hour for 30 minutes.

    What no row of digits ends, a third or a seventh of an hour, is told in 28.
    """
    value = EXACT.add(value.normalize(_WITHOUT_REST), Decimal(0))
    endless = len(str(value)) > 60
    return _SHORT.plus(value) if endless else value


def approximately(text: str, rules: Language) -> tuple[Decimal, Decimal] | None:
    """三四百 as 300 and 400: two digits that follow one another, or 三五; else None."""
    m = rules.approximate.fullmatch(text)
    if m is None:
        return None
    low, high = (rules.values[c] for c in m["pair"])
    if high != low + 1 and m["pair"] not in rules.rules["few"]:
        return None
    first, second = (text[: m.start("pair")] + c + text[m.end("pair") :] for c in m["pair"])
    return words(first, rules), words(second, rules)


def words(text: str, rules: Language) -> Decimal:
    """`one hundred and five`, `two and a half`, `三万五千`, `二〇二五` as a Decimal."""
    if not rules.spaced:
        return characters(text, rules)
    if rules.half_alone.fullmatch(text):
        return HALF
    if rules.quarter_alone.fullmatch(text):
        return HALF / 2
    text, half = rules.and_a_half.subn("", text)
    total = current = Decimal(0)
    for word in text.replace("-", " ").split():
        if word not in rules.values:
            word = singular(word, rules)
        if word in rules.articles:
            current = Decimal(1)
        elif word in rules.values:
            if half and word in rules.multipliers:
                current, half = current + HALF, False
            total, current = _add(total, current, word, rules)
        elif word in rules.scales:  # 'two dozen'
            current = (current or Decimal(1)) * rules.scales[word]
    return total + current + (HALF if half else 0)


def characters(text: str, rules: Language) -> Decimal:
    """Chinese number characters as a Decimal; digits with no multiplier between them are read by place."""
    text = text.translate(rules.spelled)
    if rules.point in text:
        whole, _, part = text.partition(rules.point)
        return characters(whole, rules) + Decimal("0." + "".join(str(rules.values[c]) for c in part))
    if len(text) > 1 and not any(c in rules.multipliers for c in text):
        return Decimal("".join(str(rules.values[c]) for c in text))
    total = current = Decimal(0)
    section = Decimal(0)  # what stands below the next 万 or 亿
    last = None
    for c in text:
        v = rules.values[c]
        if c not in rules.multipliers:
            current = current * 10 + v
        elif c in rules.small:
            section += (current or Decimal(1)) * v
            current = Decimal(0)
        else:
            section += current
            current = Decimal(0)
            below = total + section or Decimal(1)
            total = below * v if v > total else total + section * v if section else total * v
            section = Decimal(0)
        last = v if c in rules.multipliers else last
    if current and last and last > 10 and text[-2:-1] in rules.multipliers:  # 三万五: five thousand
        current *= last / 10
    return total + section + current


def _add(total: Decimal, current: Decimal, word: str, rules: Language) -> tuple[Decimal, Decimal]:
    v = rules.values[word]
    if word not in rules.multipliers:
        return total, current + v
    if word in rules.small:
        return total, (current or Decimal(1)) * v
    if v > total:
        return (total + (current or Decimal(not total))) * v, Decimal(0)
    return total + (current or Decimal(1)) * v, Decimal(0)


def fraction(g: dict[str, Any], rules: Language) -> tuple[Decimal, str]:
    """The value and unit (`ratio` or `%`) of what a language's fraction pattern found."""

    def number(text: str) -> Decimal:
        return digits(text, rules) if text[:1].isdigit() else rules.values.get(text) or words(text, rules)

    if part := g.get("halfof") or g.get("halfafter") or g.get("halfonly"):  # 一个半小时, 两年半, 半天
        unit, factor = rules.units[rules.rules["halves"][part]]
        return factor * ((number(g["whole"]) if g.get("whole") else 0) + HALF), str(unit)
    if g.get("hours"):  # 2小时50分
        return Decimal(g["hours"]) + Decimal(g["hourminutes"]) / 60, "hour"
    if g.get("seconds"):  # 9分20秒
        return (Decimal(g["minutes"]) * 60 + Decimal(g["seconds"])) / 3600, "hour"
    if g.get("halfmore"):  # 'a decade and a half'
        unit, factor = rules.units[g["halfmore"]]
        return factor * Decimal("1.5"), str(unit)
    if g.get("oneto"):
        return 1 / (Decimal(g["oneto"]) or Decimal(1)), "ratio"
    if g.get("ratio"):
        return Decimal(g["ratio"]), "ratio"
    if g.get("hundredths"):
        whole, _, part = g["hundredths"].partition(rules.point)
        value = number(whole)
        return (value + Decimal("0." + "".join(str(rules.values[c]) for c in part)) if part else value), "%"
    if g.get("tenthousandths"):
        return number(g["tenthousandths"]) / 100, "%"
    if g.get("thousandths"):
        return number(g["thousandths"]) / 10, "%"
    if g.get("tenths"):
        rest = g.get("rest10")
        return number(g["tenths"]) * 10 + (5 if g.get("andhalf") else number(rest) if rest else 0), "%"
    if g.get("halftenth"):  # 半成
        return Decimal(5), "%"
    if g.get("numerator"):
        return Decimal(g["numerator"]) / Decimal(g["denominator"]), "ratio"
    if g.get("topd"):
        return number(g["topd"]) / number(g["bottomd"]), "ratio"
    if g.get("bottom"):
        return number(g["top"]) / number(g["bottom"]), "ratio"
    if not g.get("top"):
        return HALF, "ratio"
    part = Fraction(rules.rules["fractions"][g["part"]]) if g.get("part") else Fraction(1, 2)
    top = g["top"]
    value = (Decimal(1) if top in rules.articles else number(top)) * part.numerator / part.denominator
    if g.get("ofscale"):  # 'three quarters of a million'
        return value * rules.scales[g["ofscale"]], "count"
    return value, "pp" if g.get("ofpoint") else "ratio"
