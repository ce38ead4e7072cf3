"""How a list is introduced: how many records there are, and which of them are told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.language.grammar import capitalised
from callsmith.language.likeness import newest_first
from callsmith.language.telling import Teller
from callsmith.language.words import number_word
from callsmith.meaning import Reply
from callsmith.records import Entity


def intro_of(teller: Teller, reply: Reply, entity: Entity, shown: Sequence[Mapping[str, Any]]) -> str:
    """How many records there are, of which these are shown: the latest, where they run back in time."""
    voice, count = teller.voice, len(reply.records)
    words = {"nouns": entity.plural, "noun": entity.noun, "filter": ""}
    few, whole = number_word(len(shown)), number_word(count)
    if reply.ask is not None and any(item.facet == "limit" for item in reply.ask.details):
        return capitalised(voice.answer("list.intro.first", count_word=whole, **words))
    if not reply.more and count == len(shown):
        return capitalised(voice.answer("list.intro.some", count_word=whole, **words))
    total = {} if reply.more else {"total": whole}
    intro = capitalised(voice.answer("list.intro.part", count_word=few, **words, **total))
    if newest_first(entity, shown, lambda moment: not teller.particulars.ahead(moment)):
        return re.sub(r"\b([Tt]he) first\b", r"\1 latest", intro)
    return intro
