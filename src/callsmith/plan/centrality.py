"""What an API is chiefly about: the kinds of record that many of its tools work with or name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from callsmith.plan.known import Known
from callsmith.records import Entity

FEWEST = 6  # tools of a kind beyond which it comes up no more often
LARGE = 120  # tools of an API of which people know but the most important part
SHARE = 20  # one of so many tools of a large API works with what it is chiefly about, or names it

_KEPT = 256  # toolsets made for one conversation come without end
_COUNTED: dict[str, Mapping[str, int]] = {}


def central(known: Known, entity: Entity) -> int:
    """How often a kind of record comes up beside others, for each tool that serves.

    What tools work with counts; in a large API also what they name: instances, of which most others are only parts.
    """
    most = max(FEWEST, len(known.toolset.tools) // SHARE)
    return min(max(_counted(known).get(entity.key, 0), 1), most)


def _counted(known: Known) -> Mapping[str, int]:
    counted = _COUNTED.get(known.toolset.hash)
    if counted is None:
        large = len(known.toolset.tools) > LARGE
        counted = Counter(
            key
            for tool in known.toolset.tools
            for key in {tool.entity, *((p.refers for p in tool.inputs) if large else ())}
        )
        while len(_COUNTED) >= _KEPT:
            _COUNTED.pop(next(iter(_COUNTED)), None)  # another thread may have been faster
        _COUNTED[known.toolset.hash] = counted
    return counted
