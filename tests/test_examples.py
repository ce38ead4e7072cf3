"""An example of a field is a shape to vary, and not what every record holds."""

from __future__ import annotations

from test_things import TEXT, kept, records


def test_an_example_is_varied_in_its_form() -> None:
    fields = {
        "name": TEXT,
        "capacity_kg": {"type": "integer", "examples": [630]},
        "duration_minutes": {"type": "integer", "examples": [60]},
        "model": {"type": "string", "examples": ["3300"]},
        "built_year": {"type": "integer", "examples": [1998]},
        "note": {"type": "string", "examples": ["Key is with the porter at the back door"]},
        "shade": {"type": "string", "examples": ["Cardinal"]},
    }
    fields["area_sqm"] = {"type": "number", "examples": [4.5]}
    made = records(kept(lift=fields), "lift")
    for name, least, most, step in (
        ("area_sqm", 2, 9, 0.5),
        ("capacity_kg", 300, 1000, 10),
        ("duration_minutes", 30, 90, 5),
    ):
        told = [one[name] for one in made]
        assert len(set(told)) > 3 and all(least <= one <= most and one % step == 0 for one in told)
    assert {len(one["model"]) for one in made} == {4} and len({one["model"] for one in made}) > 2
    assert all(1980 <= one["built_year"] <= 1998 for one in made)
    assert sum(one.get("note") == fields["note"]["examples"][0] for one in made) <= 1
