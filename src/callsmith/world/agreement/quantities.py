"""Counts of one record that agree: what is left of what there is, a percentage, two readings and their distance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from callsmith.catalog.conditions import shares
from callsmith.world.agreement.following import Numbers, Record, Rule, drawn, number, words_in
from callsmith.world.stories.naming import singular, split

_FILLERS = {"number", "of", "count", "num"}
_ANY = ("place",)


def counted(numbers: Numbers) -> list[Rule]:
    """The rules of all counts that go together."""
    return [
        *_listed(numbers),
        *_among(numbers),
        *_held(numbers),
        *_readings(numbers),
        *_weighed(numbers),
        *_advanced(numbers),
    ]


def _advanced(numbers: Numbers) -> list[Rule]:
    """How far something is, in hundredths: all of it once it is over, none before it begins."""
    told = {*numbers.states.values()}
    if "over" not in told or not told & {"ahead", "going"}:
        return []
    return [
        Rule(name, (numbers.status,), partial(_so_far, name=name, numbers=numbers))
        for name, words in numbers.names.items()
        if {*words} & {"progress", "completion"} and ({*words} & words_in("percents") or len(words) == 1)
    ]


def _so_far(record: Record, name: str, numbers: Numbers) -> float | None:
    value, now = number(record, name), numbers.states.get(str(record.get(numbers.status)), "")
    told = shares(tuple(numbers.states)).get(str(record.get(numbers.status)))
    if value is not None and told is not None:
        return told
    if value is None or now not in ("ahead", "over", "going"):
        return None
    return {"ahead": 0, "over": 100}.get(now, value if 0 < value < 100 else 5 + value % 90)


def _things(words: tuple[str, ...], without: frozenset[str]) -> tuple[str, ...]:
    rest = tuple(word for word in words if word not in without and word not in _FILLERS)
    return _ANY if rest and {*rest} & words_in("places") else rest


def _groups(numbers: Numbers) -> dict[tuple[str, ...], dict[str, list[str]]]:
    """Names of what is counted alike, by the things they count and by what they say of them."""
    found: dict[tuple[str, ...], dict[str, list[str]]] = {}
    costly = any({*words} & (words_in("money") - {"total"}) for words in numbers.names.values())
    for name, words in numbers.names.items():
        if (
            {*words} & words_in("unnumbered")
            or {*words} & words_in("among")
            or words == ("total",)
            and costly
        ):
            continue
        role = next((role for role in ("left", "used", "whole") if {*words} & words_in(role)), "some")
        things = _things(words, words_in(role) if role != "some" else frozenset())
        found.setdefault(things, {}).setdefault(role, []).append(name)
    bare = found.get((), {})
    if bare.get("whole") and "whole" not in found.get(_ANY, {"whole": []}):
        for role, names in bare.items():
            found[_ANY].setdefault(role, []).extend(names)
    return found


def _held(numbers: Numbers) -> list[Rule]:
    rules: list[Rule] = []
    for group in _groups(numbers).values():
        whole = next(iter(group.get("whole", ())), "")
        if not whole:
            continue
        used = group.get("used") or group.get("some") or []
        for name in used:
            rules.append(
                Rule(
                    name,
                    (whole,),
                    partial(_within, name=name, whole=whole),
                    bound=True,
                )
            )
        for left in group.get("left", ()):
            if used:
                rules.append(Rule(left, (whole, used[0]), partial(_less, first=whole, second=used[0])))
            else:
                rules.append(
                    Rule(
                        left,
                        (whole,),
                        partial(_within, name=left, whole=whole),
                        bound=True,
                    )
                )
        if used:
            rules += _percents(numbers, whole, used[0])
    return rules


def _percents(numbers: Numbers, whole: str, used: str) -> list[Rule]:
    percent = next(
        (
            name
            for name, words in numbers.names.items()
            if {*words} & words_in("percents") and ({*words} & words_in("shares_in") or len(words) == 1)
        ),
        "",
    )
    return [Rule(percent, (whole, used), partial(_share, used=used, whole=whole))] if percent else []


def _share(record: Record, used: str, whole: str) -> float | None:
    some, every = number(record, used), number(record, whole)
    return round(100 * some / every) if some is not None and every else None


def _within(record: Record, name: str, whole: str) -> float | None:
    some, every = number(record, name), number(record, whole)
    if some is None or every is None or every < 0:
        return None
    if any(isinstance(value, str) and value.lower() in words_in("full") for value in record.values()):
        return 0 if {singular(word) for word in split(name)} & words_in("left") else every
    if some <= every:
        return None
    least = (
        1
        if every >= 1
        and {singular(word) for word in split(name)} & {"no", "guest", "person", "player", "people"}
        else 0
    )
    return min(every, least + some % (int(every) + 1 - least))


def _less(record: Record, first: str, second: str) -> float | None:
    whole, part = number(record, first), number(record, second)
    return None if whole is None or part is None else max(0, whole - part)


def _among(numbers: Numbers) -> list[Rule]:
    """Some of a number of people: the children and vegetarians among the guests."""
    every = next(
        (name for name, words in numbers.names.items() if len(words) == 1 and words[0] in words_in("places")),
        "",
    )
    if not every:
        return []
    some = [
        name
        for name, words in numbers.names.items()
        if name != every and {*words} & words_in("among") and not {*words} & words_in("unnumbered")
    ]
    kinds = {name: {*numbers.names[name]} for name in some}
    grown = next((name for name in some if "adult" in kinds[name]), "")
    young = next((name for name in some if "child" in kinds[name]), "")
    if grown and young:
        return [Rule(every, (grown, young), partial(_plus, first=grown, second=young))]
    return [Rule(name, (every,), partial(_within, name=name, whole=every), bound=True) for name in some]


def _plus(record: Record, first: str, second: str) -> float | None:
    one, other = number(record, first), number(record, second)
    return None if one is None or other is None else one + other


def _readings(numbers: Numbers) -> list[Rule]:
    """The later of two readings, and what lies between them."""
    rules: list[Rule] = []
    between = [
        name
        for name, words in numbers.names.items()
        if {*words} & words_in("between") and not {*words} & words_in("percents")
    ]
    for early, words in numbers.names.items():
        mark = next((word for word in words if word in words_in("earlier")), "")
        rest = tuple(word for word in words if word != mark)
        if not mark or not rest or {*rest} & words_in("unnumbered"):
            continue
        late = next(
            (
                name
                for name, other in numbers.names.items()
                if name != early
                and (other == rest or tuple(word for word in other if word not in words_in("later")) == rest)
            ),
            "",
        )
        if not late:
            continue
        gap = between[0] if len(between) == 1 and between[0] not in (early, late) else ""
        rules.append(
            Rule(
                late,
                (early, gap),
                partial(_grown, early=early, late=late, gap=gap),
                bound=True,
            )
        )
        if gap:
            rules.append(Rule(gap, (late, early), partial(_less, first=late, second=early)))
    return rules


def _grown(record: Record, early: str, late: str, gap: str) -> float | None:
    first, last = number(record, early), number(record, late)
    step = number(record, gap) if gap else None
    if first is None or last is None:
        return None
    if step is not None:
        return first + step
    if first < last:
        return None
    return min(first + max(1, first // 4), 100) if first <= 100 else first + max(1, first // 4)


def _weighed(numbers: Numbers) -> list[Rule]:
    """What something weighs in all, empty, and without what it lies in."""
    rules: list[Rule] = []
    for gross, words in numbers.names.items():
        if "gross" not in words or {*words} & (words_in("money") - {"gross", "net"}):
            continue
        rest = tuple(word for word in words if word != "gross")
        other = {
            mark: next(
                (
                    name
                    for name, held in numbers.names.items()
                    if held == (mark, *rest) or mark in held and tuple(w for w in held if w != mark) == rest
                ),
                "",
            )
            for mark in ("tare", "net")
        }
        if other["net"] and other["tare"]:
            tare = other["tare"]
            rules.append(
                Rule(
                    tare,
                    (gross,),
                    partial(_part_of, whole=gross, part=tare, percent=30),
                    bound=True,
                )
            )
            rules.append(
                Rule(
                    other["net"],
                    (gross, tare),
                    partial(_less, first=gross, second=tare),
                )
            )
        elif other["net"]:
            net = other["net"]
            rules.append(
                Rule(
                    net,
                    (gross,),
                    partial(_part_of, whole=gross, part=net, percent=85),
                    bound=True,
                )
            )
    return rules


def _part_of(record: Record, whole: str, part: str, percent: int) -> float | None:
    """A part that is about so many hundredths of the whole."""
    every, some = number(record, whole), number(record, part)
    if every is None or some is None or 0.5 * percent <= 100 * some / (every or 1) <= min(98, 1.5 * percent):
        return None
    return round(every * (percent + drawn(some, 11) - 5) / 100, 1 if every < 1000 else 0)


def _listed(numbers: Numbers) -> list[Rule]:
    """How many things a list has: defect_count, crew_size; the pieces that its rows count."""
    rules: list[Rule] = []
    for name, words in numbers.names.items():
        if words == ("count",) and len(numbers.lists) == 1:
            rules.extend(Rule(name, (lists,), partial(_size, lists=lists)) for lists in numbers.lists)
        if not {*words} & {"count", "size", "number", "num"} or len(words) < 2:
            continue
        nouns = {word for word in words if word not in ("count", "size", "number", "num", "of", "total")}
        for lists in sorted(numbers.plain):
            noun = {singular(word) for word in split(lists)}
            rows = numbers.lists.get(lists)
            quantity = (
                next((field for field, held in rows.names.items() if {*held} & {"quantity", "qty"}), "")
                if rows
                else ""
            )
            if nouns <= noun:
                rules.append(Rule(name, (lists,), partial(_size, lists=lists)))
            elif quantity and nouns <= {"piece", "unit", "item", "article"}:
                rules.append(
                    Rule(
                        name,
                        (lists,),
                        partial(_quantities, lists=lists, quantity=quantity),
                    )
                )
    return rules


def _size(record: Record, lists: str) -> float | None:
    held = record.get(lists)
    return len(held) if isinstance(held, list) else None


def _quantities(record: Record, lists: str, quantity: str) -> float | None:
    held = record.get(lists)
    if not isinstance(held, list) or not held:
        return None
    return sum(number(row, quantity) or 0 for row in held if isinstance(row, Mapping))
