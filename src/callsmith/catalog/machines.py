"""Names of machines' things, such as services and the projects that they belong to: payments-api, checkout-web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read

PARTS = frozenset("api web app service svc worker ui db job gateway backend frontend site mobile".split())


def alike(schema: Mapping[str, Any]) -> bool:
    """Whether the examples of an argument are names of machines' things, all of one make."""
    shown = schema.get("examples", ())
    ends = {str(one).rpartition("-")[2] for one in shown}
    return len(shown) > 3 and len(ends) == 1 and ends <= PARTS


INNER = frozenset("web api worker cache sync intranet".split())
"""Services that go by their bare name, and no teams."""


def services() -> list[str]:
    """What services are called, and the teams that own them."""
    words: Sequence[str] = read("catalog/lexicon/nouns.yaml")["words"]["service"]
    return [word for word in words if word.isalpha()]


def service_named(text: str, part: str) -> str:
    """The service that a text names, as one that is such a part of it is called: checkout-web; "" for none."""
    said = {word.strip(".,:;'\"") for word in text.lower().split()}
    head = next((word for word in services() if word in said), "")
    return head if not head or head in PARTS or head in INNER else f"{head}-{part}"


def of_teams(example: str) -> list[str]:
    """What is called after a team, as the example is: Search primary, of Payments primary; empty for other names."""
    head, _, rest = example.partition(" ")
    if head.lower() not in services() or not rest:
        return []
    return [
        f"{word.capitalize() if head[:1].isupper() else word} {rest}"
        for word in services()
        if word not in INNER
    ]
