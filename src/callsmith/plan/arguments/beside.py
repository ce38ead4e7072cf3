"""What goes with somebody who is named already: the address of one signer is that signer's."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.catalog.figures import name_words
from callsmith.meaning import Listed, Source, Stated
from callsmith.plan.draft import Draft
from callsmith.records import Json, Parameter

_PERSONAL = ("person", "email", "phone")


def of_the_same(draft: Draft, arguments: Mapping[str, Source], parameter: Parameter) -> Json | None:
    """The name, address or number of whoever is named beside it already: of one signer, of the same customer."""
    if parameter.facet not in _PERSONAL:
        return None
    head, _, last = parameter.pointer.rpartition("/")
    own = name_words(last)[:-1]
    for pointer, source in arguments.items():
        beside, _, name = pointer.rpartition("/")
        if beside != head or not head and name_words(name)[:-1] != own or not head and not own:
            continue
        first = source.items[0] if isinstance(source, Listed) and len(source.items) == 1 else source
        said = first.value if isinstance(first, Stated) else None
        for person in draft.scene.people:
            if said is not None and said in (person.name, person.email, person.phone):
                return {"person": person.name, "email": person.email, "phone": person.phone}[parameter.facet]
    return None
