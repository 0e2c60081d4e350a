"""Where a numeral may begin: works out the list `beginnings` of a language file, so that the search looks closer at few places.

`python benchmarks/beginnings.py en` writes the list anew after patterns or words have changed; a test says when it has to be.
What a numeral can begin with is read from the parse tree of its regular expression, and how often that stands in a text where
there is no numeral from the gold texts: an entry is as long as it pays.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from textwrap import fill

from zjlib.languages import FOLDER, Language, language

GOLD = Path(__file__).parent.parent / "tests" / "gold" / "english.jsonl"
ENTRY = 25  # so many places in the gold texts without a numeral must an entry more save
LONGEST = 12  # characters of an entry

parser = getattr(re, "_parser", None)  # not a public name: what checks with it is skipped where it has gone
CHARACTERS = frozenset(
    "".join(file.read_text("utf-8").lower() for file in FOLDER.glob("*.toml")) + "é\t"
)  # all told apart
CATEGORIES = {"WORD": r"\w", "DIGIT": r"\d", "SPACE": r"\s", "NOT_WORD": r"\W", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S"}


class Node:
    """A step of an automaton: one of `characters`, or none if it is None, and then any of `onward`; `held` must match too."""

    def __init__(self, characters: frozenset[str] | None, *onward: "Node", held: "Node | None" = None) -> None:
        self.characters, self.onward, self.held = characters, onward, held


END = Node(CHARACTERS)  # of a match: anything may follow
HELD = Node(None)  # the end of a look-ahead
State = frozenset[Node]  # nodes that all have to go on


def uncovered(pattern: str, heads: str) -> Iterator[str]:
    """What a match of the pattern can begin with and a match of `heads` cannot; look-behinds are not asked, nor what must not follow."""
    todo = [("", _start(pattern), _start(heads))]
    while todo:
        told, ours, theirs = todo.pop()
        for c in sorted(CHARACTERS):
            if not (left := _step(ours, c)):
                continue
            right = _step(theirs, c)
            if _over(right):
                continue
            if not right or _over(left):
                yield told + c
            else:
                todo.append((told + c, left, right))


def tightest(pattern: str, heads: str, start: str, text: str) -> list[str]:
    """The beginnings of what a pattern can match, beside those in `heads`, that a search in texts like this one has least to do with."""

    def best(told: str, ours: set[State], theirs: set[State], places: list[int]) -> tuple[int, list[str]]:
        """What it costs to look at the places where `told` stands, or only at those where it goes on as it can, and the entries."""
        if told and _over(theirs):
            return len(places), []
        here = len(places) + ENTRY, [told]
        if told and (len(places) <= ENTRY or _over(ours) or len(told) == LONGEST):
            return here
        following = defaultdict(list)
        for place in places:
            following[text[place + len(told) : place + len(told) + 1]].append(place)
        cost, entries = 0, []
        for c in sorted(CHARACTERS):
            if left := _step(ours, c):
                more, longer = best(told + c, left, _step(theirs, c), following[c])
                cost, entries = cost + more, entries + longer
                if told and cost >= here[0]:
                    return here
        return cost, entries

    places = [m.start() for m in re.finditer(start, text)]
    return best("", _start(pattern), _start(heads), places)[1]


def of_language(rules: Language) -> tuple[str, str]:
    """What a numeral of a language is, and what is looked for before it in the search."""
    patterns, whole = rules.rules["patterns"], rules.numeral.pattern
    start = rules.fill(patterns["start"])
    return whole[whole.index(start) + len(start) : whole.rindex("|(?P<rest>")], rules.fill(patterns["heads"])


def main(code: str) -> None:
    rules, file = language(code), FOLDER / f"{code}.toml"
    patterns = rules.rules["patterns"]
    text = "\n".join(json.loads(line)["text"].lower() for line in GOLD.open(encoding="utf-8"))
    heads = rules.fill(patterns["heads"].replace("|{beginnings}", ""))
    entries = tightest(of_language(rules)[0], heads, rules.fill(patterns["start"]), text)
    told = ", ".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    lines = fill(
        told.replace(" ", "\0").replace('",\0"', '", "'),
        140,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
    )
    listed = re.compile(r"(?<=\nbeginnings = \[)([^\n]*\n).*?(?=\n\]\n)", re.S)
    old = file.read_text("utf-8")
    file.write_text(listed.sub(lambda m: m[1] + lines.replace("\0", " ") + ",", old, count=1), "utf-8")
    print(f"{file.name}: {len(entries)} beginnings")


def _start(pattern: str) -> set[State]:
    return set(_ways(_sequence(parser.parse(pattern), END)))


def _over(states: set[State]) -> bool:
    """Whether a match may be over, whatever follows."""
    return {END} in states


def _step(states: set[State], c: str) -> set[State]:
    """Where a character leads."""
    found: set[State] = set()
    for state in states:
        if all(c in node.characters for node in state):
            ways = ([frozenset({END})] if node is END else [w for n in node.onward for w in _ways(n)] for node in state)
            found |= {frozenset().union(*together) for together in product(*ways)}
    return found


def _ways(node: Node) -> list[State]:
    """The states that a node stands for before the next character."""
    if node is HELD:
        return [frozenset()]
    if node.characters is not None:
        return [frozenset({node})]
    ways = [way for n in node.onward for way in _ways(n)]
    return [a | b for a in ways for b in _ways(node.held)] if node.held else ways


def _sequence(tokens, onward: Node) -> Node:
    for op, value in reversed(list(tokens)):
        onward = _one(str(op), value, onward)
    return onward


def _one(op: str, value, onward: Node) -> Node:
    match op:
        case "LITERAL":
            return Node(frozenset({chr(value)}), onward)
        case "NOT_LITERAL":
            return Node(CHARACTERS - {chr(value)}, onward)
        case "ANY":
            return Node(CHARACTERS, onward)
        case "IN":
            return Node(_characters(value), onward)
        case "BRANCH":
            return Node(None, *(_sequence(branch, onward) for branch in value[1]))
        case "SUBPATTERN" | "ATOMIC_GROUP":
            return _sequence(value[-1] if op == "SUBPATTERN" else value, onward)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, item = value
            if most > 8:  # taken as without end, which can only find more
                most = least
                loop = Node(None, onward)
                loop.onward = (onward, _sequence(item, loop))
                onward = loop
            for _ in range(most - least):
                onward = Node(None, onward, _sequence(item, onward))
            for _ in range(least):
                onward = _sequence(item, onward)
            return onward
        case "ASSERT" if value[0] == 1:
            return Node(None, onward, held=_sequence(value[1], HELD))
        case "FAILURE" | "ASSERT_NOT" if op == "FAILURE" or not value[1]:
            return Node(frozenset())
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return onward
        case _:
            raise NotImplementedError(op)


def _characters(items) -> frozenset[str]:
    found: set[str] = set()
    for op, value in items:
        if str(op) == "LITERAL":
            found.add(chr(value))
        elif str(op) == "RANGE":
            found |= {c for c in CHARACTERS if value[0] <= ord(c) <= value[1]}
        elif str(op) == "CATEGORY":
            category = CATEGORIES[str(value).removeprefix("CATEGORY_")]
            found |= {c for c in CHARACTERS if re.match(category, c)}
    return CHARACTERS - found if str(items[0][0]) == "NEGATE" else frozenset(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
