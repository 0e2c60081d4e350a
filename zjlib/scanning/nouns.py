"""The noun that a number counts."""

import re
from functools import cache

from zjlib.languages import Language

_WORD = re.compile(r"[ -]?[\"“]?((?:\d[\d,.]{0,12}-)?(?:\d{1,2}[a-z]|[a-zß-ÿ])[a-zß-ÿ'-]*)[\"”]?")
_PLURAL = re.compile(r"(?<![a-zß-ÿ-])([a-zß-ÿ]{4,})(?![a-zß-ÿ-])")
_LONGEST = 9  # words between a number and the end of the noun that it counts


def head(low: str, start: int, end: int, rules: Language, one: bool = False) -> tuple[str | None, bool, int]:
    """The head noun that `low[start:end]` counts, singular, whether it is people, and where it ends; words stand apart."""
    nouns = rules.rules["nouns"]
    if rules.expected_after.match(low, end) and rules.than_the.search(low, start - 20, start):
        return None, False, end  # 'fewer than the 170,000 economists had forecast'
    if "," in low[start:end] and rules.forecasters.match(low, end):
        return None, False, end  # 'in line with the 165,000 economists had pencilled in'
    part = rules.before_noun.match(low, end)
    pos = part.end() if part else end
    found, stop, first, pos_first, skipped = None, end, True, pos, False
    for _ in range(_LONGEST):
        if aside := rules.abbreviation.match(low, pos):
            pos = aside.end()  # '88 Public Private Partnership (PPP) projects'
        m = _WORD.match(low, pos)
        if m is None:
            break
        word, pos = m[1].removesuffix("'s").strip("'-"), m.end()
        if first and word in nouns["skip"]:
            skipped = True
            continue
        if word in nouns["joint"] and found is None and (skipped or not first):
            continue
        if first and word in rules.values and pos_first == end:  # '2.4 million five years ago'
            break
        hyphen, first = first and m.start() == end and low[end : end + 1] == "-", False
        if hyphen and "." in low[start:end]:  # 'a 5.1-magnitude quake'
            return None, False, end
        if hyphen and word not in nouns["stop"]:  # 'a 20-member team'
            return word, are_people(word, rules), pos
        if word in nouns["stop"]:
            break
        plural = _is_plural(word, rules)
        if plural and word in nouns["mass"] and rules.large.search(low, start, end):
            break  # 'the 60 billion sales target'
        if plural and rules.attributive.match(low, pos):
            continue  # 'elderly care beds'
        if plural and not m[1].endswith("'s"):
            found, stop = word, pos
        elif found:
            break
        elif one and (skipped or not rules.elliptic.match(low, end)) and _alone(low, word, pos, rules):
            return word, are_people(word, rules), pos
    if found is None:
        return _elsewhere(low, start, end, rules)
    if found in nouns["generic"] and rules.vehicles.search(low, start - 60, end + 40):
        return nouns["generic"][found], False, stop
    firms = (
        (found in nouns["members"] and rules.of_a_body.match(low, stop))
        or (found in nouns["firms"] and not (rules.large.search(low, start, end) or "," in low[start:end]))
        or rules.big_firms.fullmatch(low, end, stop)
    )
    people = are_people(found, rules) and not firms
    return singular(found, rules), people, stop


def _alone(low: str, word: str, pos: int, rules: Language) -> bool:
    """Whether a singular word that ends at `pos` is the noun of 'one': no other noun follows it."""
    following = _WORD.match(low, pos)
    return (
        following is None
        or following[1] in rules.rules["nouns"]["stop"]
        or bool(rules.not_noun.fullmatch(following[1]) or rules.after_one.fullmatch(following[1]))
    )


def _elsewhere(low: str, start: int, end: int, rules: Language) -> tuple[str | None, bool, int]:
    """The noun of a number that none follows: a name in quotes, a label, or the subject of its clause."""
    nouns = rules.rules["nouns"]
    part = rules.before_noun.match(low, end)
    if part and part[1]:
        close = low.rfind("”", end, end + 60)  # 'the three “one”. No. Project”'
        last = re.search(r"([a-z]+)\W*$", low[end:close]) if close > 0 else None
        word = last[1] if last else part[1]
        return (singular(word, rules) if _is_plural(word, rules) else word), False, part.end()
    they = rules.are_they.match(low, end)
    if they and are_people(they[1], rules):
        return singular(they[1], rules), True, end
    left = max(start - 120, 0)
    left = max(low.rfind(". ", left, start), low.rfind("\n", left, start), left)
    large = rules.large.search(low, start, end)
    told_per = rules.by.match(low, end) or rules.per_count.search(low, left, start)
    rate = "." in low[start:end] and not large and not told_per
    label = (
        rules.sales_of.search(low, left, start)
        or rules.label.search(low, left, start)
        or (rules.drop_from.search(low, left, start) if rules.drop_to.match(low, end) and not rate else None)
    )
    if rate or (label and label[3] in nouns["verbs"]):  # 'the firm employs 1,850'
        label = None
    if label and label[3] and not _is_plural(label[3], rules):
        label = None  # 'net migration was thus 128,900'
    directly = label and label[3]  # 'industrial robots 27,560'
    if label and not (directly and (directly in nouns["mass"] or large)):
        word = label[1] or label[2] or label[3]
        return singular(word, rules), are_people(word, rules), end
    clause = rules.per_count.sub("", low[left:start])  # 'patents per 10,000 people reached 11.8'
    subject = None if rate else _subject(clause, rules)
    listed = large and rules.next_amount.match(low, end)
    if subject and (not listed or are_people(subject, rules)):
        return singular(subject, rules), are_people(subject, rules), end
    many = large or "," in low[start:end] or " " in low[start:end]
    people = rules.many_people.search(low, left, start) or rules.poverty.match(low, end) if many else None
    people = people or rules.harmed.match(low, end)
    bare_rate = rate and low[end - 1].isdigit()  # '2.3k' is none
    if not people and not bare_rate and end - start > 2 and not rules.in_a_list.match(low, end):
        people = rules.population.search(low, start - 200, start)
    return None, bool(people), end


