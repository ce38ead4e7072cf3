"""Whether what is so or not of a thing is said of it as its quality: vacant, redeemed, on loan."""

from __future__ import annotations

from callsmith.catalog.data import read


def describes(phrase: str) -> bool:
    """Whether people narrow a listing by it: "vacant units", "orders that are not paid yet"."""
    words = phrase.lower().removeprefix("is ").split()
    table = read("language/en/relating.yaml")
    told = next(iter(table["flags"].get(" ".join(words), ())), "")
    if told.startswith("with "):
        return True
    if len(words) == 1 and told != words[0]:
        ending = words[0].endswith(("ed", "able", "ible")) and words[0] not in table["no_qualities"]
        return ending or words[0] in table["qualities"]
    return told != "" and len(words) == 1 or len(words) == 2 and bool({words[0], words[1]} & _PARTICLES)


_PARTICLES = frozenset(["in", "on", "out", "off", "up", "free", "accessible"])


def worded(phrase: str) -> bool:
    """Whether a choice of such a name describes a thing in words of its own: the crop, the surface, the plan."""
    name = phrase.lower()
    forms = read("language/en/relating.yaml")["enums"]
    return name in forms or name.rpartition(" ")[2] in forms
