"""The event loop that calls to models run on: uvloop's, wherever there is one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

MISSING = "uvloop is not installed: each call to a model takes more of the processor; pip install 'callsmith[models]'"


def runner() -> asyncio.Runner:
    """What runs asynchronous work that asks models: on uvloop, which takes a sixth less of the processor a call."""
    return asyncio.Runner(loop_factory=_fast())


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of asynchronous work that asks models."""
    with runner() as runs:
        return runs.run(work)


def missing() -> str:
    """What to tell of a run whose loop is the slow one though there is a fast one for this machine; else ""."""
    return MISSING if sys.platform != "win32" and _fast() is None else ""


def _fast() -> Any:
    if sys.platform == "win32":  # there is none
        return None
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
