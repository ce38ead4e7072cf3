"""Which fields of a record say what of its money: the total, its parts, what is paid in advance and what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from callsmith.world.agreement.following import Numbers, words_in
from callsmith.world.stories.naming import split

_GUESSED = {"estimate", "estimated", "quote", "quoted", "final", "actual", "invoice"}


class Reckoned(Struct, frozen=True):
    """What is known of the money of a record beyond its own schema."""

    whole: str = ""  # the sum that follows from the price of what the record names
    inside: bool = False  # prices include tax
    billed: bool = False  # it is a bill, of which what is paid by the month is a part
    ahead: bool = False  # a deposit is part of the price, and none that is given back


UNKNOWN = Reckoned()


class Bill(Struct, frozen=True):
    """The fields of a record that money has to do with, by what they say."""

    main: str = ""
    base: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    sub: str = ""
    tax: str = ""
    rate: str = ""  # of tax
    discounts: tuple[str, ...] = ()
    deposits: tuple[str, ...] = ()
    paid: str = ""
    balance: str = ""
    shares: tuple[str, ...] = ()
    status: str = ""
    states: Mapping[str, str] = {}  # how far each of them is
    known: Reckoned = Reckoned()


def priced(numbers: Numbers) -> list[tuple[str, str, float]]:
    """Prices of one of what is counted beside them, with that count and what it is multiplied by."""
    found: list[tuple[str, str, float]] = []
    each: Mapping[str, Sequence[str]] = words_in("each")
    no_count = words_in("money") | words_in("rhythm").keys() | words_in("uncounted")
    for rate, words in numbers.names.items():
        one = _one(words, each)
        if not one:
            continue
        counts = [
            name
            for name, other in numbers.names.items()
            if name != rate and _counts(other, one, each) and not {*other} & no_count
        ]
        if counts:
            found.append((rate, min(counts, key=lambda name: len(numbers.names[name])), 1))
        elif one == "hour" and (lasts := _lasting(numbers)):
            found.append((rate, lasts, 1 / 60))
        elif one == "tonne" and (weight := _weight(numbers)):
            found.append((rate, weight, 1 / 1000))
    return found


def _counts(words: tuple[str, ...], one: str, each: Mapping[str, Sequence[str]]) -> bool:
    """Whether a number counts what a price is for one of: any of a few words, else that very noun."""
    return (
        bool({*words} & {*each[one]})
        if one in each
        else one in words and {*words} <= {one, "count", "number", "of"}
    )


def _weight(numbers: Numbers) -> str:
    """The weight in kilograms that a price of a tonne is for."""
    forms = (("net", "kg"), ("weight", "kg"), ("net", "weight", "kg"))
    return next((name for name, words in numbers.names.items() if words in forms), "")


def _one(words: tuple[str, ...], each: Mapping[str, Sequence[str]]) -> str:
    """What a price is the price of one of; "" where it is none."""
    if "per" in words[:-1]:
        one = words[words.index("per") + 1]
        return one if one in each else ""
    if not {*words} & {"price", "rate", "cost", "fee", "charge"}:
        return ""
    rhythm = next((words_in("rhythm")[word] for word in words if word in words_in("rhythm")), "")
    if rhythm or len(words) == 1:
        return rhythm or ("hour" if words == ("rate",) else "")
    if words[0] in ("unit", "item", "piece", "ticket") and len(words) == 2:
        return words[0]
    return (
        words[0]
        if len(words) == 2 and words[1] in ("price", "rate") and words[0] not in words_in("money")
        else ""
    )


def _lasting(numbers: Numbers) -> str:
    """How many minutes something takes."""
    minutes, taken = {"minute", "min"}, {"minute", "duration"}
    return next(
        (
            n
            for n, words in numbers.names.items()
            if {*words} & minutes and {*words} & taken and "break" not in words
        ),
        "",
    )


def bill_of(numbers: Numbers, rates: set[str], known: Reckoned = UNKNOWN) -> Bill:
    """Which field says what of the money of a record."""
    money = {
        name: words
        for name, words in numbers.names.items()
        if {*words} & words_in("money")
        and name not in rates
        and not ((one := _one(words, words_in("each"))) and (one in words_in("each") or name in rates))
        and "rate" not in words[-1:]
    }
    main = next(
        (name for form in words_in("main") for name, words in money.items() if " ".join(words) == form), ""
    )
    taxed = any({*words} & words_in("taxes") for words in money.values())
    by: dict[str, list[str]] = {}
    for name, words in money.items():
        if name != main:
            sort = "extras" if "dues" in split(name) else _sort_of({*words})
            by.setdefault("" if sort == "sub" and "net" in words and not taxed else sort, []).append(name)
    _rearranged(by, money, words_in("summed") & {*money.get(main, ())}, billed=known.billed)

    def first(sort: str) -> str:
        return next(iter(by.get(sort, ())), "")

    every = {sort: tuple(names) for sort, names in by.items()}
    return Bill(
        main=main,
        base=every.get("base", ()),
        extras=every.get("extras", ()),
        sub=first("sub"),
        tax=first("taxes"),
        rate=_tax_rate(numbers),
        discounts=every.get("discounts", ()),
        deposits=every.get("deposits", ()),
        paid=first("paid"),
        balance=first("balance"),
        shares=every.get("shares", ()),
        status=numbers.status,
        states=numbers.states,
        known=known,
    )


def _rearranged(
    by: dict[str, list[str]], money: Mapping[str, tuple[str, ...]], summed: Collection[str], *, billed: bool
) -> None:
    """Puts the fee for what is done, beside what it takes, and what is paid by the month among what makes up a sum."""
    if summed:
        plain = [name for name in by.get("extras", ()) if money[name] == ("fee",)]
        by["extras"] = [name for name in by.get("extras", ()) if name not in plain]
        by["base"] = [*plain, *by.get("base", ())]
    if billed:
        by["base"] = [*by.get("base", ()), *(name for name, words in money.items() if _by_the_month(words))]


def _tax_rate(numbers: Numbers) -> str:
    """The field that says of how many hundredths a tax is."""
    shares = {"rate", "percent", "percentage"}
    found = (n for n, words in numbers.names.items() if {*words} & words_in("taxes") and {*words} & shares)
    return next(found, "")


def _by_the_month(words: tuple[str, ...]) -> bool:
    """Whether a sum is what is paid every month, of which a bill holds one."""
    return words[0] in ("monthly", "weekly", "quarterly", "annual") and words[1:] in (
        ("fee",),
        ("rent",),
        ("charge",),
        ("premium",),
    )


def _sort_of(words: set[str]) -> str:
    if words & words_in("shares"):
        return "shares"
    if words & words_in("deposits"):
        return "" if words & {"returned", "refunded"} else "deposits"
    if words & words_in("apart") or words & _GUESSED or words & words_in("cases"):
        return ""
    for sort in ("discounts", "paid", "balance", "taxes"):
        if words & words_in(sort):
            return sort
    if words in ({"subtotal"}, {"net"}, {"net", "amount"}, {"net", "total"}):
        return "sub"
    if words & words_in("extras"):
        return "extras"
    return "base" if words & words_in("base") or words & {"cost", "charge"} else ""
