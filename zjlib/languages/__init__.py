"""The rules of a language, kept as data in `<code>.toml` and compiled once."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple, cast

from zjlib.units import EXACT, LENGTHS, MONEY

FOLDER = files(__name__)
# Lists of patterns that stay lists, to be joined with what begins alike.
KINDS = ("names", "dates", "spans", "silent", "ordinals", "words_only", "vague")
CUES = {"qualifier", "noun", "verb", "lift", "made", "compared", "far", "level", "basis", "stop", "skip"}
# What a language need not have: it is then as if it were empty.
OPTIONAL = (
    "articles", "beginnings", "cased_units", "currency", "few", "fractions", "length_words", "measures", "multiples", "per",
    "phrases", "plain_money", "ranks", "scale_or_unit", "scale_or_unit_heads", "scales", "shared_signs", "spelled",
    "tells_money", "vague_units", "weights",
)  # fmt: skip
_LOOK = r"(?:\(\?<?[=!](?:\\.|\[[^]]*\]|[^()[\\])*\))+"  # what a pattern asks of its place before it begins
_SHARED = re.compile(rf"{_LOOK}|\\b(?:\{{[a-z]+\}})?|\(\?:\{{[a-z]+\}}\)(?![?|])")
_INSIDE = re.compile(r"\\.|\[[^]]*\]|\([^()]*\)")  # what a bar within does not part a pattern


class Phrase(NamedTuple):
    """What words around an amount of one of `units` say of it, where nothing else does or `always`; no direction: it is no change."""

    units: frozenset[str | None]
    before: re.Pattern[str] | None
    reach: int
    after: re.Pattern[str] | None
    direction: str | None
    basis: str | None
    always: bool
    alternatives: tuple[str, ...]  # of `before`, with the names of lists in them

    @property
    def shows_after(self) -> bool:
        """Whether the words after an amount show that it may be this one: not where they only must not be some."""
        return self.after is not None and not self.after.match("")

    def fits(self, low: str, start: int, end: int, noun_end: int) -> bool:
        """Whether the words stand around the amount `low[start:end]`, or around it with what it counts."""
        if self.after and not self.after.match(low, end) and (noun_end == end or not self.after.match(low, noun_end)):
            return False
        return not self.before or bool(self.before.search(low, start - self.reach, start))


class Phrases:
    """Phrases of one unit, and two patterns that tell at once whether any of them may stand around an amount."""

    def __init__(self, phrases: list[Phrase], before: re.Pattern[str]) -> None:
        """`before` finds what any of the phrases looks for that only the words before an amount show."""
        self.all, self.before = phrases, before
        self.left, self.right = [p for p in phrases if not p.shows_after], [p for p in phrases if p.shows_after]
        self.after = re.compile("|".join(p.after.pattern for p in self.right if p.after) or "(?!)")
        self.reach = max((p.reach for p in self.left), default=0)

    def around(self, low: str, start: int, end: int, noun_end: int) -> list[Phrase]:
        """The phrases to be tried around the amount `low[start:end]`, which ends at `noun_end` with what it counts."""
        right = self.after.match(low, end) or (noun_end != end and self.after.match(low, noun_end))
        left = self.before.search(low, start - self.reach, start)
        return (self.all if right else self.left) if left else (self.right if right else [])


class Alternatives:
    """Patterns that are tried one after another; one pattern of them all tells which it is that matches."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """The groups of each may have the names of another's."""
        self.patterns = [re.compile(p) for p in patterns]

    @cached_property
    def _which(self) -> re.Pattern[str]:
        return re.compile("|".join(f"({_unnamed(p.pattern)})" for p in self.patterns) or "(?!)")

    def match(self, text: str, start: int) -> re.Match[str] | None:
        """The match of the first that matches there."""
        m = self._which.match(text, start)
        return self.patterns[m.lastindex - 1].match(text, start) if m and m.lastindex else None


