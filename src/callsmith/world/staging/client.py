"""Requests sent to a staging API and what came back: limits kept, errors told, the secret taken out."""

from __future__ import annotations

import asyncio
import atexit
import base64
import os
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import orjson
from msgspec import Struct

from callsmith.config_http import Staging
from callsmith.errors import SourceError
from callsmith.records import Json
from callsmith.text import short
from callsmith.world.staging.building import SAFE_METHODS, Request

BODY = 1_000_000  # bytes of an answer
DEEP = 64  # levels of an answer
TRIES = 3  # of a request the API is too busy for
PATIENCE = 5.0  # seconds waited at most before trying again
REDIRECTS = 3
SHORTEST = 8  # characters of a secret that can be told apart in an answer
ASKED = {
    "User-Agent": "callsmith",
    "Accept": "application/json, text/*;q=0.8, */*;q=0.5",
    "Accept-Encoding": "identity",  # what is packed small may be large
}
HIDDEN = "[secret]"


class Answer(Struct, frozen=True):
    """What a request gave."""

    value: Json
    error: str = ""
    date: str = ""  # the API's own clock, an HTTP date


class Broken(Exception):
    """No usable answer; ``code`` is short."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Client:
    """One API, spoken to from code that has no event loop. Requests go out one after the other."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self._http = _aiohttp()
        self._secret = _secret(staging)
        self._forms = _forms_of(self._secret)
        self._last = 0.0
        self._session: Any = None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="callsmith-http", daemon=True).start()

    def send(self, request: Request) -> Answer:
        """The answer to a request. Nothing is raised: silence, floods and nonsense are errors with a code."""
        future = asyncio.run_coroutine_threadsafe(self._sent(request), self._loop)
        return future.result()

    def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            asyncio.run_coroutine_threadsafe(self._session.close(), self._loop).result()
            self._session = None
        self._loop.call_soon_threadsafe(self._loop.stop)

    def clean(self, value: Json, depth: int = 0) -> Json:
        """A value without the secret in any of its usual spellings, and without what no JSON may hold.

        Raises:
            Broken: it is nested too deep.
        """
        if depth > DEEP:
            raise Broken("invalid_response", f"the answer is nested deeper than {DEEP} levels")
        if isinstance(value, str):
            for form in self._forms:
                value = value.replace(form, HIDDEN)
            return value.encode("utf-8", "replace").decode()
        if isinstance(value, list):
            return [self.clean(item, depth + 1) for item in value]
        if isinstance(value, Mapping):
            return {self.clean(key): self.clean(item, depth + 1) for key, item in value.items()}
        return value

    async def _sent(self, request: Request) -> Answer:
        try:
            async with asyncio.timeout(self.staging.timeout + PATIENCE * (TRIES - 1)):
                for left in reversed(range(TRIES)):
                    answer, wait = await self._tried(request, self._address(request))
                    if wait is None or not left:
                        return answer
                    await asyncio.sleep(wait)
            raise AssertionError("the last try returns")
        except Broken as broken:
            return self._failed(broken.code, str(broken))
        except TimeoutError:
            return self._failed("timeout", f"no answer within {self.staging.timeout:g} seconds")
        except (self._http.ClientError, OSError, ValueError) as error:
            return self._failed("unreachable", f"{type(error).__name__}: {error}")

    def _failed(self, code: str, message: str) -> Answer:
        return Answer(self.clean({"error": {"type": code, "message": short(message, 300)}}), code)

    async def _tried(self, request: Request, address: str) -> tuple[Answer, float | None]:
        """The answer, and how long to wait before another try where the API asks for one."""
        from yarl import URL  # comes with aiohttp

        for _ in range(REDIRECTS + 1):
            await self._paced()
            async with self._opened().request(
                request.method, URL(address, encoded=True), **self._given(request), allow_redirects=False
            ) as got:
                if got.status in (301, 302, 303, 307, 308) and "Location" in got.headers:
                    address = self._followed(request, address, got.headers["Location"])
                    continue
                body = await self._read(got)
                answer = self._understood(request, got, body)
                again = got.status == 429 or got.status == 503 and request.method in SAFE_METHODS
                return answer, _wait(got) if again else None
        raise Broken("redirected", f"more than {REDIRECTS} redirects")

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._http.ClientSession(
                timeout=self._http.ClientTimeout(total=self.staging.timeout),
                cookie_jar=self._http.DummyCookieJar(),
                headers=ASKED,
                trust_env=False,
            )
        return self._session

    def _given(self, request: Request) -> dict[str, Any]:
        headers = dict(request.headers)
        auth = self.staging.auth
        if auth is not None and not auth.query:
            headers[auth.header] = auth.prefix + self._secret
        if request.parts:
            form = self._http.MultipartWriter("form-data")
            for name, text in request.parts:
                form.append(text).set_content_disposition("form-data", name=name)
            return {"headers": headers, "data": form}
        return {"headers": headers, "data": request.body or None}

    def _address(self, request: Request) -> str:
        auth = self.staging.auth
        path = request.path
        if auth is not None and auth.query:
            path += ("&" if "?" in path else "?") + f"{quote_plus(auth.query)}={quote(self._secret, safe='')}"
        return self.staging.base.rstrip("/") + path

    def _followed(self, request: Request, address: str, location: str) -> str:
        """Where a redirect leads: to the same host, for what only reads; the secret goes nowhere else."""
        target = urljoin(address, location)
        one, other = urlsplit(address), urlsplit(target)
        if (one.scheme, one.netloc) != (other.scheme, other.netloc):
            raise Broken("redirected", f"redirected to another host, {short(other.netloc, 80)}")
        if request.method not in SAFE_METHODS:
            raise Broken("redirected", "a request that changes something is not sent twice")
        return target

    async def _paced(self) -> None:
        loop = asyncio.get_running_loop()
        wait = self._last + 1 / self.staging.rate - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._last = loop.time()

    async def _read(self, got: Any) -> bytes:
        if int(got.headers.get("Content-Length") or 0) > BODY:
            raise Broken("too_large", f"an answer of more than {BODY:,} bytes")
        held = bytearray()
        async for chunk in got.content.iter_chunked(65_536):
            held += chunk
            if len(held) > BODY:
                raise Broken("too_large", f"an answer of more than {BODY:,} bytes")
        return bytes(held)

    def _understood(self, request: Request, got: Any, body: bytes) -> Answer:
        """JSON as it is, text as text, anything else described; 400 and above is an error with the API's own words."""
        error = f"http_{got.status}" if got.status >= 300 else ""
        date = str(got.headers.get("Date", ""))
        kind = str(got.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
        if not body:
            return Answer({"status": got.status}, error, date)
        if "json" in kind or not kind:
            try:
                return Answer(self.clean(orjson.loads(body)), error, date)
            except orjson.JSONDecodeError as fault:
                told = f"its answer is no JSON: {fault}"
                if error:
                    return Answer(self.clean({"error": body[:500].decode("utf-8", "replace")}), error, date)
                raise Broken("invalid_response", told) from fault
        if kind.startswith("text/") or "xml" in kind:
            return Answer(self.clean(body.decode("utf-8", "replace")), error, date)
        return Answer({"content_type": self.clean(kind), "bytes": len(body)}, error, date)


@lru_cache(maxsize=64)
def client(staging: Staging) -> Client:
    """The one client of a process for an API.

    Raises:
        SourceError: the extra is missing, or the environment holds no usable secret.
    """
    made = Client(staging)
    atexit.register(made.close)
    return made


def _aiohttp() -> Any:
    try:
        import aiohttp
    except ImportError as error:
        raise SourceError("an HTTP world needs aiohttp", hint="pip install 'callsmith[http]'") from error
    return aiohttp


def _secret(staging: Staging) -> str:
    if staging.auth is None:
        return ""
    secret = os.environ.get(staging.auth.env, "")
    if not secret:
        raise SourceError(f"the environment has no {staging.auth.env}", where=staging.base, hint="set it")
    if len(secret) < SHORTEST or not secret.isprintable() or not secret.isascii():
        raise SourceError(
            f"{staging.auth.env} is no secret of at least {SHORTEST} plain characters", where=staging.base
        )
    return secret


def _forms_of(secret: str) -> tuple[str, ...]:
    """How a secret may come back: as it is, percent-encoded, in base64."""
    if not secret:
        return ()
    encoded = base64.b64encode(secret.encode()).decode()
    forms = {secret, quote(secret, safe=""), quote_plus(secret), encoded, encoded.rstrip("=")}
    return tuple(sorted(forms, key=len, reverse=True))


def _wait(got: Any) -> float:
    after = str(got.headers.get("Retry-After", ""))
    return min(float(after), PATIENCE) if after.isdigit() else 0.5
