"""Prose whose numbers are figures: templates in which `{first_batch.projects}` stands for that figure in words."""

import itertools
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Prose:
    """A paragraph whose numbers were computed; shows itself as markdown. One that says nothing is false."""

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": self.text}

    def __str__(self) -> str:
        """The paragraph itself."""
        return self.text

    def __bool__(self) -> bool:
        """Whether anything is said, so that `say(…, when=…) or say(…, when=…)` says what is true."""
        return bool(self.text)


_BLOCK = re.compile(r"(\n\s*\n|\n(?=\d+\. ))")  # paragraphs and the items of a list
_SENTENCE = re.compile(r"((?<=[^\d\s][.!?])\s+(?=[A-Z])|(?<=;)\s+|(?<=[。！？；]))")  # or what a semicolon parts


def sayable(text: str, speaks: Callable[[str], bool], holds: Callable[[str], bool]) -> str:
    """What of a text can be said: a paragraph, or an item of a list, up to the first sentence that does not hold, on which the others lean.

    Nothing where a heading does not hold, or where no sentence is left that speaks of figures though some did.
    """
    kept, spoken = "", False
    parts = _BLOCK.split(text)
    for separator, block in zip(["", *parts[1::2]], parts[::2], strict=True):
        pieces = _SENTENCE.split(block)
        said = list(itertools.takewhile(holds, pieces))
        if block.startswith("#") and said != pieces:
            return ""
        told = "".join(said)
        if said != pieces:
            told = re.sub(r";$", ".", re.sub(r"；$", "。", told.rstrip()))
        spoken = spoken or speaks(told)
        kept += (separator if kept else "") + told if told else ""
    return kept if spoken or not speaks(text) else ""


class Template(string.Formatter):
    """`{figure.id}`, `{figure.id:form}` and `{names.id}` with the words of figures and names."""

    def __init__(self, words: Callable[[str, str], str]) -> None:
        """`words` says a figure, by id, in a form."""
        self.words = words

    def spoken(self, text: str) -> set[tuple[str, str]]:
        """The figures and names that a template speaks of, each with its form."""
        return {(field, form or "full") for _, field, form, _ in self.parse(text) if field}

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        """The whole name, dots and all: ids are no attributes."""
        return field_name, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """The figure in the form after the colon, in full without one."""
        return self.words(str(value), format_spec or "full")
