"""Near-duplicates: the estimate is right, and alike rows meet in the index."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsmith import dedup, seeds
from callsmith.records import Assistant, Call, Composed, Conversation, Found, Said, User


def sentence(rng: seeds.Rng, length: int) -> list[str]:
    return [f"w{rng.randint(0, 5000)}" for _ in range(length)]


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def keys(packed: bytes) -> set[int]:
    return set(memoryview(dedup.bands(packed)).cast("q"))


@pytest.mark.parametrize("changed", [0, 2, 6, 15, 40])
def test_likeness_estimates_the_share_of_common_shingles(changed: int) -> None:
    rng = seeds.rng("likeness", changed)
    errors = []
    for _ in range(60):
        one = sentence(rng, 60)
        other = list(one)
        for place in rng.sample(range(60), changed):
            other[place] = "changed"
        true = len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))
        errors.append(
            dedup.likeness(dedup.signature([" ".join(one)]), dedup.signature([" ".join(other)])) - true
        )
    assert abs(sum(errors) / len(errors)) < 0.02
    assert max(map(abs, errors)) < 0.2


def test_alike_rows_share_a_key_and_others_do_not() -> None:
    rng = seeds.rng("bands")
    met = 0
    strangers: set[int] = set()
    for _ in range(200):
        one = sentence(rng, 80)
        other = list(one)
        other[rng.randint(3, 76)] = "changed"  # 3 of 78 shingles differ
        first = keys(dedup.signature([" ".join(one)]))
        met += bool(first & keys(dedup.signature([" ".join(other)])))
        assert not first & strangers
        strangers |= first
    assert met >= 198


@given(st.lists(st.text(max_size=30), max_size=4))
def test_signatures_have_one_size_and_like_themselves(turns: list[str]) -> None:
    packed = dedup.signature(turns)
    assert len(packed) == 4 * dedup.LANES
    assert len(dedup.bands(packed)) == 8 * dedup.BANDS
    assert dedup.likeness(packed, packed) == 1


def test_signatures_are_the_same_in_another_process() -> None:
    source = (
        "from callsmith import dedup\ns = dedup.signature(['move the call to 3pm'])\n"
        "print(s.hex(), dedup.bands(s).hex())"
    )
    done = [
        subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    packed = dedup.signature(["move the call to 3pm"])
    assert done[0] == done[1] == f"{packed.hex()} {dedup.bands(packed).hex()}\n"


def test_openings_that_differ_in_case_and_closing_alone_are_equal() -> None:
    def opening(text: str) -> int:
        return dedup.opening_key(Conversation((), (User(text),)))

    assert opening("Move it to  Friday.") == opening("move it to friday")
    assert opening("Move it to Friday") != opening("Move it to Monday")


def test_skeletons_mask_what_provenance_traces() -> None:
    def talk(title: str) -> Conversation:
        said = f"put {title} on the list for tomorrow at 3pm"
        call = Call("c1", "add", {"text": title})
        origin = Composed((Said(0, (4, 4 + len(title))), Found("c0", "/x")))
        return Conversation((), (User(said), Assistant(calls=(call,))), provenance={"c1": {"/text": origin}})

    assert dedup.skeleton(talk("oat milk")) == dedup.skeleton(talk("the lease for the depot"))
    assert "milk" not in dedup.skeleton(talk("oat milk"))
    assert dedup.skeleton(Conversation((), ())) == ""
