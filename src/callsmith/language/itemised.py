"""Fields of a result told one by one, what lies inside them included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from callsmith.catalog.data import read
from callsmith.language.grammar import capitalised
from callsmith.language.words import humanised, listed
from callsmith.records import Json

LINES = 3  # fields that are told in one line; more stand below one another
INSIDE = 6  # of a list or an object within
_SUMS, _UNITS = ("amount", "value", "price", "total"), ("currency", "unit", "units")

Say = Callable[[str, Json], str]


def itemised(fields: Mapping[str, Json], say: Say) -> str:
    """ "Bikes: 4; free docks: 6; status: closed.", each on a line of its own where there are many; "" for none."""
    told = [text for name, value in _telling(fields).items() if (text := _item(name, value, say))]
    if not told:
        return ""
    if len(told) <= LINES and not any("\n" in text or len(text) > 90 for text in told):
        return capitalised("; ".join(told)) + "."
    return "\n".join(f"- {capitalised(text)}" for text in told)


def _telling(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that tell people something: no ids where there is anything else."""
    plain = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
    kept = {
        name: value
        for name, value in plain.items()
        if humanised(name).lower().split()[-1:] not in (["id"], ["ids"])
    }
    return kept or plain


def _item(name: str, value: Json, say: Say) -> str:
    called = humanised(name).lower()
    if isinstance(value, Mapping):
        inside = within(value, say)
        return f"{called}: {inside}" if inside else ""
    if isinstance(value, list):
        names = [
            each
            for item in value[:INSIDE]
            if (each := within(item, say) if isinstance(item, Mapping) else str(item))
        ]
        more = f" and {len(value) - INSIDE} more" if len(value) > INSIDE else ""
        return f"{called}: {listed(names)}{more}" if names else ""
    sign = read("language/en/computing.yaml")["signs"].get(called)
    told = say(name, value)
    if sign and isinstance(value, (int, float)):
        return f"{told}{sign}"
    stem = called.removesuffix("s")
    return told if stem in told.lower().split() or called in told.lower().split() else f"{called}: {told}"


def within(value: Mapping[str, Json], say: Say) -> str:
    """An object inside another: a sum with its currency, else its own fields in a row."""
    keys = {str(key).lower(): key for key in value}
    sums = [keys[name] for name in _SUMS if name in keys]
    units = [keys[name] for name in _UNITS if name in keys]
    if len(value) == 2 and len(sums) == 1 and len(units) == 1:
        return f"{say(str(sums[0]), value[sums[0]])} {value[units[0]]}"
    plain = {name: item for name, item in _telling(value).items() if not isinstance(item, (Mapping, list))}
    head = next((str(plain[key]) for key in ("name", "title") if isinstance(plain.get(key), str)), "")
    if head:
        rest = [say(name, item) for name, item in plain.items() if name not in ("name", "title")]
        return f"{head} ({', '.join(rest[:3])})" if rest else head
    parts: Sequence[str] = [
        f"{humanised(str(name)).lower()} {say(str(name), item)}" for name, item in plain.items()
    ]
    return ", ".join(parts[:INSIDE])
