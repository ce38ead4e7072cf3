"""A server that speaks the Model Context Protocol, spoken to from code that has no event loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from callsmith.config_mcp import ENV, SANDBOX, Server
from callsmith.errors import SourceError

T = TypeVar("T")

MOST_TOOLS = 20_000  # what a listing may hold before it is taken for an endless one
MOST_PAGES = 1_000
GRACE = 5.0  # seconds a server may take to stop before it is left to its fate


class ServerGone(Exception):
    """The server hung, died, or answered what is no answer; ``kind`` is a short code."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Connection:
    """One session with a server, on a thread with an event loop of its own. Answers are waited for.

    Raises:
        SourceError: the extra is missing, or the server does not start and answer within its time.
    """

    def __init__(self, server: Server, folder: str = "") -> None:
        self.server = server
        self._folder = folder  # what {sandbox} stands for
        self._complaints = tempfile.TemporaryFile("w+", errors="replace")
        self._listed = False
        self._odd: list[Any] = []  # entries of listings that the SDK has no name for
        self._task: asyncio.Task[Any] | None = None
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._thread = threading.Thread(target=self._run, name="callsmith-mcp", daemon=True)
        self._thread.start()
        try:
            self._session = self._ready.result(server.timeout)
        except concurrent.futures.TimeoutError:
            self._give_up(
                f"the server did not answer within {server.timeout:g} s", "a larger timeout may help"
            )
        except (SourceError, KeyboardInterrupt):
            self.close()
            raise
        except Exception as error:  # the edge to the SDK, see _wait
            self._give_up(f"the server cannot be spoken to: {_reason(error)}")

    def _give_up(self, what: str, hint: str = "") -> NoReturn:
        told = self._told()
        self.close()
        raise SourceError(what, where=self.server.label, hint=told or hint)

    def tools(self) -> list[Any]:
        """Every tool as the SDK gives it, page by page; ``named`` reads its fields.

        Raises:
            SourceError: a page does not come in time, or pages never end.
        """
        try:
            found = self._wait(self._pages(), self.server.timeout * 2)
            self._listed = True
            return found
        except ServerGone as gone:
            raise SourceError(f"listing its tools failed: {gone}", where=self.server.label) from gone

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """What a call gave, as the SDK gives it; ``named`` reads its fields.

        Raises:
            Refused: the server answered with an error of the protocol.
            ServerGone: it gave nothing in time, or what it gave is no result.
        """
        if not self._listed:
            self.tools()  # the SDK asks for the first page before every call of a tool it has not met
        return self._wait(self._session.call_tool(name, dict(arguments)), self.server.timeout)

    def close(self) -> None:
        """End the session and the server, if it was started for it."""
        if self._thread.is_alive():
            opening = not self._ready.done()
            with suppress(RuntimeError):  # the thread may be closing its loop of its own accord
                self._loop.call_soon_threadsafe(
                    self._task.cancel if opening and self._task else self._stop.set
                )
            self._thread.join(GRACE)
        if not self._thread.is_alive():
            self._complaints.close()

    # ------------------------------------------------------------ on the thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except (
            BaseException
        ) as error:  # the thread's edge: what ends a session is told to whoever waits for it
            if not self._ready.done():
                self._ready.set_exception(_innermost(error))
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self) -> None:
        self._task = asyncio.current_task()
        async with AsyncExitStack() as stack:
            opened = await self._opened(stack)
            self._ready.set_result(opened)
            await self._stop.wait()

    async def _opened(self, stack: AsyncExitStack) -> Any:
        """The session, its contexts on the stack: they have to be left by the task that entered them."""
        session_of, streams = _sdk(self.server, self._environment, self._program, self._complaints)
        ends = await stack.enter_async_context(streams)
        sifted = await self._sifted(stack, ends[0])
        session = await stack.enter_async_context(session_of(sifted, ends[1]))
        await session.initialize()
        return session

    async def _sifted(self, stack: AsyncExitStack, messages: Any) -> Any:
        """The server's messages, their listings without entries for which the SDK would refuse the whole page."""
        import anyio

        into, out = anyio.create_memory_object_stream[Any](0)

        async def forward() -> None:
            async with into:
                async for item in messages:
                    message = getattr(item, "message", None)
                    given = getattr(getattr(message, "root", message), "result", None)
                    if isinstance(given, dict) and isinstance(given.get("tools"), list):
                        self._odd += [entry for entry in given["tools"] if not _protocol(entry)]
                        given["tools"] = [entry for entry in given["tools"] if _protocol(entry)]
                    await into.send(item)

        group = await stack.enter_async_context(anyio.create_task_group())
        stack.callback(group.cancel_scope.cancel)
        group.start_soon(forward)
        return out

    async def _pages(self) -> list[Any]:
        self._odd.clear()
        found: list[Any] = []
        cursor: str | None = None
        met: set[str] = set()
        for _ in range(MOST_PAGES):
            page = await _page(self._session, cursor)
            found.extend(named(page, "tools") or ())
            cursor = named(page, "nextCursor")
            if not cursor:
                return [*found, *self._odd]
            if cursor in met or len(found) > MOST_TOOLS:
                break
            met.add(cursor)
        raise ServerGone("endless", f"its listing does not end ({len(found)} tools so far)")

    def _wait(self, coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
        if not self._thread.is_alive():
            coroutine.close()
            raise ServerGone("gone", "the server is gone")
        waiting = asyncio.run_coroutine_threadsafe(asyncio.wait_for(coroutine, seconds), self._loop)
        try:
            return waiting.result(seconds + GRACE)
        except TimeoutError:
            waiting.cancel()
            raise ServerGone("timeout", f"no answer within {seconds:g} s") from None
        except Exception as error:  # the edge to the SDK: each generation of it raises errors of its own
            said = named(error, "error")
            code = named(said, "code") if said is not None else None
            if isinstance(code, int) and code not in _CLOSED:
                raise Refused(str(named(said, "message") or error)) from error
            kind = "gone" if isinstance(code, int) else "no_result"
            raise ServerGone(kind, f"{_reason(error)}") from error

    # ------------------------------------------------------------ what it is started with

    @property
    def _program(self) -> list[str]:
        if not self.server.command:
            return []
        first, *rest = (part.replace(SANDBOX, self._folder) for part in self.server.command)
        beside = Path(sys.executable).parent / first  # where a server installed with this package is
        found = shutil.which(first) or (str(beside) if beside.exists() else None)
        if found is None:
            raise SourceError(f"no program {first}", where=self.server.label, hint="install the server first")
        return [found, *rest]

    @property
    def _environment(self) -> dict[str, str]:
        given = self.server.headers if self.server.url else self.server.env
        return {
            name: expanded(value.replace(SANDBOX, self._folder), self.server.label)
            for name, value in given.items()
        }

    def _told(self) -> str:
        """The last thing the program said on its standard error, without what came from the environment."""
        if self._complaints.closed:
            return ""
        self._complaints.seek(0)
        lines = [line.strip() for line in self._complaints.read()[-4000:].splitlines() if line.strip()]
        text = lines[-1] if lines else ""
        for value in self._environment.values():
            text = text.replace(value, "…") if value else text
        return f"it says: {text[:300]}" if text else ""


def _protocol(entry: Any) -> bool:
    """Whether an entry of a listing is what the protocol calls a tool."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return False
    taken, given = entry.get("inputSchema"), entry.get("outputSchema", {"type": "object"})
    return all(
        isinstance(schema, dict)
        and schema.get("type") == "object"
        and isinstance(schema.get("properties", {}), dict)
        for schema in (taken, given)
    )


class Refused(Exception):
    """The server answered a call with an error of the protocol."""


_CLOSED = (-32000, 408)  # codes by which the SDK says that nobody answered


def expanded(text: str, where: str) -> str:
    """Text with ``$NAME`` and ``${NAME}`` taken from the environment.

    Raises:
        SourceError: a variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in os.environ:
            raise SourceError(f"the environment has no {name}", where=where, hint=f"set {name} first")
        return os.environ[name]

    return ENV.sub(value, text)


def named(thing: Any, name: str) -> Any:
    """A field of what an SDK or a recording gives, by the protocol's own name, ``inputSchema``.

    The 1.x line of the SDK has attributes of that name, the 2.x line of the name in snake case; recordings are
    mappings. None where there is no such field.
    """
    snaked = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    if isinstance(thing, Mapping):
        return thing.get(name, thing.get(snaked))
    found = getattr(thing, name, None)
    return getattr(thing, snaked, None) if found is None else found


def _sdk(
    server: Server, given: Mapping[str, str], program: Sequence[str], errors: Any
) -> tuple[Any, AbstractAsyncContextManager[Any]]:
    """The SDK's session class and the streams to a server, in whichever generation is installed."""
    try:
        from mcp.client import stdio, streamable_http

        from mcp import ClientSession
    except ImportError as error:
        raise SourceError(
            "the MCP SDK is not installed", where=server.label, hint="pip install 'callsmith[mcp]'"
        ) from error
    for name in ("mcp", "client"):  # what a server prints besides the protocol is no news for a terminal
        logging.getLogger(name).addHandler(logging.NullHandler())
    if not server.url:
        parameters = stdio.StdioServerParameters(command=program[0], args=list(program[1:]), env=dict(given))
        return ClientSession, stdio.stdio_client(parameters, errlog=errors)
    return ClientSession, _http(streamable_http, server.url, dict(given))


@asynccontextmanager
async def _http(module: Any, url: str, headers: dict[str, str]) -> AsyncIterator[Any]:
    """Streams to an address. Earlier SDKs take headers, later ones a client that has them."""
    if not hasattr(module, "streamable_http_client"):
        async with module.streamablehttp_client(url, headers=headers) as ends:
            yield ends
        return
    async with (
        module.create_mcp_http_client(headers=headers) as client,
        module.streamable_http_client(url, http_client=client) as ends,
    ):
        yield ends


async def _page(session: Any, cursor: str | None) -> Any:
    """One page of tools: early SDKs want the cursor itself, later ones parameters that hold it."""
    if cursor is None:
        return await session.list_tools()
    if "params" in inspect.signature(session.list_tools).parameters:
        from mcp.types import PaginatedRequestParams

        return await session.list_tools(params=PaginatedRequestParams(cursor=cursor))
    return await session.list_tools(cursor=cursor)


def _innermost(error: BaseException) -> BaseException:
    """What went wrong first, of errors that were grouped on their way up."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return error


def _reason(error: BaseException) -> str:
    error = _innermost(error)
    return f"{type(error).__name__}: {error}"[:300] if str(error) else type(error).__name__
