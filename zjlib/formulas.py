"""Formulas over figures, with the intervals that the printed digits and bound words allow.

A figure is an interval `low..high` around its value. A formula's interval is spanned by the corners of its inputs': exact for the
sums, differences, products and quotients of positive amounts that the catalogue holds, also where an input stands in it twice.
"""

import ast
import functools
import itertools
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zjlib.errors import ZjlibError

_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
_MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}", "\N{FULLWIDTH HYPHEN-MINUS}")
_RELATIONS = {ast.Eq: "==", ast.Lt: "<", ast.LtE: "<="}


class FormulaError(ZjlibError, ValueError):
    """A formula that is not arithmetic over figure ids."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value in base units and what it may be at least and at most; infinite where the words leave it open."""

    value: float
    low: float
    high: float

    @property
    def told(self) -> bool:
        """Whether anything is known of it: not when both ends are open."""
        return math.isfinite(self.low) or math.isfinite(self.high)

    def meets(self, other: "Interval") -> bool:
        """Whether one number can be both."""
        return self.low <= other.high and other.low <= self.high

    def surely_below(self, other: "Interval", *, or_equal: bool = False) -> bool:
        """Whether this is less than the other, whatever the two are within their intervals."""
        return self.high <= other.low if or_equal else self.high < other.low


def in_full(number: float) -> str:
    """A number with ten digits that count at most, never with a power of ten: 833,700,000,000."""
    return f"{Decimal(f'{number:.10g}'):,f}"


def minus(surface: Any) -> bool:
    """Whether a number is printed with a minus in front of it."""
    return str(surface).startswith(_MINUS)


def signed(figure: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's row with the rate of a decline, or a contribution with a minus in front, as a negative number; any other as it is."""
    row, basis = dict(figure), str(figure.get("basis"))
    falls = str(row.get("direction")) == "down" and str(row.get("unit")) == "%" and basis != "share"
    if basis == "contribution":  # a share has no direction, and words of change before it are another's
        falls = minus(row.get("surface")) and (row["value"] or 0) > 0
    if not falls:
        return row
    below = {key: None if row.get(key) is None else -row[key] for key in ("value", "value_max", "low", "high")}
    return {**row, **below, "low": below["high"], "high": below["low"], "direction": None}


@functools.cache
def parse(formula: str) -> ast.expr:
    """The formula's tree; FormulaError when it holds anything but ids, numbers, + - * / and at most one comparison."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, TypeError) as error:
        raise FormulaError(f"formula {formula!r}: {error}; expected figure ids, numbers and + - * /") from error
    for leaf in itertools.chain.from_iterable(map(_leaves, _sides(tree))):
        if _id(leaf) is None and not (isinstance(leaf, ast.Constant) and type(leaf.value) in (int, float)):
            raise FormulaError(
                f"formula {formula!r}: {ast.unparse(leaf)!r} is neither a figure's id, a number, nor + - * /"
            )
    return tree


@functools.cache
def inputs(formula: str) -> tuple[str, ...]:
    """The ids that a formula names, in their order."""
    return tuple(
        dict.fromkeys(id for side in _sides(parse(formula)) for leaf in _leaves(side) if (id := _id(leaf)) is not None)
    )


def relation(formula: str) -> tuple[str, str, str]:
    """A comparison's left side, sign and right side; FormulaError when the formula has none."""
    tree = parse(formula)
    if not isinstance(tree, ast.Compare):
        raise FormulaError(f"formula {formula!r} compares nothing; expected one of {', '.join(_RELATIONS.values())}")
    return ast.unparse(tree.left), _RELATIONS[type(tree.ops[0])], ast.unparse(tree.comparators[0])


def expand(formula: str, definitions: Mapping[str, str]) -> str:
    """The formula with every derived id replaced by its own formula, down to stated figures."""

    class Expand(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST:
            id = _id(node) or ""
            return parse(expand(definitions[id], definitions)) if id in definitions else super().generic_visit(node)

    return ast.unparse(Expand().visit(ast.parse(formula, mode="eval").body))


def evaluate(formula: str, figures: Mapping[str, Interval]) -> Interval:
    """The formula's value and interval. KeyError names an input that `figures` lacks; a quotient by zero is infinite."""
    tree, ids = parse(formula), inputs(formula)
    given = [figures[id] for id in ids]
    value = _compute(tree, dict(zip(ids, (each.value for each in given), strict=True)))
    for divisor in _divisors(tree):
        spread = evaluate(ast.unparse(divisor), figures)
        if spread.low <= 0 <= spread.high:  # between corners on both sides of zero lies everything
            return Interval(value, -math.inf, math.inf)
    corners = itertools.product(*({figure.low, figure.high} for figure in given))
    results = [_compute(tree, dict(zip(ids, corner, strict=True))) for corner in corners]
    settled = [result for result in results if not math.isnan(result)]
    return Interval(value, min(settled, default=-math.inf), max(settled, default=math.inf))


def _compute(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.BinOp(left, op, right):
            try:
                return _OPERATORS[type(op)](_compute(left, values), _compute(right, values))
            except ZeroDivisionError:
                return math.inf
        case ast.UnaryOp(op, operand):
            return _OPERATORS[type(op)](_compute(operand, values))
        case ast.Constant(float() | int() as number):
            return number
    return values[_id(node) or ""]


def _sides(tree: ast.expr) -> list[ast.expr]:
    match tree:
        case ast.Compare(left, [op], [right]) if type(op) in _RELATIONS:
            return [left, right]
    return [tree]


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """What the operators of an expression stand between; an id with its dots is one leaf."""
    match node:
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
            operands = [left, right]
        case ast.UnaryOp(op, operand) if type(op) in _OPERATORS:
            operands = [operand]
        case _:
            yield node
            return
    for operand in operands:
        yield from _leaves(operand)


def _divisors(tree: ast.expr) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not isinstance(node.right, ast.Constant):
            yield node.right


def _id(node: ast.AST) -> str | None:
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, attribute) if (base := _id(value)) is not None:
            return f"{base}.{attribute}"
    return None
