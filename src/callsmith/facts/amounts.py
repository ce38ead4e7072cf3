"""Numbers, money, counts, percentages and identifiers as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.facts.mention import (
    NUMBER_WORDS,
    ORDINAL_WORDS,
    SPELLED,
    Clock,
    Mention,
    Reader,
    make,
    reader,
    spelled,
    table_of,
)

SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "kč": "CZK"}
CODES = (
    "eur usd gbp jpy chf cad aud nzd sek nok dkk pln czk huf inr brl mxn sgd hkd zar try ils aed cny krw thb kes"
    " ghs ngn egp mad tnd tzs ugx rwf etb zmw bwp mur idr myr php vnd twd pkr lkr npr bdt kzt uah ron bgn rsd isk gel"
    " amd azn clp cop pen ars uyu pyg bob crc gtq dop jmd sar qar omr kwd bhd jod lbp fjd xof xaf"
).split()
CLEAR_CODES = [code for code in CODES if code not in ("try", "mad", "bob", "pen", "cop", "gel", "ron")]
"""Codes that may stand before their number; the others are words too."""
MONEY_WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "quid": "GBP",
    "pounds": "GBP",
    "pound": "GBP",
    "sterling": "GBP",
    "dollars": "USD",
    "dollar": "USD",
    "bucks": "USD",
    "buck": "USD",
    "francs": "CHF",
    "franc": "CHF",
    "yen": "JPY",
    "rupees": "INR",
    "kronor": "SEK",
    "kroner": "NOK",
    "krone": "DKK",
    "zloty": "PLN",
    "zlotys": "PLN",
    "pesos": "MXN",
    "rand": "ZAR",
    "yuan": "CNY",
    "reais": "BRL",
    "shekels": "ILS",
    "forints": "HUF",
}
"""Currency words; a dollar may be any country's, so a dollar amount also stands for the others named dollars."""
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})
ZERO_DECIMAL = frozenset({"JPY", "KRW", "HUF", "CLP", "VND", "ISK", "UGX"})
"""Currencies whose minor unit is the unit itself."""

_NUM = (
    r"[0-9]{1,3}(?:[,\u202f' ][0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}"
    r"|[0-9]+(?:[.,][0-9]+)?"
)
_SCALE = r"k|m|mio|bn|grand|thousand|million|billion|hundred"
_SCALES = {
    "k": 1e3,
    "grand": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "hundred": 1e2,
}
_SYM = r"(?:[€£¥₹]|(?:us|ca|c|au|a|nz|s|hk)?\$)"


def figures(text: str) -> tuple[float, ...]:
    """The values figures may have: "1,200" is 1200, "1,5" is 1.5, "1.234,50" is 1234.5."""
    plain = text.replace("\u202f", "").replace("'", "").replace(" ", "")
    if "," in plain and "." in plain:
        if plain.rfind(",") > plain.rfind("."):
            return (float(plain.replace(".", "").replace(",", ".")),)
        return (float(plain.replace(",", "")),)
    if plain.count(",") == 1:
        head, tail = plain.split(",")
        if len(tail) == 3 and head != "0":
            return (float(head + tail), float(f"{head}.{tail}"))
        return (float(f"{head}.{tail}"),)
    if "," in plain:
        return (float(plain.replace(",", "")),)
    if plain.count(".") > 1:
        return (float(plain.replace(".", "")),)
    return (float(plain),)


def _currency(text: str) -> str:
    text = text.strip().lower()
    if text in MONEY_WORDS:
        return MONEY_WORDS[text]
    if text in CODES:
        return text.upper()
    if text.endswith("$"):
        return {
            "ca$": "CAD",
            "c$": "CAD",
            "au$": "AUD",
            "a$": "AUD",
            "nz$": "NZD",
            "s$": "SGD",
            "hk$": "HKD",
        }.get(text, "USD")
    return SYMBOLS.get(text, "")


def _scaled(values: Sequence[float], scale: str | None) -> tuple[float, ...]:
    factor = _SCALES[scale.strip()] if scale else 1
    return tuple(round(value * factor, 6) for value in values)


