"""Writing a query in a tool's query language from what the user said."""

from __future__ import annotations

from callsmith.plan.draft import Draft
from callsmith.records import Entity, Person


def compose(
    draft: Draft, facet: str, entity: Entity, words: str, person: Person | None
) -> tuple[str, Person | None]:
    """A query for records whose title holds ``words``, and the person it names (None when it names none).

    ``facet`` is ``query:`` and the language; an unknown language gives ``""``.
    """
    language = facet.partition(":")[2]
    if language == "gmail":
        return _gmail(draft, words, person)
    if language == "drive":
        return f"name contains '{escaped(words)}'", None
    if language == "jql":
        return f'{draft.choice(("summary", "text"))} ~ "{words.replace(chr(34), "")}"', None
    if language == "text":
        return words, None
    if language == "stripe":
        label = entity.label_pointer.rsplit("/", 1)[-1]
        return (
            (f"{label}:'{escaped(words)}'", None) if label in ("name", "description", "email") else ("", None)
        )
    return "", None


def escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("'", "\\'")


def _gmail(draft: Draft, words: str, person: Person | None) -> tuple[str, Person | None]:
    terms: list[str] = []
    if person is not None:
        terms.append(f"from:{draft.choice((person.given.lower(), person.given))}")
    if words:
        plain = words.replace('"', "")
        terms.append(draft.choice((f'subject:"{plain}"', f'"{plain}"', f"subject:({plain})")))
    return " ".join(terms), person