def _subject(clause: str, rules: Language) -> str | None:
    """The plural that is the subject of the verb before a number: 'orders' in 'its orders grew by 26% to 4.1 million'."""
    verbs = list(rules.says.finditer(clause))
    if not verbs or not rules.predicate.fullmatch(clause, verbs[-1].end()):
        return None
    noun_phrase = rules.clause_start.split(clause[: verbs[-1].start()])[-1]
    nouns = rules.rules["nouns"]
    first, *others = rules.preposition.split(noun_phrase)
    words = first.split()
    if others and words and words[-1] in nouns["numbers_of"]:
        words = others[0].split()
    while words and words[-1] in nouns["adverbs"]:
        words.pop()
    word = words[-1] if words else ""
    if word in nouns["numbers"] and len(words) > 1:
        return words[-2]  # 'passenger numbers'
    counted = word.isalpha() and len(word) > 3 and _is_plural(word, rules)
    days = rules.day_count.fullmatch(noun_phrase)
    return word if counted and (days or word not in nouns["mass"]) else None


def nearest(low: str, start: int, end: int, rules: Language) -> str | None:
    """The last plural in `low[start:end]` that names things which can be counted."""
    nouns = rules.rules["nouns"]
    for m in reversed(list(_PLURAL.finditer(low, start, end))):
        word = m[1]
        if word in nouns["numbers"] and (before := re.search(r"([a-z]+) $", low[start : m.start()])):
            return before[1]  # 'passenger numbers'
        known = _is_plural(word, rules) and not rules.verb_next.match(low, m.end(), end)
        if (
            known
            and word not in nouns["mass"]
            and word not in nouns["verbs"]
            and word not in nouns["sources"]
            and word not in rules.units
            and not rules.per_many.search(low, start, m.start())
        ):
            return word
    return None


def are_people(word: str, rules: Language) -> bool:
    """Whether a noun, singular or plural, names people."""
    return word in _people(rules) or bool(rules.person_word.fullmatch(word))


@cache
def _people(rules: Language) -> frozenset[str]:
    plurals = rules.rules["nouns"]["people"]
    return frozenset([*plurals, *(singular(word, rules) for word in plurals)])


def _is_plural(word: str, rules: Language) -> bool:
    nouns = rules.rules["nouns"]
    return word in nouns["plurals"] or (bool(rules.plural.fullmatch(word)) and word not in nouns["not_plural"])


def singular(word: str, rules: Language) -> str:
    """The singular of a plural; a word that is none stays as it is."""
    nouns = rules.rules["nouns"]
    if word in nouns["not_plural"]:
        return word
    if word in nouns["plurals"]:
        return str(nouns["plurals"][word])
    ending, single = next(((e, s) for e, s in nouns["endings"].items() if word.endswith(e)), ("", ""))
    return word.removesuffix(ending) + str(single)


@cache
def _written(rules: Language) -> tuple[re.Pattern[str], ...]:
    nouns = rules.rules["nouns"]
    people = f"(?:{'|'.join([*nouns['people'], nouns['heads']])})(?!{nouns['apart']})"
    after = re.compile(rf"{nouns['aside']}((?:{people})|(?:(?!{nouns['stop']})[\u4e00-\u9fff]){{1,16}})")
    before = re.compile(r"([\u4e00-\u9fff、]{1,18})$")
    first = "".join({word[0] for word in nouns["lead"].split("|")})  # so that most places are passed over fast
    lead = re.compile(rf".*(?=[{first}])(?:{nouns['lead']})(?=.)")
    aged, none = re.compile(nouns["aged"]), re.compile(nouns["no_noun"])
    return after, before, lead, re.compile(f"(?:{people})|.*(?:{people})$"), aged, none


def written(low: str, start: int, end: int, rules: Language) -> tuple[str | None, bool, int]:
    """The noun after the measure word that ends at `end`, or before the number, as written, and whether it is people."""
    after, before, lead, people, aged, none = _written(rules)
    m = after.match(low, end)
    if m:
        noun = m[1]
        return noun, bool(people.match(noun)), m.end()
    b = before.search(low, start - 18, start)
    text = aged.sub("", b[1]) if b else ""
    rest = b is not None and low[b.start() - 1 : b.start()].isdigit() and "、" not in text and text == b[1]
    told = rules.noun_tail.sub("", text)
    led = lead.sub("", told)
    if b is None or (rest and (led == told or people.match(led))):
        return None, False, end  # the rest of an amount is no noun, but '3000万元以上项目' has one
    noun = rules.noun_tail.sub("", led).split("、")[-1]
    noun = noun.removeprefix(rules.rules["nouns"]["each"])
    noun = "" if none.search(noun) else noun
    return (noun or None), bool(people.match(noun)), end