def _money(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    numbers = _scaled(figures(match["n"]), match["k"])
    return make(match, "amount", numbers=numbers, unit=_currency(match["c"]))


def _money_words(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "five hundred euros", "twelve grand", "two thousand dollars"."""
    base = 1.0 if match["n"] in ("a", "an") else float(spelled(match["n"]) or 0)
    numbers = _scaled((base,), match["k"])
    unit = _currency(match["c"]) if match["c"] else ""
    return make(match, "amount" if unit else "number", numbers=numbers, unit=unit)


def _cents(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    return make(match, "amount", numbers=tuple(value / 100 for value in figures(match["n"])))


def _percent(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    word = match["n"]
    values = figures(word) if word[0].isdigit() else (float(spelled(word) or 0),)
    return make(match, "number", numbers=values, unit="%")


def _number(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    plain = figures(match["n"])
    numbers = _scaled(plain, match["k"])
    if (match["k"] or "").strip() == "m":
        numbers += plain  # metres as well as millions
    return make(match, "number", numbers=numbers)


def _count(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "five", "a couple", "a few", "half a dozen", "both", "a hundred"."""
    word = match.group()
    if "half a dozen" in word or "half-dozen" in word:
        return make(match, "number", numbers=(6.0,))
    if "dozen" in word:
        many = spelled(word.split()[0]) or 1
        return make(match, "number", numbers=(12.0 * many,))
    if "couple" in word or word in ("both", "pair", "a pair", "twice", "either", "neither"):
        return make(match, "number", numbers=(2.0,))
    if word == "once":
        return make(match, "number", numbers=(1.0,))
    if "few" in word or word == "several":
        return make(match, "number", numbers=(3.0, 4.0, 5.0), unit="~")
    if word.endswith(("hundred", "thousand")):
        head, scale = word.rsplit(" ", 1)
        return make(match, "number", numbers=((spelled(head) or 1) * _SCALES[scale],))
    return make(match, "number", numbers=(float(spelled(word) or 0),))


def _ordinal(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    return make(match, "ordinal", numbers=(float(ORDINAL_WORDS[match["o"]]),))


def _email(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    end = match.end() - (1 if match.group().endswith(".") else 0)
    return (Mention(match.start(), end, "email", match.string[match.start() : end]),)


def _url(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    word = match.group().rstrip(".,;:!?)'\"”’")
    return (Mention(match.start(), match.start() + len(word), "url", word),)


def _phone(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    digits = sum(character.isdigit() for character in match.group())
    return make(match, "phone") if 8 <= digits <= 15 else ()


def _identifier(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    """ "OPS-123", "ch_9Qz", "v1.20.3", "quote_q1.pdf": letters with figures or underscores in one word."""
    word = match.group()
    end = match.end()
    while word and word[-1] in ".-/:_":
        word, end = word[:-1], end - 1
    if not any(character.isdigit() for character in word) and "_" not in word and "/" not in word:
        if not re.fullmatch(
            r"[a-z0-9-]+\.(?:pdf|docx?|xlsx?|csv|pptx?|png|jpe?g|txt|zip|md|json|ya?ml)", word
        ):
            return ()
    return (Mention(match.start(), end, "id", word),)


def _key(match: re.Match[str], clock: Clock, text: str) -> Sequence[Mention]:
    return make(match, "key", numbers=(float(match["n"]),))


_SYMBOL_FIRST = reader(rf"(?P<c>{_SYM}) ?(?P<n>{_NUM}) ?(?P<k>(?:{_SCALE})(?![a-z]))?", _money)
_CODE_FIRST = reader(rf"(?P<c>{'|'.join(CLEAR_CODES)}) ?(?P<n>{_NUM}) ?(?P<k>(?:{_SCALE})(?![a-z]))?", _money)
_SYMBOL_LAST = reader(
    rf"(?P<n>{_NUM}) ?(?P<k>(?:{_SCALE})(?![a-z]))? ?(?P<c>[€£¥₹$]|zł|kč"
    rf"|(?:{'|'.join([*CODES, *MONEY_WORDS])})(?![a-z]))",
    _money,
)
_WORDS_MONEY = reader(
    rf"(?P<n>{SPELLED}|an?) ?(?P<k>(?:{_SCALE})(?![a-z]))? ?(?P<c>(?:{'|'.join([*CODES, *MONEY_WORDS])})(?![a-z]))",
    _money_words,
)
_WORDS_SCALE = reader(
    rf"(?P<n>{SPELLED}|a) (?P<k>(?:grand|million|thousand|hundred)(?![a-z]))(?P<c>)", _money_words
)
_CENTS = reader(rf"(?P<n>{_NUM}) ?(?:cents?|pence|p|ct)(?![a-z])", _cents)
_PERCENT = reader(rf"(?P<n>{_NUM}|{SPELLED}) ?(?:%|percent|per cent)", _percent)
_NUMBER = reader(
    rf"(?P<n>{_NUM}) ?(?P<k>(?:k|m|mio|bn|grand|thousand|million|billion)(?![a-z]))?(?![0-9a-z])", _number
)
_COUNT = reader(
    rf"(?:half a dozen|half-dozen|(?:a |two |three |four )?dozen|a couple|couple|a few|few|several|both|a pair"
    rf"|pair|twice"
    rf"|once|either|neither|(?:{SPELLED}|a) (?:hundred|thousand)|{SPELLED})(?![a-z])",
    _count,
)
_ORDINAL = reader(rf"(?P<o>{'|'.join(sorted(ORDINAL_WORDS, key=len, reverse=True))})(?![a-z])", _ordinal)
EMAIL = reader(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", _email)
URL = reader(r"(?:https?://|www\.)[^\s<>\"\])]+", _url)
PHONE = reader(r"\+?[0-9(][0-9 ()./-]{6,}[0-9]", _phone)
IDENTIFIER = reader(r"[a-z0-9]+(?:[._/:+-]+[a-z0-9]+)*[._/-]?", _identifier)
KEY = reader(r"(?:#|no\. ?|nr\. ?|№ ?)(?P<n>[0-9]{1,9})(?![0-9])", _key)


def readers() -> dict[str, list[Reader]]:
    """Readers of numbers by the lower-case word a mention starts with; "#" stands for a word led by a figure."""
    return table_of(
        ("#", _SYMBOL_LAST, _CENTS, _PERCENT, _NUMBER),
        (NUMBER_WORDS, _WORDS_MONEY, _WORDS_SCALE, _PERCENT, _COUNT),
        ("a an", _WORDS_MONEY, _WORDS_SCALE, _COUNT),
        (
            "half couple few several both pair dozen twice once either neither",
            _COUNT,
        ),
        (ORDINAL_WORDS, _ORDINAL),
        (CLEAR_CODES, _CODE_FIRST),
        ("us$ $", _SYMBOL_FIRST),
        ("no nr", KEY),
    )


SYMBOL_FIRST = _SYMBOL_FIRST


def coined(words: Sequence[str]) -> bool:
    """Whether the words of a number's name end in the money that it is in: price_eur."""
    last = words[-1] if len(words) > 1 else ""
    return last in CLEAR_CODES or last in ("euro", "euros", "dollar", "dollars", "pounds", "francs")
