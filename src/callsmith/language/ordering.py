"""How several things are asked for at once, and how an order is told: two of this and five of that for a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.language.grammar import mark
from callsmith.language.joining import with_later
from callsmith.language.moods import mood
from callsmith.language.voicing import Voicing
from callsmith.language.words import listed, number_word, with_article
from callsmith.meaning import Ask, Detail
from callsmith.plan.lines import LINES
from callsmith.records import Entity, Json


def ordered(ask: Ask) -> Detail | None:
    """What a request says of the lines of an order; None where it is none."""
    return next((item for item in ask.details if item.facet == LINES), None)


def order_request(voice: Voicing, ask: Ask, lines: Detail) -> str:
    """ "Order 20 croissants and 5 rye loaves for Cafe Linden, to be delivered on Friday"."""
    times = bool(voice.chance(0.3))
    goods = listed(
        [
            mark(counted(voice, int(count), str(title), times), lines.parameter)
            for count, title in lines.values
        ]
    )
    rest = [item for item in ask.details if item is not lines]
    whom = [voice.record(ask.container)] if ask.container is not None else []
    others = [voice.put(item, "post", ask.noun) or "" for item in rest if item.role == "names"]
    days = [item for item in rest if item.facet in ("date", "date_time") and item.shape == "value"][:1]
    posts = [f"for {name}" for name in whom] + others + [_when(voice, item, ask.noun) for item in days]
    later = [item for item in rest if item.role != "names" and item not in days]
    making = read("language/en/relating.yaml")["ordering"]
    if ask.noun.split(" ")[-1] in making["ordered"] and voice.chance(0.55):
        said = f"{voice.pick(making['verbs'])} {goods}"
    else:
        verb = voice.pick(making["orders" if "order" in ask.noun else "others"])
        said = f"{verb} {with_article(ask.noun)} {voice.pick(making['of'])} {goods}"
    return with_later(voice, mood(voice, " ".join([said, *filter(None, posts)])), later)


def as_typed(title: str) -> str:
    """A title as people type it: in small letters, where it is no name of its own."""
    first, _, rest = title.partition(" ")
    plain = rest == rest.lower() and first[1:] == first[1:].lower() and title.isascii()
    return title.lower() if plain else title


def counted(voice: Voicing, count: int, title: str, times: bool = False) -> str:
    """So many of a thing: 2 x Rye bread, 20 croissants, one Lily bouquet."""
    known = read("language/en/relating.yaml")["ordering"]
    head, last = title[: title.rfind(" ") + 1], title[title.rfind(" ") + 1 :]
    low = last.lower()
    if not times and count == 1 and low in known["counted"]:
        return f"{voice.pick(('one', '1'))} {title}"
    one = next((word for word in (low, low[:-1], low[:-2]) if word in known["counted"]), "")
    if not times and count > 1 and one:
        many = last if one != low else f"{last[: -len(low)]}{known['irregular'].get(low) or _several(last)}"
        number = number_word(count) if count <= 4 and voice.chance(0.4) else str(count)
        return f"{number} {head}{many}"
    return f"{count} x {title}"


def _several(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if word[-1:] == "y" and word[-2:-1] not in "aeiou" else f"{word}s"


def _when(voice: Voicing, item: Detail, noun: str) -> str:
    """The day an order is for: delivered, fetched or simply for that day."""
    words = {*name_words(item.parameter)}
    table: dict[str, Sequence[str]] = read("language/en/relating.yaml")["ordering"]["days"]
    said = next((voice.pick(forms) for word, forms in table.items() if word in words), "")
    if not said:
        return voice.put(item, "post", noun) or ""
    return said.replace("{on}", voice.on(item)).replace("{day}", voice.spoken(item))


def lines_told(pairs: Sequence[Sequence[Json]]) -> str:
    """The lines of an order as an answer tells them: 2 x Croissant and 1 x Rye loaf."""
    return listed([f"{count} x {title}" for count, title in pairs])


_MOST = 3  # lines of an order that are told where many orders are


def lines_in(entity: Entity, record: Mapping[str, Any]) -> str:
    """The lines that a record shows with the names of what was ordered; "" for none, for many, or for nameless ones."""
    for item in entity.fields:
        head, star, name = item.pointer.partition("/*/")
        if not star or "/" in name or name_words(name)[-1:] not in (("quantity",), ("qty",)):
            continue
        rows = record.get(head[1:])
        names = [
            one.pointer.partition("/*/")[2] for one in entity.fields if one.pointer.startswith(f"{head}/*/")
        ]
        named = next((one for one in names if name_words(one)[-1:] in (("name",), ("title",))), "")
        if not named or not isinstance(rows, list) or not 0 < len(rows) <= _MOST:
            return ""
        pairs = [(row.get(name), row.get(named)) for row in rows if isinstance(row, Mapping)]
        return lines_told(pairs) if all(count and title for count, title in pairs) else ""
    return ""
