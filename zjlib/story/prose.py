"""Prose whose numbers are figures: templates in which `{first_batch.projects}` stands for that figure in words."""

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


class Template(string.Formatter):
    """`{figure.id}`, `{figure.id:form}` and `{names.id}` with the words of figures and names."""

    def __init__(self, words: Callable[[str, str], str]) -> None:
        """`words` says a figure, by id, in a form."""
        self.words = words

    def ids(self, text: str) -> set[str]:
        """The figures and names that a template speaks of."""
        return {field for _, field, _, _ in self.parse(text) if field}

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        """The whole name, dots and all: ids are no attributes."""
        return field_name, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """The figure in the form after the colon, in full without one."""
        return self.words(str(value), format_spec or "full")
