"""What a configuration says of one's own staging API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

LOCAL = ("127.0.0.1", "localhost", "::1")


class Auth(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How requests say who asks. The secret is read from the environment and written nowhere."""

    env: str
    """The environment variable that holds the secret."""
    header: str = "Authorization"
    """The header it is sent in."""
    prefix: str = "Bearer "
    """What stands before it in the header."""
    query: str = ""
    """The query parameter it is sent in, instead of a header."""


class Staging(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A running API whose operations are called for real, recorded, and replayed by the execution check."""

    base: str
    """Its address, `https://staging.example.com/v1`; paths of the description follow it."""
    allow: Literal["read", "write"] = "read"
    """`read`: nothing but GET and HEAD is sent, and nothing that is understood to change anything. `write`: all is."""
    auth: Auth | None = None
    """How requests say who asks. None: they do not."""
    timeout: float = 10.0
    """Seconds a request may take."""
    rate: float = 20.0
    """The most requests a second."""
    now: str = ""
    """The moment conversations take place, an ISO date-time with its offset. Default: the API's own `Date`, when it \
is explored."""
    replay: str = ""
    """A run directory, relative to this file: what its journal holds is not asked again."""


def faults(staging: Staging) -> Iterator[tuple[str, str]]:
    """What no schema says: (key, what is wrong)."""
    url = _split(staging.base)
    if url is None or url[0] not in ("http", "https") or not url[1]:
        yield "base", "base must be an address, http://… or https://…"
        return
    if "@" in staging.base or "?" in staging.base or "#" in staging.base:
        yield "base", "base holds no user, query or fragment: a secret comes from the environment, with auth"
    if staging.auth is not None:
        if url[0] == "http" and url[1] not in LOCAL:
            yield "base", "a secret is sent over https alone, but to this machine"
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", staging.auth.env):
            yield "auth", "env must be the name of an environment variable, not the secret itself"
        if not re.fullmatch(r"[A-Za-z0-9-]+", staging.auth.header) or "\n" in staging.auth.prefix:
            yield "auth", "header must be the name of a header"
    if not 0 < staging.timeout <= 600:
        yield "timeout", "timeout must be above 0 and at most 600 seconds"
    if not 0 < staging.rate <= 10_000:
        yield "rate", "rate must be above 0 and at most 10000 requests a second"
    if staging.now and not re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{5,8}[+-][0-9]{2}:[0-9]{2}", staging.now
    ):
        yield "now", "now must be a date-time with its offset, such as 2026-03-02T09:30:00+01:00"


def _split(base: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(base)
        parts.port  # noqa: B018 - a port that is none is found out when it is read
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return None
