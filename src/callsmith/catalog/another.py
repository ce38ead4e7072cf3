"""Acts that leave their record as it is and make another like it: a run that is retried as a new run."""

from __future__ import annotations

import re

from callsmith.records import Entity, Tool

_ANOTHER = (
    r"(?:as|starts?|creates?|opens?|makes?|queues?|triggers?|issues?|returns?) (?:a new|another|a fresh)"
)


def makes_another(tool: Tool, entity: Entity) -> bool:
    """Whether a tool shows another record than the one it is told: "retries a job as a new job"."""
    if all(one.entity != entity.key for one in tool.yields) or tool.state:
        return False
    head = re.escape(entity.noun.rpartition(" ")[2])
    return re.search(rf"\b{_ANOTHER} (?:[a-z]+ )?{head}\b", tool.description.lower()) is not None
