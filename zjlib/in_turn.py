"""What a sentence tells in turn, told one by one: 'exports and imports rose 9 and 2 percent' as 'exports rose 9, imports rose 2'."""

import re
from collections.abc import Mapping, Sequence

from zjlib.beside import ANY, MARK
from zjlib.scan import Numeral

_SIZES = range(5, 1, -1)  # how many are told in turn, the most first


class InTurn:
    """How a language tells in turn, by its row of `[in_turn]` in `indicators.toml`, all words of which are spelled out."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Compile the row's patterns."""
        w = {key: words[key].replace("{#}", ANY) for key in words}

        def row(parts: Sequence[str]) -> str:
            return "".join([parts[0], *(w["comma"] + part for part in parts[1:-1]), w["last"], parts[-1]])

        def values(verb: str, k: int) -> str:
            again = f"(?:{w['verb']}|{w['beside']})?{w['number']}"
            return f"(?P<values>{row([verb + w['number'], *[again] * (k - 1)])}){w['end']}"

        def names(k: int) -> str:
            return row([f"(?P<name{i}>{w['name'] if i else w['first']})" for i in range(k)])

        self._named = [re.compile(w["start"] + names(k) + values(w["verb"], k)) for k in _SIZES]
        self._amounts = [(k, re.compile(f"(?<={ANY}){w['gap']}{values(w['beside'], k)}")) for k in _SIZES]
        self._value = re.compile(f"(?P<verb>{w['verb']}|{w['beside']})?(?P<number>{w['number']})")
        self._after = re.compile(f"({w['tail']})({w['comma']}|{w['last']})?")
        self._each, self._lost, self._sentence = (re.compile(w[key]) for key in ("each", "lost", "sentence"))
        self._stop, self._insert = words["stop"], words["insert"]

    def told_apart(self, text: str, numerals: Sequence[Numeral]) -> str:
        """A masked text in which the k-th number stands beside the k-th name; numbers whose names are not found lose their mark."""
        return self._sentence.sub(lambda m: self._read(m[0], numerals), text)

    def _read(self, sentence: str, numerals: Sequence[Numeral]) -> str:
        for pattern in self._named:
            sentence = pattern.sub(self._by_name, sentence)
        for k, pattern in self._amounts:
            if m := pattern.search(sentence):
                sentence = self._by_amount(sentence, m, k, numerals)
        return self._lost.sub(lambda m: re.sub(ANY, "\ufffd", m[0]), sentence)

    def _by_name(self, m: re.Match[str]) -> str:
        names = [found.strip() for name, found in m.groupdict().items() if name != "values"]
        told = (name + value for name, value in zip(names, self._values(m), strict=True))
        return m.string[m.start() : m.start("name0")] + self._stop.join(told)

    def _by_amount(self, sentence: str, m: re.Match[str], k: int, numerals: Sequence[Numeral]) -> str:
        """'Exports 3.9 and imports 1.4 trillion yuan, up 9 and 2 percent': as many amounts of one unit go before."""
        marks = [(found.end(), numerals[ord(found[0]) - MARK]) for found in re.finditer(ANY, sentence[: m.end()])]
        amounts = [(end, n.unit) for end, n in marks if n.kind == "quantity" and end <= m.start()]
        places = [end for end, unit in amounts if unit == amounts[-1][1]][-k:]
        if len(places) < k or len({n.unit for end, n in marks if end > m.start("values")}) > 1:
            return sentence
        told, position = "", 0
        for place, value in zip(places, self._values(m), strict=True):
            tail, joint = self._after.findall(sentence, place, m.start())[0]
            told += sentence[position:place] + tail + self._insert + value + (self._insert if joint else "")
            position = place + len(tail + joint)
        return told + sentence[m.end() :]

    def _values(self, m: re.Match[str]) -> list[str]:
        verb, told = "", []
        for value in self._value.finditer(m["values"]):
            verb = value["verb"] or verb
            told.append(self._each.sub("", verb) + value["number"])
        return told
