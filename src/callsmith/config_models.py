"""What a configuration says of language models: where they are asked, how, at what price, and when to stop."""

from __future__ import annotations

import ipaddress
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Struct

Player = Literal["default", "writer", "user", "assistant", "tool", "judge"]  # a role, or all that have none
Structured = Literal["auto", "json_schema", "vllm", "guided", "sglang", "llama_cpp", "fireworks", "none"]

OURS = (
    "model",
    "messages",
    "tools",
    "stream",
    "n",
    "response_format",
)  # fields of a body no setting replaces


class Price(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a million tokens cost, in any one currency."""

    input: float = 0.0
    """Of the prompt."""
    output: float = 0.0
    """Of the answer, its reasoning included."""
    cached: float | None = None
    """Of the prompt, where the server had it at hand. Default: as `input`."""


class Endpoint(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model behind an OpenAI-compatible address."""

    base_url: str
    """The address up to `/chat/completions`, such as `http://localhost:8000/v1`."""
    model: str
    """The name the server knows the model by."""
    api_key_env: str = ""
    """The environment variable that holds the key. The key itself is written nowhere."""
    structured: Structured = "auto"
    """How the server is told the form of an answer. `auto` finds out by asking it once."""
    temperature: float | None = None
    """Where a request does not say. Default: the server's own."""
    max_tokens: int = 0
    """The most tokens of an answer, reasoning included. 0: as each request asks."""
    concurrency: int = 64
    """The most requests in flight; fewer while the server is overloaded. Roles with one address and key share it."""
    timeout: float = 300.0
    """Seconds an answer may take, after which it is asked for again."""
    price: Price = Price()
    """What tokens cost; see below."""
    extra: Mapping[str, Any] = {}
    """Further fields of every request, as the server names them. Null takes a field out."""

    def __hash__(self) -> int:
        return zlib.crc32(msgspec.json.encode(self))

    @property
    def label(self) -> str:
        """What errors call it."""
        return f"{self.model} at {self.base_url}"

    @property
    def shaping(self) -> dict[str, Any]:
        """What of it shapes an answer: not where it is, nor what it costs."""
        return {
            "model": self.model,
            "structured": self.structured,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "extra": dict(self.extra),
        }


class Limits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a run that asks models stops, to be gone on with by the same command. 0 is no limit."""

    max_cost: float = 0.0
    """What its calls may cost in all, by the prices of the endpoints."""
    max_tokens: int = 0
    """Tokens its calls may use in all, prompts and answers."""
    max_minutes: float = 0.0
    """Minutes one command may run."""
    max_formless: int = 20
    """Requests in a row that one role answers in no form it was told: prose where JSON is due, markup none can read."""


def faults(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """What no schema says of an endpoint: (key, what is wrong)."""
    address = _split(endpoint.base_url)
    if address is None or address.scheme not in ("http", "https") or not address.hostname:
        yield "base_url", "base_url must be an http or https address, such as http://localhost:8000/v1"
    elif address.username or address.password or address.query or address.fragment:
        yield "base_url", "base_url holds an address alone: keys come from the environment, by api_key_env"
    elif address.scheme == "http" and endpoint.api_key_env and not _near(address.hostname):
        yield "base_url", "a key is sent by https, or to an address of this machine or network, only"
    if not endpoint.model:
        yield "model", "model is empty"
    if endpoint.api_key_env and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", endpoint.api_key_env):
        yield "api_key_env", "api_key_env is the name of an environment variable, not a key"
    if endpoint.temperature is not None and not 0 <= endpoint.temperature <= 2:
        yield "temperature", "temperature must be between 0 and 2"
    if endpoint.max_tokens < 0:
        yield "max_tokens", "max_tokens must not be negative"
    if not 1 <= endpoint.concurrency <= 4096:
        yield "concurrency", "concurrency must be between 1 and 4096"
    if not 0 < endpoint.timeout <= 7200:
        yield "timeout", "timeout must be above 0 and at most 7200 seconds"
    price = endpoint.price
    if min(price.input, price.output, price.cached or 0.0) < 0:
        yield "price", "prices must not be negative"
    for name in OURS:
        if name in endpoint.extra:
            yield "extra", f"extra cannot set {name}"


def priced(endpoint: Endpoint) -> bool:
    """Whether it says what its tokens cost."""
    return bool(endpoint.price.input or endpoint.price.output)


def prices(endpoints: Iterable[Endpoint]) -> dict[str, Price]:
    """Prices by the names of models, which are all a journal knows; of one name at several, the dearest."""
    found: dict[str, Price] = {}
    for endpoint in endpoints:
        name, price = endpoint.model, endpoint.price
        known = found.setdefault(name, price)
        if price.input + price.output > known.input + known.output:
            found[name] = price
    return found


def misfit(models: Mapping[str, Any]) -> tuple[str, str] | None:
    """The role whose endpoint cannot be read and msgspec's words for why; paths into a mapping lack its keys."""
    for role, given in models.items():
        try:
            msgspec.convert(given, Endpoint)
        except msgspec.ValidationError as error:
            return role, str(error)
    return None


def _split(address: str) -> SplitResult | None:
    try:
        split = urlsplit(address)
        _ = split.port  # raises where it is no number
    except ValueError:
        return None
    return split


def _near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
