"""Bring [variants] in the rules of Chinese up to date: the traditional forms of every character that the rules know.

It needs OpenCC (`pip install opencc`), whose table says which they are; the rules keep the list, so that reading needs no library.
"""

import re
from pathlib import Path

from opencc import OpenCC

RULES = Path(__file__).parent.parent / "zjlib" / "languages" / "zh.toml"
LIST = re.compile(r'(\[variants\].*\n)from = ".*"\nto = ".*"\n')


def main() -> None:
    simplified = OpenCC("t2s").convert
    text = RULES.read_text(encoding="utf-8")
    written = {c for c in LIST.sub("", text) if "\u4e00" <= c <= "\u9fff"}
    known = {c for c in written if simplified(c) == c}  # not 億, by which a text is told
    told = {c: simplified(c) for c in map(chr, range(0x4E00, 0xA000))}
    variants = {c: plain for c, plain in told.items() if plain in known and c not in known}
    variants |= {"圓": "元", "増": "增", "‧": "·", "•": "·"}  # of money, as Japanese has it, points
    lists = f'from = "{"".join(variants)}"\nto = "{"".join(variants.values())}"\n'
    RULES.write_text(LIST.sub(lambda m: m[1] + lists, text), encoding="utf-8")


if __name__ == "__main__":
    main()
