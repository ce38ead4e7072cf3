"""Which sort of note people leave on a thing: of code, of an office, or of a place where nobody sits at a desk."""

from __future__ import annotations

from callsmith.plan.draft import Draft
from callsmith.plan.signs import addressed
from callsmith.records import Tool


def notes_of(draft: Draft, tool: Tool) -> str:
    """The group of notes to choose from."""
    if any(word in tool.toolkit for word in ("git", "jira")):
        return "code"
    about = (draft.known.entities.get(parameter.refers) for parameter in tool.inputs)
    everyday = draft.scene.trade != "any" or any(one is not None and addressed(one) for one in about)
    return "plain" if everyday else "work"
