"""What went wrong with a request, whether asking again may help, after how long, and what to tell people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal

from msgspec import Struct

from callsmith.config_models import Endpoint
from callsmith.errors import ModelError
from callsmith.models import http, wire
from callsmith.seeds import Rng

LONGEST = 60.0  # seconds that are waited because a server says so
FULL_PAUSE = (0.5, 20.0)  # seconds before another try where there was no room: at first, at most
BROKEN_PAUSE = (0.1, 10.0)  # where it failed
OVERLOADED = (429, 503, 529)
PASSING = (408, 409, 425, 500, 502, 504, 520, 521, 522, 523, 524)
_CONTEXT = re.compile(
    r"context.{0,20}(length|window|size)|maximum.{0,20}tokens|too many tokens|prompt is too long"
    r"|exceeds? the available",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"insufficient.{0,3}(quota|credit|funds|balance)|billing", re.IGNORECASE)


class Trouble(Struct):
    """One try that gave no answer.

    ``kind``: ``overloaded`` (there was no room), ``passing`` (worth another try), ``asked_too_much`` (this request
    will not be answered), ``fields`` (a field goes by another name), ``lasting`` (none will be).
    """

    kind: Literal["overloaded", "passing", "asked_too_much", "fields", "lasting"]
    why: str
    hint: str = ""
    retry_after: float = 0.0  # seconds; 0 where the server does not say
    lost: http.How | None = None  # how, where no answer came at all


def of_status(
    endpoint: Endpoint, key: str, status: int, headers: Mapping[str, str], payload: bytes
) -> Trouble:
    """What an answer that is not a chat completion means."""
    said, code = (_clean(text, key) for text in wire.error_of(payload))
    why = f"status {status}" + (f": {said}" if said else "")
    if status == 200:
        status = int(code) if re.fullmatch(r"[45][0-9]{2}", code) else 500
    if 300 <= status < 400:
        host = http.host_of(headers.get("Location", ""))
        return Trouble(
            "lasting", f"redirects to {host or 'elsewhere'}", "put the final address into base_url"
        )
    if status in (401, 403):
        return Trouble("lasting", f"status {status}: {_key_refused(endpoint)}", _key_hint(endpoint))
    if status == 402 or _CREDIT.search(code) or (status == 429 and _CREDIT.search(said)):
        return Trouble("lasting", why, "the account has no credit left; the run can be gone on with later")
    if status == 404:
        return _not_found(endpoint, why, said, code)
    if status in OVERLOADED:
        return Trouble("overloaded", why, retry_after=_retry_after(headers))
    if status in PASSING or status >= 500:
        return Trouble("passing", why, retry_after=_retry_after(headers))
    if _CONTEXT.search(said) or "context_length" in code or status == 413:
        return Trouble("asked_too_much", why, "the request is longer than the model reads; offer fewer tools")
    if "max_completion_tokens" in said:
        return Trouble("fields", why)
    return Trouble("asked_too_much", why, "see the server's words; extra: {field: null} takes a field out")


def of_lost(lost: http.Lost) -> Trouble:
    """What it means that no whole answer came."""
    if lost.how == "untrusted":
        return Trouble("lasting", str(lost), "install the certificate of its issuer on this machine")
    hint = "is the server running, and base_url right?" if lost.how == "unreachable" else ""
    return Trouble("passing", str(lost), hint, lost=lost.how)


def pause(trouble: Trouble, turn: int, rng: Rng) -> float:
    """Seconds to wait before another try, never twice the same, so that calls do not come back together."""
    if trouble.retry_after:
        return trouble.retry_after * (1 + rng.random() / 4)
    first, most = FULL_PAUSE if trouble.kind == "overloaded" else BROKEN_PAUSE
    return float(min(first * 2**turn, most) * (0.5 + rng.random()))


def error(endpoint: Endpoint, trouble: Trouble, *, tries: int = 1, lasting: bool = False) -> ModelError:
    """The error that a trouble ends in."""
    why = trouble.why if tries == 1 else f"no answer in {tries} tries; the last time: {trouble.why}"
    return ModelError(why, where=endpoint.label, hint=trouble.hint, lasting=lasting)


def _not_found(endpoint: Endpoint, why: str, said: str, code: str) -> Trouble:
    if "model" in f"{said} {code}".lower():
        return Trouble("lasting", f"status 404: no model {endpoint.model}", "see what GET /models lists")
    return Trouble("lasting", why, "no chat completions at this address; base_url often ends in /v1")


def _key_refused(endpoint: Endpoint) -> str:
    return f"the key in {endpoint.api_key_env} is refused" if endpoint.api_key_env else "a key is wanted"


def _key_hint(endpoint: Endpoint) -> str:
    if endpoint.api_key_env:
        return f"set {endpoint.api_key_env} to a key that may use this model"
    return "name the environment variable that holds it: api_key_env"


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds, from a number or from a date, which is told from the server's own clock."""
    given = headers.get("Retry-After", "")
    try:
        return min(max(float(given), 0.0), LONGEST)
    except ValueError:
        pass
    try:
        ahead = parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return 0.0
    return min(max(ahead.total_seconds(), 0.0), LONGEST)


def _clean(text: str, key: str) -> str:
    """A server's words without the key, should it repeat it, and on one line."""
    if key:
        text = text.replace(key, "[key]")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