class _Never:
    """A pattern that a language has not: it matches nothing, and does not look."""

    def search(self, text: str, start: int = 0, end: int = 0) -> None:
        """Nothing."""

    match = fullmatch = search

    def finditer(self, text: str, start: int = 0, end: int = 0) -> tuple[()]:
        """Nothing, many times."""
        return ()

    def findall(self, text: str, start: int = 0, end: int = 0) -> list[str]:
        """Nothing, in a list."""
        return []

    def split(self, text: str) -> list[str]:
        """The text in one piece."""
        return [text]

    def sub(self, new: Any, text: str) -> str:
        """The text as it is."""
        return text

    def subn(self, new: Any, text: str) -> tuple[str, int]:
        """The text as it is, of which nothing was replaced."""
        return text, 0


class Language:
    """Compiled rules: `numeral` finds numerals, `before` reads cues backwards from an amount, `after` forwards."""

    def __init__(self, code: str) -> None:
        """Read and compile `<code>.toml`."""
        self.code = code
        words = words_of(code)
        nouns = defaultdict(tuple, {"generic": {}, "plurals": {}, "endings": {}, **words["nouns"]})
        patterns = {name: p if name in KINDS else _joined(p) for name, p in words["patterns"].items()}
        self.rules = rules = {**{key: {} for key in OPTIONAL}, **words, "nouns": nouns, "patterns": patterns}
        self.spaced: bool = rules["spaced"]
        self.values = {w: Decimal(v) for part in ("numbers", "multipliers") for w, v in rules[part].items()}
        self.small = set(rules["small"])
        self.articles = set(rules["articles"])
        self.reach: dict[str, int] = rules["reach"]
        self.point: str = rules.get("point", ".")
        self.decimal: str = rules.get("decimal", ".")
        self.multipliers = set(rules["multipliers"])
        self.scales = {w: Decimal(v) for w, v in {**rules["multipliers"], **rules["scales"]}.items()}
        self.units = {w: _unit(u) for w, u in rules["units"].items()}
        self.units |= {w.replace(" ", "-"): u for w, u in self.units.items()}  # 'a 600-square-kilometre desert'
        plain = {w: u for w, u in self.units.items() if u[0] in LENGTHS}
        lengths = {f"{a} {w}": u for a in rules["length_words"] for w, u in plain.items()}
        self.per = {w: _unit(u) for w, u in rules["per"].items()}
        self.currency = {w: None if u == "?" else u for w, u in rules["currency"].items()}
        self.weights = {w: _unit(u) for w, u in rules["weights"].items()}
        self.cased = {w: _unit(u) for w, u in rules["cased_units"].items()}
        self.measures, self.bare_measures, self.adjective_measures, self.people_measures = (
            set(rules["measures"].get(kind, ())) for kind in ("words", "bare", "adjectives", "of_people")
        )
        self._lists: dict[str, str] = {
            "measures": trie(self.measures),
            "units": trie(self.units),
            "lengths": trie(lengths),
            "counters": trie({*self.units, *self.measures}),
            **{
                k: trie(rules[k])
                for k in ("numbers", "multipliers", "scales", "fractions", "currency", "per", "multiples", "beginnings")
            },
            **{f"{way}s": trie(rules["before"].get("verb", {}).get(way, ())) for way in ("up", "down")},
            **{f"{way}ward": trie(rules["before"].get("noun", {}).get(way, ())) for way in ("up", "down")},
            **{
                k: trie(rules["calendar"][k])
                for k in ("months", "small", "relative", "quarter", "holidays")
                if k in rules["calendar"]
            },
        }
        self.units |= lengths
        for key, value in patterns.items():
            if key not in KINDS:
                self._lists[key] = self.fill(value)
        self.dates = Alternatives(map(self.fill, patterns["dates"]))
        self.plan_dates = [p for p in self.dates.patterns if "plan" in p.groupindex]
        self.spans = Alternatives(map(self.fill, patterns["spans"]))
        # A month's name is told from what follows it; alone it resolves as well.
        self.silents = Alternatives(map(self.fill, (*patterns["silent"], "(?P<m>{months})")))
        self.numeral = re.compile(self._numeral(patterns))
        variants = rules.get("variants", {"from": "", "to": ""})
        self.variants = str.maketrans(variants["from"], variants["to"])
        self.spelled = str.maketrans(rules["spelled"])
        self.scale_words = re.compile(trie(self.scales))
        self.unit_words = "|".join(sorted(map(re.escape, (*self.units, *self.measures)), key=len, reverse=True))
        self.unit_after = re.compile(rf" ?(?:{self.unit_words})(?![a-z0-9])")
        self.before = self._cues(rules["before"], backwards=True)
        self.after = self._cues(rules["after"], backwards=False)
        self._phrases = [self._phrase(**p) for p in rules["phrases"]]
        self._phrases_of: dict[tuple[str, bool], Phrases] = {}

    def scale(self, printed: str | None) -> Decimal:
        """What words of scale multiply a number by: a trillion for `万亿`, 1 for none."""
        factor = Decimal(1)
        for word in self.scale_words.findall(printed) if printed else ():
            factor = EXACT.multiply(factor, self.scales[word])
        return factor

    def left_over(self, low: str, start: int, end: int) -> bool:
        """Whether `low[start:end]` stands alone and counts what was counted before: '16 have opened', 'the remaining ten'."""
        return bool(self.elliptic.match(low, end) or self.remaining.search(low, start - 12, start))

    def phrases(self, unit: str | None, told: bool) -> Phrases:
        """The phrases that may say something of an amount of a unit, where a direction is `told` already or not."""
        key = (unit or "").partition("/")[0], told
        if key not in self._phrases_of:
            known = [p for p in self._phrases if (not p.units or key[0] in p.units) and (p.always or not told)]
            told_before = sorted(a for p in known if not p.shows_after for a in p.alternatives)
            left = self.fill(_joined(told_before)) or "(?!)"
            if all(a.startswith(r"\b") for a in told_before):
                left = rf"\b(?![ ,.])(?:{left})"  # the ends of words are passed over before any is tried
            self._phrases_of[key] = Phrases(known, re.compile(left))
        return self._phrases_of[key]

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """A pattern of the file by its name, compiled when first asked for; one that never matches where this language has none."""
        if name not in self.rules["patterns"] and name not in _pattern_names():
            raise AttributeError(f"no language has a pattern {name!r}")
        told = self.rules["patterns"].get(name)
        pattern = re.compile(self.fill(told)) if told is not None else cast("re.Pattern[str]", _Never())
        setattr(self, name, pattern)
        return pattern

    def fill(self, pattern: str) -> str:
        """A pattern with each `{list}` put in."""
        return re.sub(r"\{([a-z]+)\}", lambda m: f"(?:{self._lists[m[1]]})", pattern)

    def _numeral(self, patterns: dict[str, Any]) -> str:
        def bare(alternatives: list[str]) -> str:
            return "|".join(map(self.fill, _with_shared_beginnings(list(map(_unnamed, alternatives))))) or "(?!)"

        kinds = [
            ("name", bare(patterns["names"])),
            ("date", bare(patterns["dates"])),
            ("span", bare(patterns["spans"])),
            ("silent", bare(patterns["silent"])),
            ("ordinal", bare(patterns["ordinals"])),
            ("word", bare(patterns["words_only"])),
            ("vague", bare(patterns["vague"])),
            ("fraction", self.fill(patterns["fraction"])),
            ("multiple", self.fill(r"{multiples}\b" if self.spaced else "{multiples}")),
            ("quantity", self.fill(patterns["amount"])),
        ]
        told = [f"(?P<{kind}>{pattern})" for kind, pattern in kinds]
        # Most amounts show what they are at once: '5.2%' is none of the kinds before the fractions.
        plainly = f"(?!{self.fill(patterns['plainly'])})" if patterns.get("plainly") else ""
        others, amounts = told[: len(KINDS)], told[len(KINDS) :]
        body = "|".join([f"{plainly}(?:{'|'.join(others)})", *amounts])
        # `heads` are the characters that any of these can begin with: the search skips the others fast. Where words are
        # spaced, most places stand within one, where nothing but `rest` begins, and that with a digit.
        heads = f"(?={self.fill(patterns['heads'])})" if patterns["heads"] else ""
        start, rest = self.fill(patterns["start"]), f"(?P<rest>{patterns['rest']})"
        if self.spaced:
            return rf"(?!(?<=\w)\D)(?:{heads}{start}(?:{body})|{rest})"
        return f"{heads}(?:{start}(?:{body})|{rest})"

    def _phrase(self, direction: str, units: Any = (), reach: int = 0, basis: str | None = None, **rest: Any) -> Phrase:
        before, after = (re.compile(self.fill(_joined(rest[k]))) if k in rest else None for k in ("before", "after"))
        known = frozenset(u for name in units for u in (MONEY if name == "money" else (name,)))
        said = None if direction == "none" else direction
        told = rest.get("before", ())
        alternatives = (told,) if isinstance(told, str) else tuple(told)
        return Phrase(known, before, reach, after, said, basis, rest.get("always", False), alternatives)

    def _cues(self, groups: dict[str, Any], backwards: bool) -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
        table: dict[str, tuple[str, str]] = {}
        for kind, words in groups.items():
            if kind not in CUES:
                raise ValueError(f"{self.code}.toml: cues of kind {kind!r}, expected one of {', '.join(sorted(CUES))}")
            for value, phrases in words.items() if isinstance(words, dict) else [("", words)]:
                for phrase in phrases:
                    key = phrase[::-1] if backwards else phrase
                    old = table.get(key)
                    # A word may be noun and verb of change alike ('increase'): it then has the reach of the noun.
                    if not (old and old[0] == "noun"):
                        table[key] = (kind, value)
        return re.compile(trie(table, word=self.spaced)), table


