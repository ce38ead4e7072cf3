"""One POST over aiohttp, bounded in size, that follows nothing and keeps its key to itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from callsmith.errors import ModelError

CONNECT = 10.0  # seconds a connection may take
IDLE = 30.0  # seconds an unused connection is kept

Answer = tuple[int, Mapping[str, str], bytes]  # status, headers, body
How = Literal["unreachable", "untrusted", "dropped", "late", "endless"]


class Lost(Exception):
    """No whole answer came. ``how`` says why; the text holds nothing of what was sent."""

    def __init__(self, how: How, why: str) -> None:
        super().__init__(why)
        self.how = how


class Transport:
    """The connections of a run, shared by all its models. Open it with ``async with``, inside a running loop."""

    def __init__(self) -> None:
        self._aiohttp = _aiohttp()
        self._session: Any = None

    async def __aenter__(self) -> Self:
        http = self._aiohttp
        self._session = http.ClientSession(
            connector=http.TCPConnector(limit=0, keepalive_timeout=IDLE, ttl_dns_cache=300),
            timeout=http.ClientTimeout(total=None, sock_connect=CONNECT),
            cookie_jar=http.DummyCookieJar(),
            headers={"User-Agent": "callsmith", "Content-Type": "application/json"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], largest: int) -> Answer:
        """Status, headers and body of the answer; a redirect is an answer like any other.

        Raises:
            Lost: the server was not reached, hung up, or sent more than ``largest`` bytes.
        """
        http = self._aiohttp
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                return response.status, response.headers, await _read(response, largest)
        except http.ConnectionTimeoutError:
            raise Lost("unreachable", f"no connection within {CONNECT:g} s") from None
        except http.ClientConnectorCertificateError:
            raise Lost("untrusted", "its certificate is not to be trusted") from None
        except http.ClientConnectorError as error:
            raise Lost("unreachable", _said(error.os_error)) from None
        except (http.ClientError, OSError) as error:
            raise Lost("dropped", f"the connection broke: {type(error).__name__}") from None


async def _read(response: Any, largest: int) -> bytes:
    if (response.content_length or 0) > largest:
        response.close()
        raise Lost("endless", f"the answer is longer than {largest:,} bytes")
    if response.content_length is not None and "Content-Encoding" not in response.headers:
        whole: bytes = await response.read()
        return whole
    parts, size = [], 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > largest:
            response.close()
            raise Lost("endless", f"the answer is longer than {largest:,} bytes")
    return b"".join(parts)


def host_of(url: str) -> str:
    """The host a redirect leads to, for a message; "" where that is no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _said(error: OSError) -> str:
    if error.errno and error.errno > 0:
        return os.strerror(error.errno).lower()
    return error.strerror or type(error).__name__


def _aiohttp() -> Any:
    try:
        import aiohttp
    except ImportError as error:
        raise ModelError(
            "models are asked by aiohttp", hint="pip install 'callsmith[models]'", lasting=True
        ) from error
    return aiohttp
