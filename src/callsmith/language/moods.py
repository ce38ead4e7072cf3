"""What stands around any request: politeness, place, quotation."""

from __future__ import annotations

from callsmith.language.grammar import unmarked
from callsmith.language.routes import carried
from callsmith.language.voicing import Voicing
from callsmith.language.words import gerund
from callsmith.meaning import Ask, Detail


def mood(voice: Voicing, vp: str) -> str:
    return voice.say("mood", vp=vp, vping=gerund_of(vp))


def gerund_of(vp: str) -> str:
    return gerund(vp) if vp[:1].isalpha() else vp


def scope_words(voice: Voicing, ask: Ask) -> str:
    """Where the record lies, when the user says so: "in optics-web"."""
    named = [item for item in ask.details if item.role == "names" and not names_target(ask, item)]
    ends = {item.parameter: carried(item.parameter, ask.noun) for item in named}
    named.sort(key=lambda item: ends[item.parameter] == "of")
    parts = [
        f"{ends[item.parameter]} {voice.spoken(item)}" if ends[item.parameter] else voice.put(item, "post")
        for item in named
    ]
    text = " ".join(part for part in parts if part)
    return f" {text}" if text else ""


def names_target(ask: Ask, item: Detail) -> bool:
    targets = [*ask.targets, *([ask.container] if ask.container else [])]
    return any(target.by == "key" and target.key in item.values for target in targets)


def mood_first(voice: Voicing, vp: str) -> str:
    """An imperative that ends on what is to be said: no further words may follow it, only its own stop."""
    opener = voice.pick(("", "", "", "please ", "can you ", "could you ", "go ahead and "))
    text = f"{opener}{vp}".rstrip()
    plain = unmarked(text)
    if opener.startswith(("can", "could")):
        return text if plain[-1] in ".?!" else f"{text}?"
    return text if plain[-1] in ".?!" or plain[-2:] in ('."', '?"', '!"') else f"{text}."
