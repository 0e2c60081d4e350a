"""The noun that a number counts."""

import re
from functools import cache

from zjlib.languages import Language

_WORD = re.compile(r"[ -]?[\"“]?((?:\d[\d,.]{0,12}-)?(?:\d{1,2}g|[a-z])[a-z'-]*)[\"”]?")


def english(low: str, start: int, end: int, rules: Language, one: bool = False) -> tuple[str | None, bool, int]:
    """The head noun after `low[start:end]`, singular, whether it is people, and where it ends."""
    nouns = rules.rules["nouns"]
    part = rules.before_noun.match(low, end)
    pos = part.end() if part else end
    head, stop, first, pos_first = None, end, True, pos
    for _ in range(9):
        m = _WORD.match(low, pos)
        if m is None:
            break
        word, pos = m[1].removesuffix("'s").strip("'-"), m.end()
        if first and word in ("odd", "plus", "strong", "more", "fewer", "additional", "other", "new", "such", "less"):
            continue
        if word in ("and", "or") and head is None and not first:
            continue
        if first and word in rules.values and pos_first == end:  # '2.4 million five years ago'
            break
        hyphen, first = first and m.start() == end and low[end : end + 1] == "-", False
        if hyphen and "." in low[start:end]:  # 'a 5.1-magnitude quake'
            return None, False, end
        if hyphen:  # 'a 20-member team'
            return word, word in nouns["people"], pos
        if word in nouns["stop"]:
            break
        plural = word in nouns["plurals"] or (
            word[-1:] == "s" and word[-2:] not in ("ss", "us", "is") and word not in nouns["not_plural"]
        )
        if plural and not m[1].endswith("'s"):
            head, stop = word, pos
        elif head:
            break
        elif one and not rules.elliptic.match(low, end):
            following = _WORD.match(low, pos)
            if (
                word.endswith("ly")
                or not following
                or following[1] in nouns["stop"]
                or following[1].endswith(("s", "ed"))
                or following[1] in ("alone", "only")
            ):
                return word, word in nouns["people"] or f"{word}s" in nouns["people"], pos
    if head is None:
        if part and part[1]:
            close = low.rfind("”", end, end + 60)  # 'the three “one”. No. Project”'
            last = re.search(r"([a-z]+)\W*$", low[end:close]) if close > 0 else None
            return (last[1] if last else part[1]), False, part.end()
        left = max(start - 120, 0)
        left = max(low.rfind(". ", left, start), low.rfind("\n", left, start), left)
        label = rules.label.search(low, left, start) or (
            rules.drop_from.search(low, left, start) if rules.drop_to.match(low, end) else None
        )
        rate = "." in low[start:end] and "illion" not in low[start:end] and not low.startswith(" per ", end)
        if label and rate and not label[1]:
            label = None
        directly = label is not None and label[3]  # 'industrial robots 27,560'
        if label is None or (directly and (directly in nouns["mass"] or rate or "illion" in low[start:end])):
            subject = None if rate else _subject(low[left:start], rules)
            listed = "illion" in low[start:end] and re.match(r",? (?:and |or )?[$€£¥]?\d", low[end : end + 8])
            if subject and not (listed and subject not in nouns["people"]):
                return _singular(subject, nouns["plurals"]), subject in nouns["people"], end
            large = end - start > 2  # '60 and older' is an age
            return None, large and bool(rules.population.search(low, max(0, start - 200), start)), end
        word = label[1] or label[2] or label[3]
        return _singular(word, nouns["plurals"]), word in nouns["people"], end
    if head == "units" and re.search(r"\b(?:vehicles?|cars?|automobiles?|nevs?)\b", low[max(0, start - 60) : end + 40]):
        return "vehicle", False, stop
    return _singular(head, nouns["plurals"]), head in nouns["people"], stop


def _subject(clause: str, rules: Language) -> str | None:
    """The plural that is the subject of the verb before a number: 'orders' in 'its orders grew by 26% to 4.1 million'."""
    verbs = list(rules.says.finditer(clause))
    if not verbs or not rules.predicate.fullmatch(clause, verbs[-1].end()):
        return None
    noun_phrase = re.split(r"[.;:,\n]|\b(?:and|while|but|as|which|that)\b", clause[: verbs[-1].start()])[-1]
    head = rules.preposition.split(noun_phrase)[0].split()
    word = head[-1] if head else ""
    if word == "numbers" and len(head) > 1:
        word = f"{head[-2]}s"  # 'passenger numbers'
    nouns = rules.rules["nouns"]
    counted = word in nouns["plurals"] or (word[-1:] == "s" and len(word) > 3 and word not in nouns["not_plural"])
    return word if word.isalpha() and counted and word not in nouns["mass"] else None


def _singular(word: str, irregular: dict[str, str]) -> str:
    if word in irregular:
        return irregular[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]


@cache
def _chinese(rules: Language) -> tuple[re.Pattern[str], ...]:
    nouns = rules.rules["nouns"]
    people = "|".join(nouns["people"])
    after = re.compile(
        rf"(?:\([^)]{{1,4}}\))?(?:\d+岁(?:及?以[上下])?)?((?:(?!{nouns['stop']})[\u4e00-\u9fff]){{1,16}})"
    )
    before = re.compile(r"([\u4e00-\u9fff、]{1,18})$")
    lead = re.compile(rf".*(?:{nouns['lead']})(?=.)")
    return after, before, lead, re.compile(f"(?:{people})|.*(?:{people})$")


def chinese(low: str, start: int, end: int, rules: Language) -> tuple[str | None, bool, int]:
    """The noun after the measure word that ends at `end`, or before the number, as written, and whether it is people."""
    after, before, lead, people = _chinese(rules)
    m = after.match(low, end)
    if m:
        noun = m[1]
        return noun, bool(people.match(noun)), m.end()
    b = before.search(low, max(0, start - 18), start)
    if b is None or (low[b.start() - 1 : b.start()].isdigit() and "、" not in b[1]):  # the rest of an amount is no noun
        return None, False, end
    noun = rules.noun_tail.sub("", lead.sub("", rules.noun_tail.sub("", b[1]))).split("、")[-1]
    noun = noun.removeprefix("每")
    return (noun or None), bool(people.match(noun)), end
