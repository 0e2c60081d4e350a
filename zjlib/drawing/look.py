"""The house style: colours and type of style/house.toml, wrapped text, and what a mark says when pointed at."""

import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

from zjlib.drawing.words import Figure, Wording, stated

_WIDTHS = dict.fromkeys("iljtfrI.,:;'|!()[] ", 0.3) | dict.fromkeys("mwMW%", 0.86)
LABELS = Path(__file__).with_name("labels.js")  # what a page that draws charts runs before
WIDEST = 1.15  # the widest face that a page may set, against Arial
# Shades of a map; the gap before the last one leaves each of them a text colour with enough contrast.
_STEPS = (0.12, 0.25, 0.38, 0.52, 1.0)


@cache
def house() -> dict[str, Any]:
    """The house style, from style/house.toml."""
    with (Path(__file__).parent / "style" / "house.toml").open("rb") as file:
        return tomllib.load(file)


def ink(name: str) -> str:
    """A colour of text, grid or page, as on a white page."""
    return str(house()["ink"][name][0])


def colour(name: Any) -> str:
    """The colour of an area, of exports, imports or total; grey for anything else."""
    colours = house()["colours"]
    return str(colours.get(name, colours["context"])[0])


def tint(strong: str) -> str:
    """The light form of a colour, for what is planned."""
    return _mix(strong, ink("page"), 0.76)


def step(strong: str, share: float) -> str:
    """One of five shades from light (share 0) to the strong colour (share 1), for maps."""
    return _mix(ink("page"), strong, _STEPS[round(share * (len(_STEPS) - 1))])


def halo(around: str) -> str:
    """A shadow all round a text, in the colour that it stands out from, for where it crosses into another shade."""
    return ", ".join(f"{x}px {y}px 1px {around}" for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)


def dark_colours() -> dict[str, str]:
    """Each colour of a figure on a white page, and each halo → the one on a dark page. Replace them in the figure's JSON text."""
    style, page = house(), house()["ink"]["page"]
    pairs = {light: dark for group in ("ink", "colours") for light, dark in style[group].values()}
    tints = {_mix(light, page[0], 0.76): _mix(dark, page[1], 0.68) for light, dark in style["colours"].values()}
    steps = {
        _mix(page[0], light, share): _mix(page[1], dark, share)
        for light, dark in style["colours"].values()
        for share in _STEPS[:-1]
    }
    fading = {light + alpha: dark + alpha for light, dark in pairs.items() for alpha in ("ff", "59", "00")}  # open ends
    halos = {halo(light): halo(dark) for light, dark in pairs.items()}
    return pairs | tints | steps | fading | halos


def text_width(text: str, size: int = 14) -> float:
    """About how many pixels a text takes, in a face as wide as Arial."""
    return (
        sum(1.0 if ord(each) > 0x2E80 else _WIDTHS.get(each, 0.67 if each.isupper() else 0.53) for each in text) * size
    )


def fitted(text: str, pixels: float, size: int = 14) -> str:
    """Escaped text in lines of at most so many pixels, for plotly; with room for faces wider than Arial."""
    pieces = re.findall(r"[\u2e80-\uffff][，。；：、”》）]*|[^\s\u2e80-\uffff]+\s*|\s+", text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) * WIDEST > pixels:
            lines.append("")
        lines[-1] += piece
    return "<br>".join(escape(line.strip(), quote=False) for line in lines)


def wrapped(text: str, width: int) -> str:
    """Escaped text in lines of about `width` characters (a Chinese one counts double), for plotly."""
    if any(ord(character) > 0x2E80 for character in text):
        lines = [""]
        for character in text:
            if text_width(lines[-1] + character, 1) > width * 0.56 and character not in "，。；：、”》）":
                lines.append("")
            lines[-1] += character
    else:
        lines = wrap(text, width, break_long_words=False)
    return "<br>".join(escape(line, quote=False) for line in lines)


def words_of(figure: Figure, wording: Wording) -> str:
    """A figure in words; a row that is no figure, such as an event, brings its own in `words`."""
    return str(figure["words"]) if stated(figure.get("words")) else wording.say(figure)


def hover(figure: Figure, wording: Wording) -> str:
    """What a mark says when pointed at: label, words, period, interval, and the verbatim sentence or the formula."""
    phrases, interval = wording.phrases, wording.interval(figure)
    label, words = wording.label(figure), words_of(figure, wording)
    period = wording.period(figure["period"]) if stated(figure.get("period")) else ""
    told = [
        f"<b>{wrapped(words, 46)}</b>" if words != label else "",
        period if period != words else "",
        wording.nature(figure),
    ]
    lines = [f"<b>{wrapped(label, 46)}</b>", *filter(None, [" · ".join(filter(None, told))])]
    if interval:
        lines.append(wrapped(phrases["interval"].format(interval), 52))
    if stated(figure.get("sentence")):
        quote = phrases["quote"].format(" ".join(str(figure["sentence"]).split()))
        where = phrases["paragraph"].format(figure["paragraph"]) if stated(figure.get("paragraph")) else ""
        lines += ["", wrapped(f"{quote} {where}".strip(), 52)]
    elif stated(figure.get("formula")) and stated(figure.get("value")):
        lines += ["", wrapped(phrases["formula"].format(figure.get("working") or figure["formula"]), 52)]
    if stated(figure.get("source_line")):
        lines += ["", wrapped(str(figure["source_line"]), 52)]
    return "<br>".join(lines)


def _mix(one: str, other: str, share: float) -> str:
    channels = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in channels)