@cache
def language(code: str) -> Language:
    """The compiled rules of a language ('en', 'zh')."""
    return Language(code)


@cache
def codes() -> tuple[str, ...]:
    """The languages that have a file."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in FOLDER.iterdir() if f.name.endswith(".toml")))


@cache
def words_of(code: str) -> dict[str, Any]:
    """What the file of a language says, before anything of it is compiled."""
    return tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))


@cache
def _pattern_names() -> set[str]:
    return {name for code in codes() for name in words_of(code)["patterns"]}


def _unnamed(pattern: str) -> str:
    """A pattern without groups."""
    return re.sub(r"\(\?P<[a-z0-9]+>", "(?:", pattern)


def _joined(alternatives: str | list[str]) -> str:
    return alternatives if isinstance(alternatives, str) else "|".join(_with_shared_beginnings(alternatives))


def _with_shared_beginnings(alternatives: list[str]) -> list[str]:
    """Patterns that stand one after another and begin alike, with a look around, a list, `(?:{year})`, or a word's edge, as one."""

    def beginning(pattern: str) -> str:
        m, outside = _SHARED.match(pattern), pattern
        while outside != (outside := _INSIDE.sub("", outside)):
            pass
        return m[0] if m and "|" not in outside else ""

    out = []
    for head, group in groupby(alternatives, key=beginning):
        tails = [p.removeprefix(head) for p in group]
        out += [f"{head}(?:{'|'.join(tails)})"] if head and len(tails) > 1 else [head + tail for tail in tails]
    return out


