"""Arguments that hold what is looked for: plain words, or a query in a language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.understand.leaf import Guess, Leaf, choices, lexicon

Words = tuple[str, ...]

_OF_A_LANGUAGE = re.compile(r"[=<>{}\[\]~*^$|&%]|\b\w+:\S")


def query(path: Sequence[Words], kinds: Sequence[str], leaf: Leaf) -> Guess | None:
    """What is looked for, and in which language it is written; None where an argument is no query."""
    name = " ".join(path[-1])
    if name not in lexicon()["queries"] or (kinds and "string" not in kinds) or choices(leaf.schema):
        return None
    text = " ".join([leaf.description, *map(str, leaf.schema.get("examples", ()))]).lower()
    for dialect in lexicon()["dialects"]:
        if all(word in text for word in dialect["words"]) or (
            dialect["facet"] == "query:jql" and name == "jql"
        ):
            facet = dialect["facet"]
            if facet == "query":
                return Guess("query", "", "query", 0.2, (f"{name!r} takes a query in a language of its own",))
            signs = ", ".join(dialect["words"])
            return Guess(
                facet, "search words", "query", 0.85, (f"{name!r} takes a query; {signs!r} tells which",)
            )
    if name in ("jql", "filter", "search expression") or _OF_A_LANGUAGE.search(text):
        return Guess("query", "", "query", 0.2, (f"{name!r} takes a query in a language that is not known",))
    why = f"{name!r} is what is looked for, and nothing shows a language"
    return Guess("query:text", "search words", "query", 0.65, (why,))
