"""One POST over aiohttp, bounded in size, that follows nothing and keeps its key to itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from msgspec import Struct

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


class _Target(Struct, frozen=True):
    """Where requests go and what each of them begins with; the key stands in ``head``, and nowhere else."""

    request: Any  # what the connector connects by
    head: bytes  # up to the length of the body

    def __repr__(self) -> str:
        return "_Target()"


class Transport:
    """The connections of a run, shared by all its models. Open it with ``async with``, inside a running loop.

    Connections are aiohttp's, and so is what reads answers. What its sessions do around them (cookies, redirects,
    tracing, a task a body) is of no use here, and takes twice the time of all the rest of a call.
    """

    def __init__(self) -> None:
        self._aiohttp = _aiohttp()
        self._connector: Any = None
        self._timeout = self._aiohttp.ClientTimeout(total=None, sock_connect=CONNECT)
        self._targets: dict[tuple[str, str], _Target] = {}

    async def __aenter__(self) -> Self:
        connector = self._aiohttp.TCPConnector
        self._connector = connector(limit=0, keepalive_timeout=IDLE, ttl_dns_cache=300)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connector.close()

    async def post(self, url: str, body: bytes, authorization: str, largest: int) -> Answer:
        """Status, headers and body of the answer; a redirect is an answer like any other.

        Raises:
            Lost: the server was not reached, hung up, or sent more than ``largest`` bytes.
        """
        http = self._aiohttp
        target = self._targets.get((url, authorization)) or self._target(url, authorization)
        try:
            connection = await self._connector.connect(target.request, [], self._timeout)
        except TimeoutError:
            raise Lost("unreachable", f"no connection within {CONNECT:g} s") from None
        except http.ClientConnectorCertificateError:
            raise Lost("untrusted", "its certificate is not to be trusted") from None
        except http.ClientConnectorError as error:
            raise Lost("unreachable", _said(error.os_error)) from None
        except (http.ClientError, OSError) as error:
            raise _dropped(error) from None
        try:
            answer = await _exchanged(connection, b"%b%d\r\n\r\n%b" % (target.head, len(body), body), largest)
        except (http.ClientError, http.http_exceptions.HttpProcessingError, OSError) as error:
            connection.close()
            raise _dropped(error) from None
        except BaseException:
            connection.close()
            raise
        connection.release()
        return answer

    def _target(self, url: str, authorization: str) -> _Target:
        from yarl import URL  # aiohttp's own

        headers = {"User-Agent": "callsmith", "Content-Type": "application/json"}
        headers |= {"Authorization": authorization} if authorization else {}
        loop = asyncio.get_running_loop()
        request = self._aiohttp.ClientRequest("POST", URL(url), headers=headers, loop=loop)
        fields = [f"{name}: {value}" for name, value in request.headers.items() if name != "Content-Length"]
        lines = [f"POST {request.url.raw_path_qs} HTTP/1.1", *fields, "Content-Length: "]
        target = _Target(request, "\r\n".join(lines).encode())
        self._targets[url, authorization] = target
        return target


async def _exchanged(connection: Any, request: bytes, largest: int) -> Answer:
    """What a server answers over a connection."""
    protocol = connection.protocol
    protocol.set_response_params(read_until_eof=True)
    connection.transport.write(request)
    message, payload = await protocol.read()
    while 100 <= message.code < 200:  # said before the answer
        message, payload = await protocol.read()
    return message.code, message.headers, await _read(message.headers, payload, largest)


async def _read(headers: Mapping[str, str], payload: Any, largest: int) -> bytes:
    length = headers.get("Content-Length", "")
    if length.isdecimal():
        if int(length) > largest:
            raise Lost("endless", f"the answer is longer than {largest:,} bytes")
        if "Content-Encoding" not in headers:
            whole: bytes = await payload.read()
            return whole
    parts, size = [], 0
    async for part in payload.iter_any():
        parts.append(part)
        size += len(part)
        if size > largest:
            raise Lost("endless", f"the answer is longer than {largest:,} bytes")
    return b"".join(parts)


def _dropped(error: Exception) -> Lost:
    return Lost("dropped", f"the connection broke: {type(error).__name__}")


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
