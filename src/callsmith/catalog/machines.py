"""Names of machines' things, such as services and the projects that they belong to: payments-api, checkout-web."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = frozenset("api web app service svc worker ui db job gateway backend frontend site mobile".split())


def alike(schema: Mapping[str, Any]) -> bool:
    """Whether the examples of an argument are names of machines' things, all of one make."""
    shown = schema.get("examples", ())
    ends = {str(one).rpartition("-")[2] for one in shown}
    return len(shown) > 3 and len(ends) == 1 and ends <= PARTS
