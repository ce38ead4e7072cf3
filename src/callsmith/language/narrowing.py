"""Under which heading it is laid down how a detail is said, and how qualities and bounds are."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.figures import name_words
from callsmith.catalog.quantities import unit_at_end
from callsmith.language.named_details import moment_of, named_apart, possessed, stems, sum_of
from callsmith.language.relating import counted, whether
from callsmith.language.routes import end_of
from callsmith.meaning import Detail
from callsmith.plan.bearing import bearer_of

_TIMES = ("date", "date_time", "timestamp", "time")
_WRITTEN = {
    "text",
    "message",
    "content",
    "body",
    "wording",
    "caption",
    "greeting",
    "note",
    "remark",
    "comment",
    "reply",
}
_PRICES = ("price", "amount", "total", "cost", "fee", "fare")


def keys_of(item: Detail) -> Sequence[str]:
    """The headings of the table of details under which a detail may stand, the closest first."""
    if item.shape in ("least", "most"):
        return [f"filters {bounded_as(item.facet, item.phrase)} {item.shape}"]
    if item.role == "filters" and item.facet == "enum" and (_nominal(item) or _happening(item)):
        return ["filters standing"]
    name = item.parameter.replace("_", "").replace("-", "")
    low = name.lower()
    keys = [f"{item.role} {low}", f"{item.role} {item.facet} {item.shape}"]
    if item.role == "names" and item.phrase:
        keys.insert(1, f"names {item.phrase.lower().rpartition(' ')[2]}")  # plan_id: the plan
    if item.facet == "limit":
        keys.insert(0, f"{item.role} limit")
    if low == "count":  # how many of the thing itself
        keys.insert(0, f"{item.role} quantity")
    if "due" in stems(item.parameter):
        keys.insert(1, f"{item.role} due")
    if item.role == "filters" and item.shape in ("before", "after"):
        keys[:0] = _within(
            "due" in stems(item.parameter), item.facet, item.shape, "before" in low and not item.through
        )
    keys += [f"{item.role} {stem}" for stem in stems(item.parameter)]
    if item.facet == "title" and bearer_of(item.phrase):
        keys.append(f"{item.role} bearer")
    if moment := moment_of(item):
        keys.append(f"{item.role} moment {moment}")
    if sum_of(item):
        keys.append(f"{item.role} sum named")
    if item.role == "sets" and (own := named_apart(item)):
        keys.insert(1, f"sets {own}")
    if item.phrase.startswith("time ") and item.facet.startswith("duration"):
        keys.insert(1, f"{item.role} time taken")
    if not (item.role == "names" and item.facet == "key" and _holds(item.phrase)):
        keys.append(f"{item.role} {item.facet}")
    keys.append(item.role)
    keys = [*_reaching(item, keys[1]), *keys]
    if end := end_of(item.parameter, item.facet):
        keys.insert(0, f"{item.role} place {end}")
    if item.facet in _TIMES:  # from when, and not from whom
        keys = [key for key in keys if key != "filters from"]
    if item.facet == "text" and not _WRITTEN & {*stems(item.parameter), *name_words(item.parameter)[-1:]}:
        keys = [key for key in keys if key != "sets text"]  # a purpose is no text that says something
    if item.values and item.values[0] is False:
        keys = [f"{item.role} flag"]
    number = item.facet in ("number", "count") or item.facet == "enum" and isinstance(item.values[0], int)
    if number and (how := counted_as(item.phrase)):
        keys.insert(1 if how == "unit" else len(keys) - 2, f"{item.role} {how}")
    return keys


def _reaching(item: Detail, otherwise: str) -> list[str]:
    """The headings of somebody's birth and of where they are reached, which go before all others."""
    if item.facet == "email" and item.role == "sets" and not {*item.phrase.lower().split()} & _ADDRESSES:
        listed = item.shape == "list"  # who is there, by their addresses
        own = [f"{item.role} owner at"] if item.parameter.lower() == "owner" else []
        return [
            *own,
            f"sets {item.parameter.replace('_', '').replace('-', '').lower()}",
            "sets people" if listed else otherwise,
        ]
    if item.facet == "email" and item.parameter.lower() == "owner":
        return [f"{item.role} owner at"]
    if item.role == "sets" and item.facet in ("email", "phone") and possessed(item.phrase) != item.phrase:
        return ["sets reached"]
    words = {*name_words(item.parameter), *item.phrase.lower().split()}
    return ["sets birth"] if item.facet == "date" and item.role == "sets" and words & _BORN else []


def _nominal(item: Detail) -> bool:
    """Whether a state is told by a noun, which nothing is "that is so": those at enquiry."""
    value = str(item.values[0]).lower().replace("_", " ") if item.values else ""
    stands = item.parameter.lower() in ("status", "state", "stage")
    return stands and value.endswith(("ry", "tion", "sion", "ment", "lead", "prospect", "trial", "draft"))


_BEFORE_DOING = ("ly", "ing", "still", "now", "not", "on", "in", "out")


def _happening(item: Detail) -> bool:
    """Whether a state tells what somebody does, as nothing "that is so": crew returning."""
    words = str(item.values[0]).lower().replace("_", " ").split() if item.values else []
    stands = item.parameter.lower() in ("status", "state", "stage")
    return stands and len(words) == 2 and words[1].endswith("ing") and not words[0].endswith(_BEFORE_DOING)


# What a key is said as beside its value; any other word before one is that of what something lies in: the bucket.
_KEYS = frozenset(
    "key code number no name id identifier sku reference ref slug tag plate barcode address postcode zip".split()
)


def _holds(phrase: str) -> bool:
    """Whether a key is called by the thing that it names, and things lie in that: objects in the logs bucket."""
    return bool(phrase) and phrase.rpartition(" ")[2].lower() not in _KEYS


_BORN = frozenset("birth born birthday birthdate dob".split())
_ADDRESSES = frozenset("mail email e-mail emails address addresses to cc bcc".split())


def _within(due: bool, facet: str, shape: str, strictly: bool) -> list[str]:
    """The headings under which the end or the beginning of a time stands that a list is narrowed to."""
    if due:
        return [
            "filters due after"
            if shape == "after"
            else "filters due before"
            if strictly
            else "filters due by"
        ]
    return ["filters date strictly"] if shape == "before" and strictly and facet == "date" else []


def that_are(phrase: str, value: bool) -> str:
    """Those of which something is so, or is not: "that are paid", "that aren't vacant"."""
    bare = phrase.removeprefix("is ")
    told = whether(bare, value)
    if (has := whether(bare, True)).startswith("with "):
        return has if value else f"without {has.removeprefix('with ')}"
    if told.startswith(("not ", bare)):
        return f"that are {told}"
    return f"that {'are' if value else 'are not'} {bare}"


def counted_as(phrase: str) -> str:
    """Whether a number is one of a unit, "350 ml", or one of things, "6 pieces"; "" for any other."""
    words = phrase.lower().split()
    if words == ["count"]:
        return ""  # of what is not said
    if unit_at_end(words)[1] == len(words):
        return "unit"
    return "count" if counted(phrase) and not unit_at_end(words)[1] else ""


def bounded_as(facet: str, phrase: str) -> str:
    """How a bound is said: of a price, of another sum, of a year, of things, of a unit, of any other number."""
    if facet in ("amount", "amount_minor"):
        return "price" if phrase.lower().rpartition(" ")[2] in _PRICES else "sum"
    if {*phrase.lower().split()} & {"year", "vintage"}:
        return "year"
    return counted_as(phrase) or "number"
