"""What a configuration says of a server that speaks the Model Context Protocol."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
from msgspec import Struct

ENV = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")
SANDBOX = "{sandbox}"


class Server(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A server whose tools are listed and called for real. It has a `command` or a `url`."""

    command: tuple[str, ...] = ()
    """The program to start and its arguments; it is spoken to through its standard input and output."""
    url: str = ""
    """The address of a server that runs already, spoken to by streamable HTTP."""
    env: Mapping[str, str] = {}
    """Variables for the program. `$NAME` in a value is taken from the environment and written nowhere."""
    headers: Mapping[str, str] = {}
    """HTTP headers for the address. `$NAME` in a value is taken from the environment and written nowhere."""
    isolation: Literal["read_only", "per_attempt", "serial"] = "read_only"
    """`read_only`: nothing that changes anything is called. `per_attempt`: each attempt has a state of its own. \
`serial`: all share one, and one process works, at one conversation at a time."""
    sandbox: str = ""
    """A folder, relative to this file. Each attempt works in a fresh copy, whose path `{sandbox}` stands for."""
    stateless: bool = False
    """Whether the server keeps nothing outside its sandbox. It is then not started anew after a change."""
    mount: str = ""
    """The path that conversations show for the copy. Default: `/` and the name of the folder."""
    destructive: bool = False
    """Whether tools that may destroy something are called. They may be offered either way."""
    timeout: float = 20.0
    """Seconds a start, a listing or a call may take."""
    now: str = ""
    """The moment conversations take place, an ISO date-time with its offset. Default: when they are made."""
    replay: str = ""
    """A run directory, relative to this file: tools and calls come from its journal, and no server is started \
for what it holds."""

    def __hash__(self) -> int:
        return zlib.crc32(msgspec.json.encode(self))

    @property
    def shown(self) -> str:
        """The path of the sandbox as conversations show it, or ""."""
        if not self.sandbox:
            return ""
        return self.mount.rstrip("/") or "/" + self.sandbox.rstrip("/").rpartition("/")[2]

    @property
    def label(self) -> str:
        """What errors call the server: its program or its address, never what came from the environment."""
        return self.url or " ".join(self.command)


def faults(server: Server) -> Iterator[tuple[str, str]]:
    """What no schema says: (key, what is wrong)."""
    if bool(server.command) == bool(server.url):
        yield "", "an mcp entry needs a command or a url"
    if server.url and not re.match(r"https?://[^\s/]+", server.url):
        yield "url", "url must begin with http:// or https://"
    if server.headers and not server.url:
        yield "headers", "headers goes with url"
    if server.env and not server.command:
        yield "env", "env goes with command"
    if server.sandbox and not server.command:
        yield "sandbox", "sandbox goes with command"
    if server.sandbox and server.isolation == "serial":
        yield "isolation", "a sandbox is fresh for each attempt: isolation must be per_attempt or read_only"
    if server.isolation == "per_attempt" and not server.sandbox:
        yield "isolation", "per_attempt needs a sandbox to begin from"
    if server.mount and not re.fullmatch(r"(?:/[\w.-]+)+/?", server.mount):
        yield "mount", "mount must be an absolute path of plain names"
    if server.stateless and not server.sandbox:
        yield "stateless", "stateless goes with sandbox"
    if server.mount and not server.sandbox:
        yield "mount", "mount goes with sandbox"
    if not 0 < server.timeout <= 600:
        yield "timeout", "timeout must be above 0 and at most 600 seconds"
    if server.now and not re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{5,8}[+-][0-9]{2}:[0-9]{2}", server.now
    ):
        yield "now", "now must be a date-time with its offset, such as 2026-03-02T09:30:00+01:00"
