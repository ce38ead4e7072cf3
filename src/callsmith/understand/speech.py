"""What people call a tool's deed: an imperative without values."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.records import Effect
from callsmith.understand.entities import lexicon
from callsmith.understand.words import article, plural

Words = tuple[str, ...]

_LINKS = {"add": "to", "append": "to", "attach": "to", "link": "to", "put": "on", "remove": "from", "detach": "from",
          "unlink": "from", "delete": "from", "clear": "from", "set": "of", "invite": "to",
          "assign": "to", "unassign": "from", "insert": "into", "create": "in", "replace": "in"}  # fmt: skip


def verb_of(verb: str, effect: Effect, noun: str) -> str:
    """The verb people use with this noun, where there is a better one than the name's."""
    for entry in lexicon()["nouns"].values():
        if (
            entry.get("say") == noun
            and effect in entry.get("verbs", {})
            and verb in ("create", "insert", "post")
        ):
            return str(entry["verbs"][effect])
    return verb


def imperative(verb: str, effect: Effect, called: tuple[str, str], part: str = "", into: str = "") -> str:
    """``send an email``, ``list events``, ``add labels to an issue``.

    ``called`` is the noun and its plural, ``part`` what is added to or removed from the record, ``into`` what
    the record is put into or taken out of.
    """
    one, many = called
    if not one:
        return verb
    thing = f"{article(one)} {one}"
    if part:
        return f"{verb} {part} {_LINKS.get(verb, 'of')} {thing}"
    if into:
        return f"{verb} {thing} {_LINKS.get(verb, 'to')} {article(into)} {into}"
    if effect in ("list", "search"):
        return f"search {many}" if verb == "search" else f"{verb} {many}"
    if effect == "read" and verb in ("get", "show", "check"):
        return f"{verb} {thing}"
    if effect == "compute":
        return f"{verb} {many}"
    if verb == "reply":
        return f"reply to {thing}"
    if verb == "respond":
        return f"respond to {thing}"
    return f"{verb} {thing}"


def several(words: Words, many: bool) -> str:
    """The part's noun in the number the tool takes it."""
    noun = " ".join(words)
    if noun in data.read("understand/words.yaml")["mass"]:
        return noun
    return plural(noun) if many else f"{article(noun)} {noun}"
