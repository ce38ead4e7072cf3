"""The parts of a postal address said as one: at Mill Lane 4, 3011 AD Lagos."""

from __future__ import annotations

from msgspec import structs

from callsmith.catalog.figures import name_words
from callsmith.meaning import Ask, Detail

# The words that a part's name ends in, by the part; what is written first comes first.
_PARTS = {
    "street": ("street", "street address", "street name", "line 1", "line1", "address line 1", "address line1", "road"),
    "number": ("house number", "street number", "house no", "building number", "number", "house nr"),
    "further": ("line 2", "line2", "address line 2", "address line2", "unit", "apartment"),
    "code": ("postal code", "postcode", "post code", "zip", "zip code", "zipcode", "postalcode"),
    "town": ("city", "town", "municipality", "suburb", "district"),
    "wider": ("state", "province", "county", "region", "country"),
}  # fmt: skip
_ENDS = ("from", "to")


def _part(item: Detail) -> tuple[str, str]:
    """Which part of an address a detail is, and what its name says besides: the end of a way; "" for no part."""
    words = " ".join(name_words(item.phrase or item.parameter))
    ways = [(part, end) for part, ends in _PARTS.items() for end in ends if f" {words}".endswith(f" {end}")]
    if not ways or item.role != "sets" or item.shape != "value":
        return "", ""
    part, end = max(ways, key=lambda pair: len(pair[1]))
    return part, words.removesuffix(end).strip()


def at_one_address(ask: Ask) -> Ask:
    """A request in which every street with its town is one detail."""
    parts = [(item, *_part(item)) for item in ask.details]
    found: dict[str, dict[str, Detail]] = {}
    for item, part, besides in parts:
        if part:
            found.setdefault(_whose(besides), {}).setdefault(part, item)
    whole = {besides: said for besides, said in found.items() if "street" in said and len(said) > 1}
    if not whole:
        return ask
    details: list[Detail] = []
    for item, part, besides in parts:
        said = whole.get(_whose(besides), {}) if part else {}
        if said.get(part) is not item:
            details.append(item)
        elif part == "street":
            details.append(_together(said, _whose(besides)))
    return structs.replace(ask, details=details)


def _whose(besides: str) -> str:
    """Which address it is of several: where a way starts or ends, or that of the recipient."""
    return besides.removesuffix("address").strip()


def _together(said: dict[str, Detail], besides: str) -> Detail:
    lines = (("street", "number"), ("further",), ("code", "town"), ("wider",))
    told = [" ".join(str(said[part].values[0]) for part in line if part in said) for line in lines]
    end = besides if besides in _ENDS else ""
    name = f"{end}_address" if end else "postal_address"
    phrase = f"{besides} address".strip()
    return structs.replace(
        said["street"], parameter=name, facet="place" if end else "postal", phrase=phrase,
        values=[", ".join(filter(None, told))], shown="",
    )  # fmt: skip