def trie(words: Any, word: bool = False) -> str:
    """A regular expression for any of the words, the longest first, that shares their beginnings (so that it is fast)."""
    root: dict[str, Any] = {}
    for w in words:
        node = root
        for char in w:
            node = node.setdefault(char, {})
        node[""] = {}

    def pattern(node: dict[str, Any], last: str) -> str:
        end = "" in node
        tails = []
        for char in sorted(c for c in node if c):
            tails.append(re.escape(char) + pattern(node[char], char))
        if not tails:
            return r"\b" if word and last.isalnum() else ""
        if end:
            tails.append(r"\b" if word and last.isalnum() else "")
        return tails[0] if len(tails) == 1 else f"(?:{'|'.join(tails)})"

    if not word:
        return pattern(root, "") if root else "(?!)"
    heads: dict[str, list[str]] = {r"\b": [], "": []}
    for char in sorted(root):
        heads[r"\b" if char.isalnum() else ""].append(re.escape(char) + pattern(root[char], char))
    return "|".join(f"{edge}(?:{'|'.join(tails)})" for edge, tails in heads.items() if tails)


def _unit(entry: Any) -> tuple[str | None, Decimal]:
    symbol, factor = (entry, "1") if isinstance(entry, str) else entry
    fraction = Fraction(factor)
    return (None if symbol == "?" else symbol), EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
