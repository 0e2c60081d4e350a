"""Figures out of the prose of economic reports, as tidy tables and charts that lead back to the sentence."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "read_document": "report",
    "Document": "report",
    "ReportError": "report",
    "scan": "scan",
    "read_report": "quick",  # of `tables`; from here, so that a report shows itself as a card
    "Report": "quick",
    "check": "checks",
    "indicators": "indicators",
    "indicator_cells": "indicators",
    "outcomes": "outcomes",
    "Story": "tell",
    "find": "quick",
    "show": "quick",
    "chart": "quick",
    "to": "quick",
    "Wording": "drawing.words",
    "Choice": "explore.choice",
    "Explorer": "explore.view",
    "WhatIf": "explore.slider",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    # Lazy, so that `import zjlib` and `zjlib --help` do not wait for pandas.
    if name in _PUBLIC:
        module = import_module(f"zjlib.{_PUBLIC[name]}")
        value = getattr(module, name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'zjlib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps `zjlib.scan` the function: importing the module of that name would otherwise put the module in its place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
