"""Which sort of note people leave on a thing: of code, of an office, or of a place where nobody sits at a desk."""

from __future__ import annotations

from callsmith.catalog.data import files
from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.plan.draft import Draft
from callsmith.plan.signs import addressed
from callsmith.records import Parameter, Tool

_NOTES = frozenset("note notes comment comments remark remarks message reply answer update memo".split())
_PAPERS = frozenset(
    "credit_note debit_note delivery_note dispatch_note consignment_note goods_received_note".split()
)
_NOTED = frozenset("note comment message reply remark post update worklog log entry feedback review".split())


def notes_of(draft: Draft, tool: Tool) -> str:
    """The group of notes to choose from."""
    if any(word in tool.toolkit for word in ("git", "jira")):
        return "code"
    about = (draft.known.entities.get(parameter.refers) for parameter in tool.inputs)
    everyday = draft.scene.trade != "any" or any(one is not None and addressed(one) for one in about)
    return "plain" if everyday else "work"


def thought_of(draft: Draft, tool: Tool, parameter: Parameter) -> str:
    """What such a text says where that is known of the record it is of; "" for a note, which says what notes say.

    Raises:
        PlanUnfit: it is no note, and nobody knows what it would say: a grievance is none that all is well.
    """
    if tool.toolkit in files("catalog/toolkits"):
        return ""
    noun = tool.entity.rpartition(".")[2]
    noted = (
        noun.rpartition("_")[2] in _NOTED
        and noun not in _PAPERS
        and tool.entity not in draft.known.toolset.fixtures
    )
    told = None if noted else draft.world.invent(tool, parameter, draft.rng)
    if isinstance(told, str) and told:
        return told
    if noted or {*name_words(parameter.name)[-1:]} & _NOTES:
        return ""
    raise PlanUnfit(f"what a {parameter.phrase} says is not known")
