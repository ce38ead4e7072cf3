"""Identifiers that people read off a paper, a card or a thing, and say: order numbers, codes, marks, book numbers."""

from __future__ import annotations

from callsmith.catalog.data import read
from callsmith.catalog.sorts import mark_of, mark_on, marked
from callsmith.records import Schema
from callsmith.schema import settle, types
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix, wide

_ENDS = ("code", "number", "no", "nr", "num", "ref", "reference", "tag", "barcode")
_VOWELS = "aeiou"


def checked(digits: str) -> str:
    """Twelve digits with the check digit of EAN-13."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def stock_number(title: str, bits: int, salt: int) -> str:
    """The number under which a thing of that title is kept in stock: ``WB-4821``."""
    words = ascii_slug(title, " ").split()[:3]
    letters = "".join(word[0] for word in words if word[0].isalpha()).upper() or "SKU"
    return f"{letters}-{1000 + mix(bits, salt) % 9000}"


def read_off(words: tuple[str, ...], noun: str, title: str, schema: Schema, bits: int) -> str:
    """An identifier named by ``words`` of a record called ``noun`` as it is printed; "" for those that nobody says."""
    settled = settle(schema)
    formed = any(settled.get(name) for name in ("pattern", "format", "examples", "maxLength", "minLength"))
    if formed or "string" not in types(settled) or not words:
        return ""
    last, whole = words[-1], tuple(noun.split(" "))
    if last == "isbn":
        return checked(f"978{wide(bits, 7) % 10**9:09d}")
    if last == "sku":
        return stock_number(title, bits, 0)
    if last == "hostname" and title:
        return ascii_slug(title, "-")
    form = mark_of(words) or mark_of((*whole, *words)) or mark_on(whole, words)
    if form:
        return marked(form, bits)
    if last not in _ENDS:
        return ""
    before = "".join(words[:-1])
    if len(whole) > 1 and before == "".join(word[0] for word in whole):
        return f"{before.upper()}-{10_000 + wide(bits, 5) % 90_000}"  # the poNumber of a purchase order
    if last in ("code", "tag", "ref", "reference"):
        return f"{_short(before or whole[-1])}-{1000 + wide(bits, 5) % 9000}"
    return ""


def counted_from(noun: str, words: tuple[str, ...], bits: int) -> int:
    """From where whole numbers of such records are counted: jobs and orders from some thousands, rows from nothing."""
    if words[-1:] not in (("no",), ("nr",), ("num",), ("number",)) or len(words) < 2:
        return 0
    last = noun.rpartition(" ")[2]
    small = {*read("catalog/lexicon/signs.yaml")["own"], *read("catalog/lexicon/sorts.yaml")["few"]}
    return 0 if last in small else 1000 + mix(bits, 43) % 4000


def _short(word: str) -> str:
    """Three letters for a word: its first, and the consonants that follow."""
    letters = dict.fromkeys(sign for sign in word[1:].lower() if sign.isalpha() and sign not in _VOWELS)
    return (word[0] + "".join(letters))[:3].upper()
