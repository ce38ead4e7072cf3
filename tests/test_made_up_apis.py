"""Whatever a definition says, no attempt ends in a fault of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callsmith import flow
from callsmith.config import Config, Toolkit
from made_up_apis import made_up


@pytest.mark.parametrize("seed", [*range(8), 30])
def test_no_attempt_ends_in_an_error(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(made_up(seed)), encoding="utf-8")
    config = Config(toolkits=(Toolkit(openapi=str(path)),), size=6, seed=seed, out=str(tmp_path / "run"))
    flow.synth(config, workers=1, fresh=True, watch=lambda progress: None)
    rejects = [json.loads(line) for line in (tmp_path / "run" / "rejects.jsonl").read_text().splitlines()]
    assert not [one["detail"] for one in rejects if one["reason"].startswith("error:")]
