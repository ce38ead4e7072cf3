"""What live APIs and servers hold, found before the first conversation and kept with the run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from callsmith.config import Toolkit
from callsmith.config_http import Staging
from callsmith.config_mcp import Server
from callsmith.errors import SourceError
from callsmith.records import Toolset
from callsmith.run import Run
from callsmith.world.mcp import KeepingWorlds, MCPWorlds, surveyed
from callsmith.world.staging.exploring import Explored
from callsmith.world.staging.standing import Standing
from callsmith.world.staging.world import HttpWorlds, explored


def survey(kit: Toolkit, toolset: Toolset, folder: Path) -> tuple[str, bytes] | None:
    """A file of the run, by its name, with what an API or a server holds; None when it is there, or none is needed.

    Raises:
        SourceError: it cannot be reached, or the run to be replayed knows nothing of it.
    """
    name = _file(toolset)
    if (folder / name).exists() or kit.http is None and (kit.mcp is None or not keeps(toolset)):
        return None
    replay = kit.http.replay if kit.http is not None else kit.mcp.replay if kit.mcp is not None else ""
    if replay:
        earlier = Path(replay) / name
        if not earlier.exists():
            raise SourceError("this run knows nothing of that API", where=replay, hint="leave out replay")
        return name, earlier.read_bytes()
    if kit.http is not None:
        return name, msgspec.json.encode(explored(toolset, kit.http))
    return name, msgspec.json.encode(surveyed(toolset, kit.mcp)) if kit.mcp is not None else b""


def keeps(toolset: Toolset) -> bool:
    """Whether a server was seen to list records."""
    return any(tool.entity and tool.effect in ("list", "search") for tool in toolset.tools)


def http_worlds(staging: Staging, toolset: Toolset, folder: Path) -> HttpWorlds:
    """Worlds of an API over what was found."""
    noted = Run.open(Path(staging.replay)).tape if staging.replay else None
    return HttpWorlds(staging, Standing(toolset, _found(toolset, folder)), noted)


def mcp_worlds(server: Server, toolset: Toolset, folder: Path) -> MCPWorlds | KeepingWorlds:
    """Worlds of a server, over what was found where it keeps records."""
    bare = MCPWorlds(server, Run.open(Path(server.replay)).tape if server.replay else None)
    if not keeps(toolset) or not (folder / _file(toolset)).exists():
        return bare
    return KeepingWorlds(bare, Standing(toolset, _found(toolset, folder)))


def _found(toolset: Toolset, folder: Path) -> Explored:
    return msgspec.json.decode((folder / _file(toolset)).read_bytes(), type=Explored)


def _file(toolset: Toolset) -> str:
    """The file of what is held. Other tools are another exploration."""
    return f"explored/{toolset.hash.replace(':', '-')}.json"
