"""Characters that only the typesetter meant: radicals for whole characters, ligatures, what has no width, spaces beside digits."""

import re
import unicodedata
from typing import NamedTuple

# Radicals that look like whole characters; those of the supplement are not told by Unicode what they stand for.
_SUPPLEMENT = "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
RADICALS |= {ord(a): b for a, b in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)}
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}

_LIGATURE, _NO_WIDTH, _HAN = "\ufb00-\ufb06", "\u00ad\u200b-\u200d\u2060\ufeff", "\u4e00-\u9fff"
_DIGIT = "0-9０-９"
_CONCERNED = re.compile(f"[{_HAN}{_LIGATURE}{_NO_WIDTH}]")
_APART = re.compile(  # '2024 年一季度 32.7 亿元': begins with what goes, so that it is found fast
    f"[ \u00a0{_LIGATURE}{_NO_WIDTH}](?:(?<=[{_LIGATURE}{_NO_WIDTH}])|(?=[{_HAN}])(?<=[{_DIGIT}%％].)"
    f"|(?=[{_DIGIT}])(?<=[{_HAN}，。、；：（(“].)|(?=[%％])(?<=[（(].)|(?=[）)])(?<=[%％].))"
)

_POWER = re.compile(r"(?:\b[kcm]?m[23]|\d(?:st|nd|rd|th))$")  # what a raised sign may be of: km², 20th
_TENS = re.compile(r"(?:\b|×)10$")  # raised to a power: 1.2×10⁶


def lowered(before: str, raised: str) -> str:
    """What is raised, as it is written in a line: `^` before the power of ten, nothing for the number of a footnote."""
    if _TENS.search(before):
        return f"^{raised}"
    return raised if _POWER.search(before + raised) else ""


class Respelled(NamedTuple):
    """A text without ligatures and without spaces between digits and Chinese; `places` has where each character stood, and the end."""

    text: str
    places: list[int]


def respelled(text: str) -> Respelled | None:
    """The text as it would have been typed; None where it is so already."""
    parts: list[str] = []
    places: list[int] = []
    last = 0
    for m in _APART.finditer(text) if _CONCERNED.search(text) else ():
        letters = LIGATURES.get(ord(m[0]), "")
        parts += [text[last : m.start()], letters]
        places += [*range(last, m.start()), *[m.start()] * len(letters)]
        last = m.end()
    if not parts:
        return None
    return Respelled("".join([*parts, text[last:]]), [*places, *range(last, len(text) + 1)])
