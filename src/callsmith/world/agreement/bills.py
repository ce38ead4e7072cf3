"""Money of one record that agrees: a price for each and how many, a total and its parts, what is paid and due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import structs

from callsmith.catalog.lives import partly
from callsmith.world.agreement.following import Numbers, Record, Rule, drawn, number, words_in
from callsmith.world.agreement.payable import UNKNOWN, Bill, Reckoned, bill_of, priced
from callsmith.world.stories.naming import singular, split

_PER = 0.3  # of a total that is asked for in advance
_TAXES = (5, 10, 20)
_MOST_TAX = 27


def billed(numbers: Numbers, known: Reckoned = UNKNOWN) -> list[Rule]:
    """The rules of all money that goes together."""
    each = priced(numbers)
    bill = bill_of(numbers, {rate for rate, _, _ in each}, known)
    rules: list[Rule] = []
    filled: set[str] = set()
    for rate, count, times in each:
        target = _target(numbers, bill, numbers.names[rate], count)
        if target and target not in filled:
            filled.add(target)
            rules.append(Rule(target, (rate, count), _product(rate, count, times)))
    parts = (
        name
        for name in filled
        if "total" in numbers.names.get(name, ()) and name not in (bill.main, bill.sub)
    )
    bill = structs.replace(bill, base=(*bill.base, *(name for name in parts if name not in bill.base)))
    for rule in _rows(numbers, bill):
        if rule.out not in filled:
            filled.add(rule.out)
            rules.append(rule)
    return [*rules, *_totals(bill, filled), *_owed(bill), *_kept(numbers, bill)]


def _product(rate: str, count: str, times: float) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        one, many = number(record, rate), number(record, count)
        return None if one is None or many is None else round(one * many * times, 2)

    return run


def _target(numbers: Numbers, bill: Bill, rate: tuple[str, ...], count: str) -> str:
    """What a price for each and a count give: the part of the total that they are, else the total."""
    if rate[-1:] == ("price",) and (
        own := [n for n, words in numbers.names.items() if words == (rate[0], "total")]
    ):
        return own[0]  # what the meals come to
    if "per" in rate and (
        own := [n for n, words in numbers.names.items() if words == rate[: rate.index("per")]]
    ):
        return own[0]  # what so many minutes at so much a minute come to
    if {*rate} & words_in("money") or "rate" in rate or "per" not in rate[1:]:
        if bill.sub and not bill.base and not numbers.lists:
            return bill.sub
        plain = [
            name
            for name in bill.base
            if not {*numbers.names[name]} & {"extra", "part", "material", "labour", "labor"}
            and "fee" not in numbers.names[name]
            and not _flat(numbers.names[name])
        ]
        hours = (
            [name for name in bill.base if {*numbers.names[name]} & {"labour", "labor"}]
            if "hour" in "".join(numbers.names[count])
            else []
        )
        return (hours or plain or [bill.main])[0]
    what = rate[: rate.index("per")]
    return next(
        (name for name, words in numbers.names.items() if {"total"} < {*words} and {*what} & {*words}), ""
    )


def _flat(words: Sequence[str]) -> bool:
    """Whether a part of a sum is paid once, however much is paid for by the unit: the base fare of a ride."""
    return bool({*words} & words_in("flat")) and words[-1] in ("fare", "fee", "charge", "cost", "price")


def _rows(numbers: Numbers, bill: Bill) -> list[Rule]:
    """The sum of what the rows of a list cost."""
    rules: list[Rule] = []
    for lists, rows in numbers.lists.items():
        inner = {name: words for name, words in rows.names.items() if {*words} & words_in("money")}
        line = next(
            (
                name
                for form in (*words_in("main"), "unit price", "price per piece", "price per unit")
                for name, words in inner.items()
                if " ".join(words) == form
            ),
            "",
        )
        quantity = next((name for name, words in rows.names.items() if {*words} & {"quantity", "qty"}), "")
        if not line:
            continue
        if "unit" not in rows.names[line] and "per" not in rows.names[line] and len(inner) > 1:
            quantity = ""
        nouns = {singular(word) for word in split(lists)}
        own = next((name for name in (*bill.base, *bill.extras) if nouns & {*numbers.names[name]}), "")
        target = own or bill.sub or bill.main
        if target:
            rules.append(Rule(target, (lists,), _row_sum(lists, line, quantity)))
    return rules


def _row_sum(lists: str, line: str, quantity: str) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        held = record.get(lists)
        if not isinstance(held, list):
            return None
        rows = [row for row in held if isinstance(row, Mapping)]
        return round(
            sum((number(row, line) or 0) * ((number(row, quantity) or 0) if quantity else 1) for row in rows),
            2,
        )

    return run


def _totals(bill: Bill, filled: set[str]) -> list[Rule]:
    """Extras that are small beside what they are added to, tax by its rate, and the sum of all."""
    rules: list[Rule] = []
    summed = bool(words_in("summed") & {singular(word) for word in split(bill.main)})
    ground = (bill.sub,) if bill.sub else bill.base
    fees = tuple(name for name in bill.extras)
    if bill.sub and bill.sub not in filled and bill.base:
        rules.append(Rule(bill.sub, bill.base, _sum(bill.base)))
    elif bill.sub in filled:
        fees = (*fees, *bill.base)
    apart = bill.main in filled and not filled & {
        *ground
    }  # what the price of a unit gives, beside which the parts are
    if apart:
        ground = (bill.main, *ground)
    anchor = ground or ((bill.main,) if bill.main and (bill.main in filled or not summed) else ())
    for name in (*bill.extras, *bill.discounts):
        if anchor and not bill.known.whole:
            rules.append(Rule(name, anchor, _small(name, anchor), bound=True))
    if bill.rate and bill.tax:
        rules.append(Rule(bill.rate, (), _tax_rate(bill.rate), bound=True))
    inside = bill.known.inside and not bill.sub
    if bill.tax and anchor and not inside:
        rules.append(Rule(bill.tax, (*anchor, bill.rate), _taxed(bill, anchor)))
    if bill.known.whole and bill.known.whole == bill.main:
        return rules
    if not bill.main or not summed and len(ground) < 2 and not bill.sub:
        return rules
    added = (*ground, *fees, *((bill.tax,) if bill.tax and not inside else ()))
    if apart:
        more = tuple(name for name in added if name != bill.main)
        if more or bill.discounts:
            rules.append(Rule(bill.main, (bill.main, *more), _sum((bill.main, *more), bill.discounts)))
    elif ground and (len(added) > 1 or bill.discounts or summed):
        rules.append(Rule(bill.main, (*added, *bill.discounts), _sum(added, bill.discounts)))
    if bill.tax and inside:
        rules.append(Rule(bill.tax, (bill.main, bill.rate), _taxed(bill, (bill.main,))))
    return rules


def _sum(added: Sequence[str], taken: Sequence[str] = ()) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        held = [number(record, name) for name in added]
        if all(value is None for value in held):
            return None
        return round(sum(value or 0 for value in held) - sum(number(record, name) or 0 for name in taken), 2)

    return run


def _small(name: str, anchor: Sequence[str]) -> Callable[[Record], float | None]:
    """A tip or a fee of a believable share of what it comes on top of."""
    words = {singular(word) for word in split(name)}
    tip, ground = bool(words_in("tips") & words), _sum(anchor)
    most = 0.2 if words & (words_in("tips") | words_in("discounts")) else 0.6

    def run(record: Record) -> float | None:
        old, whole = number(record, name), ground(record)
        if old is None or not whole or old <= whole * most:
            return None
        percent = (0, 5, 10, 10, 15, 20)[drawn(old, 6)] if tip else 4 + drawn(old, 12)
        value = whole * percent / 100
        return round(value) if value > 3 else round(value * 2) / 2

    return run


def _tax_rate(rate: str) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        old = number(record, rate)
        return None if old is None or 0 < old <= _MOST_TAX else _TAXES[drawn(old, 3)]

    return run


def _taxed(bill: Bill, anchor: Sequence[str]) -> Callable[[Record], float | None]:
    ground = _sum(anchor)

    def run(record: Record) -> float | None:
        whole = ground(record)
        rate = number(record, bill.rate) if bill.rate else 20
        if whole is None or rate is None:
            return None
        share = rate if 0 < rate < 1 else rate / 100
        return round(whole * (share / (1 + share) if bill.known.inside and not bill.sub else share), 2)

    return run


def _owed(bill: Bill) -> list[Rule]:
    """What is paid in advance, what is paid by now, and what is left to pay."""
    rules: list[Rule] = []
    if not bill.main:
        return rules
    for name in bill.deposits:
        if (
            "paid" in split(name)
            or bill.balance
            or bill.known.ahead
            or words_in("summed") & {*split(bill.main)}
        ):
            rules.append(Rule(name, (bill.main,), _ahead(bill.main, name), bound=True))
    if bill.paid:
        rules.append(Rule(bill.paid, (bill.main,), _paid(bill), bound=True))
    if bill.balance:
        held = tuple(
            name
            for name in (
                bill.paid,
                *(name for name in bill.deposits if "paid" in split(name) or not bill.paid),
            )
            if name
        )
        if held or words_in("summed") & {
            singular(word) for word in split(bill.main)
        }:  # else it is for a customer
            rules.append(Rule(bill.balance, (bill.main, *held), _left(bill, held)))
    return rules


def _ahead(main: str, name: str) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        whole, old = number(record, main), number(record, name)
        if not whole or old is None or 0.1 * whole <= old <= 0.5 * whole:
            return None
        return round(whole * _PER, -1) if whole >= 100 else round(whole * _PER)

    return run


def _phase(bill: Bill, record: Record) -> str:
    value = record.get(bill.status) if bill.status else None
    return bill.states.get(value, "") if isinstance(value, str) else ""


def _paid(bill: Bill) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        whole, old, told = number(record, bill.main), number(record, bill.paid), _phase(bill, record)
        if whole is None or old is None:
            return None
        stands = str(record.get(bill.status)) if bill.status else ""
        if partly(stands):
            return _share(whole, old)
        if told == "over":
            return whole
        if told == "dropped" or bill.status and any(map(partly, bill.states)):
            return 0
        if not bill.status:
            return (whole, 0, whole, whole)[drawn(old, 4)]
        return (0, 0, round(whole / 2), whole)[drawn(old, 3 if told == "ahead" else 4)]

    return run


def _share(whole: float, old: float) -> float:
    """What is paid of a sum in part."""
    value = whole * (25, 30, 40, 50, 60)[drawn(old, 5)] / 100
    return round(value) if value >= 20 else round(value, 2)


def _left(bill: Bill, held: Sequence[str]) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        whole, told = number(record, bill.main), _phase(bill, record)
        if whole is None:
            return None
        if told == "dropped" or told == "over" and not bill.paid:
            return 0
        return round(max(0, whole - sum(number(record, name) or 0 for name in held)), 2)

    return run


def _kept(numbers: Numbers, bill: Bill) -> list[Rule]:
    """Shares that make up the whole, what is left of pay after deductions, and lower prices beside the usual one."""
    return [*_shared(bill), *_deductions(numbers, bill), *_beside(numbers, bill)]


def _shared(bill: Bill) -> list[Rule]:
    if not bill.main or not bill.shares:
        return []
    rest = bill.shares[:-1] if len(bill.shares) > 1 else bill.shares
    rules = [Rule(one, (bill.main,), _fraction(one, bill.main, len(bill.shares)), bound=True) for one in rest]
    if len(bill.shares) > 1:
        rules.append(Rule(bill.shares[-1], (bill.main, *rest), _sum((bill.main,), rest)))
    return rules


_NET = {"pay", "amount", "salary", "value", "proceeds", "total", "wage"}


def _deductions(numbers: Numbers, bill: Bill) -> list[Rule]:
    names, shares = numbers.names, words_in("deducted")
    coins = words_in("money") - {"gross"}
    gross = next((name for name, words in names.items() if "gross" in words and {*words} & coins), bill.main)
    net = next((name for name, words in names.items() if "net" in words and {*words} & _NET), "")
    if not gross or not net or net in (gross, bill.sub):
        return []
    taken = {
        name: next(shares[word] for word in words if word in shares)
        for name, words in names.items()
        if {*words} & shares.keys() and name not in (net, gross) and "rate" not in words
    }
    rules = [Rule(name, (gross,), _deducted(name, gross, share), bound=True) for name, share in taken.items()]
    return [*rules, Rule(net, (gross, *taken), _sum((gross,), tuple(taken)))] if taken else []


def _beside(numbers: Numbers, bill: Bill) -> list[Rule]:
    """A reduced price, and an estimate beside what it came to."""
    rules: list[Rule] = []
    guessed = "estimate" in split(bill.main)
    for name, words in numbers.names.items():
        if not bill.main or name == bill.main or not {*words} & (words_in("money") | {"quote", "quoted"}):
            continue
        if {*words} & {"reduced", "discounted", "sale", "early"}:
            rules.append(Rule(name, (bill.main,), _fraction(name, bill.main, 2), bound=True))
        if {*words} & (
            {"final", "invoice", "actual"} if guessed else {"estimate", "estimated", "quoted", "quote"}
        ):
            rules.append(Rule(name, (bill.main,), _near(name, bill.main), bound=True))
    return rules


def _fraction(name: str, whole: str, parts: int) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        every, old = number(record, whole), number(record, name)
        if every is None or old is None or parts == 1 and old <= every:
            return None
        return round(every * (40 + 5 * drawn(old, 9)) / 100 * 2 / max(2, parts))

    return run


def _deducted(name: str, gross: str, share: float) -> Callable[[Record], float | None]:
    def run(record: Record) -> float | None:
        every, old = number(record, gross), number(record, name)
        if every is None or old is None or share / 2 <= old / (every or 1) <= share * 1.5:
            return None
        return round(every * share * (90 + drawn(old, 21)) / 100, 2)

    return run


def _near(name: str, main: str) -> Callable[[Record], float | None]:
    """An estimate beside what it came to."""

    def run(record: Record) -> float | None:
        every, old = number(record, main), number(record, name)
        if every is None or old is None or 0.75 * every <= old <= 1.25 * every:
            return None
        value = every * (85 + 5 * drawn(old, 7)) / 100
        return round(value, -1) if value >= 200 else round(value)

    return run
