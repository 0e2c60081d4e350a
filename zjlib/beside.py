"""A text in which each numeral is one mark, and what may stand beside one: words that bound it, or that tell which way a rate went.

The catalogue's patterns pass over both, so that 'more than', 'nearly' or no bound, 'an increase of' or 'down', find the same figure.
"""

import functools
import re
from collections.abc import Callable, Iterable

from zjlib.languages import trie, words_of
from zjlib.scan import Numeral

MARK = 0xF0000  # a private-use plane: one character for each numeral of a text
ANY = f"[{chr(MARK)}-{chr(MARK + 0xFFFD)}]"
CHANGE = chr(MARK + 0xFFFE)  # before a rate: words of change, whichever way
SLOT = r"\{#?\}"  # a number in a pattern of the catalogue
_MASKED = ("quantity", "date", "ordinal")


def mask(text: str, numerals: list[Numeral]) -> str:
    """The text with each quantity, date and ordinal as one mark."""
    text = re.sub(f"{ANY}|{CHANGE}", "\ufffd", text)  # a mark in the text itself would claim a numeral
    parts, position = [], 0
    for index, numeral in enumerate(numerals[:0xFFFE]):
        if numeral.kind in _MASKED:
            parts += [text[position : numeral.start], chr(MARK + index)]
            position = numeral.end
    return "".join([*parts, text[position:]])


def numeral_of(mark: str, numerals: list[Numeral]) -> Numeral:
    """The numeral that a mark stands for."""
    return numerals[ord(mark) - MARK]


def as_found(text: str, language: str, numerals: list[Numeral]) -> str:
    """A masked text as patterns find it: without words of bound beside marks, words of change before a rate as `CHANGE`."""
    words = beside(language, ANY)
    return words.changing(words.unbound(text), lambda m: CHANGE if numeral_of(m[1], numerals).unit == "%" else m[0])


def as_pattern(template: str, language: str) -> str:
    """A pattern of the catalogue that finds what `as_found` leaves of a text, in which a rate may be told to have gone either way."""
    words = beside(language, SLOT)
    plain = words.unbound(template)
    told = words.changing(plain, lambda m: f"(?:{CHANGE}|{m[0]})")
    # Each of several rates may go its own way.
    return plain if told == plain else re.sub(f"(?<![=!]){SLOT}", rf"{CHANGE}?\g<0>", told)


class Beside:
    """The words of a language that may stand beside a number, which a regular expression finds."""

    def __init__(self, code: str, number: str) -> None:
        """Take the bounds that the scanner reads, and the words of `a_change`."""
        rules = words_of(code)
        before, after = (_any_of(rules[side].get("qualifier", {}), rules["spaced"]) for side in ("before", "after"))
        change = rules["patterns"].get("a_change", "(?!)").replace(" ", r"\s+")
        self._before = re.compile(rf"(?:(?:{before})\s*)+(?=({number}))", re.IGNORECASE)
        self._after = re.compile(rf"({number})(?:\s*(?:{after}))+", re.IGNORECASE)
        self._change = re.compile(rf"(?:{change})\s*(?=({number}))", re.IGNORECASE)

    def unbound(self, text: str, applies: Callable[[str], bool] = lambda number: True) -> str:
        """The text without words of bound beside the numbers to which it applies."""
        text = self._before.sub(lambda m: "" if applies(m[1]) else m[0], text)  # first: 'one and over a dozen'
        return self._after.sub(lambda m: m[1] if applies(m[1]) else m[0], text)

    def changing(self, text: str, told: Callable[[re.Match[str]], str]) -> str:
        """The text with words of change before a number, the match's first group, as they are `told`."""
        return self._change.sub(told, text)


@functools.cache
def beside(code: str, number: str) -> Beside:
    """What may stand beside a number in a language."""
    return Beside(code, number)


def _any_of(bounds: dict[str, Iterable[str]], spaced: bool) -> str:
    words = {word.strip() for group in bounds.values() for word in group}
    return trie(words, word=spaced).replace(r"\ ", r"\s+") or "(?!)"
