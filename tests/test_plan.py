"""Plans: where their arguments come from, what they use, what they ask, what would do as well."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

import made
from callsmith import facts, mix, seeds
from callsmith.errors import PlanUnfit
from callsmith.meaning import (
    Ambient,
    Ask,
    Fixed,
    Listed,
    Pick,
    Reply,
    Round,
    Stated,
    Step,
    Written,
)
from callsmith.plan.arguments.fill import Filled, state
from callsmith.plan.draft import Draft, needed
from callsmith.plan.intents.asking import contains, offered
from callsmith.plan.intents.changing import changeable
from callsmith.plan.intents.making import create_under
from callsmith.plan.intents.reading import asked_field, count, some_entity
from callsmith.plan.known import known, salient, title_pointer
from callsmith.plan.makers import LEANING, leaning, makers
from callsmith.plan.planner import OPENINGS, fits_kind, odds_of, plan_rounds
from callsmith.ports import drive
from callsmith.recipes import grounded
from callsmith.records import (
    Assistant,
    Call,
    Composed,
    Default,
    Derived,
    Entity,
    Found,
    Given,
    Json,
    Kind,
    Nowhere,
    Parameter,
    Said,
    System,
    Tool,
    ToolMessage,
    Toolset,
    User,
)
from callsmith.sources import load
from callsmith.text import words
from callsmith.understand import understand
from callsmith.world.inferred.world import InferredWorld
from clouds import rack
from desk import desk
from everyday import library
from salon import salon
from store import STORE

READS = ("read", "list", "search", "compute")

# ---------------------------------------------------------------- where arguments come from


def test_every_argument_comes_from_somewhere() -> None:
    for one in made.rows():
        for group in made.groups(one.conversation):
            for call in group:
                origins = one.conversation.provenance[call.id]
                assert set(origins) == {pointer for pointer, _ in made.leaves(call.arguments) if pointer}
                assert not [p for p, o in origins.items() if isinstance(o, Nowhere)], (one.name, call)


AGREEING: dict[type, tuple[type, ...]] = {
    Pick: (Found, Said, Derived),  # derived: a moment that the user set and that is carried on
    Stated: (Said, Derived, Given, Found),
    Ambient: (Given, Default, Found),  # found where a result happens to show it as well
    Written: (Composed, Said, Found),  # a reply's subject stands in the mail it answers
    Fixed: (Default,),
}


def test_computed_origins_agree_with_the_plan() -> None:
    compared = 0
    for one in made.rows():
        for bound in [b for turn in one.drafted.trace.groups for group in turn for b in group]:
            origins = one.conversation.provenance[bound.call.id]
            for pointer, source in made.sources_of(bound.step):
                for leaf, origin in origins.items():
                    if leaf == pointer or leaf.startswith(pointer + "/"):
                        compared += 1
                        agreed = isinstance(origin, AGREEING[type(source)])
                        assert agreed, (one.name, bound.call.name, leaf, source, origin)
    assert compared > 300


def test_what_a_plan_picks_is_found_in_the_result_it_names() -> None:
    for one in made.rows():
        bounds = {b.step.id: b for turn in one.drafted.trace.groups for group in turn for b in group}
        for bound in bounds.values():
            earlier = {call for call in bounds if call < bound.step.id or len(call) < len(bound.step.id)}
            for pointer, source in made.sources_of(bound.step):
                if isinstance(source, Pick):
                    assert source.step in earlier
                    shown = [
                        leaf for _, leaf in made.leaves(bounds[source.step].result.value) if leaf is not None
                    ]
                    value = [leaf for at, leaf in made.leaves(bound.call.arguments) if at == pointer]
                    assert value and value[0] in shown, (one.name, pointer)


def _days(shown: list[Json]) -> set[int]:
    """The days a result shows, as ordinals: timestamps in seconds and ISO dates."""
    days = {
        datetime.fromtimestamp(v, UTC).toordinal() for v in shown if type(v) is int and 10**9 < v < 4 * 10**9
    }
    texts = [v[:10] for v in shown if isinstance(v, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", v)]
    return days | {date.fromisoformat(text).toordinal() for text in texts}


def _told(one: made.Row, call: Call) -> bool:
    """Whether a later answer says something a result shows, or that it shows nothing."""
    messages = one.conversation.messages
    at = next(i for i, m in enumerate(messages) if isinstance(m, ToolMessage) and m.call_id == call.id)
    said = " ".join(m.text for m in messages[at:] if isinstance(m, Assistant)).lower()
    shown = [leaf for _, leaf in made.leaves(made.results(one.conversation)[call.id])]
    texts = [leaf.lower() for leaf in shown if isinstance(leaf, str) and len(leaf) >= 3]
    figures = [str(leaf) for leaf in shown if isinstance(leaf, int | float) and not isinstance(leaf, bool)]
    told = {d for m in facts.mentions(said, one.drafted.plan.scene.now) for span in m.days for d in span}
    moments = any(day + near in told for day in _days(shown) for near in (-1, 0, 1))  # in the user's zone
    value = made.results(one.conversation)[call.id]
    lists = [item for item in value.values() if isinstance(item, list)] if isinstance(value, dict) else []
    named = any(text in said for text in texts)
    if lists and not any(lists) and not named:  # beside an empty list stand only words about whose list it is
        return re.search(r"\b(?:free|open|nothing|clear|no|none)\b", said) is not None
    leaves = made.leaves(value)
    flags = {at.rpartition("/")[2].lower() for at, leaf in leaves if isinstance(leaf, bool)}  # "Yes, shared."
    return not texts or moments or named or any(f in words(said) for f in (*figures, *flags))


def test_every_result_but_the_last_is_used_or_told() -> None:
    for one in made.rows():
        calls = [call for group in made.groups(one.conversation) for call in group]
        used = {source for call in calls for source in made.calls_found(one.conversation, call)}
        bounds = [bound for turn in one.drafted.trace.groups for group in turn for bound in group]
        picked = {step for bound in bounds for step in needed(bound.step)}
        used |= {bound.call.id for bound in bounds if bound.step.id in picked}
        for group in made.groups(one.conversation)[:-1]:
            for call in group:
                writes = made.tool_of(one, call.name).effect not in READS
                assert call.id in used or writes or _told(one, call), (one.name, call)


ANSWERS = {  # a tentative yes is told with the words of a yes as well
    "tentative": r"tentative|maybe",
    "declined": r"declined|said no|turned down|a no\b|not coming",
    "accepted": r"accepted|said yes|a yes\b|coming",
}


def test_an_answer_to_an_invitation_is_confirmed_as_it_was_given() -> None:
    """Among several guests' answers, only the user's own may be told."""
    kit = made.toolset("googlecalendar")
    slots = mix.slots(9, {"dependent": 1.0, "multi_turn": 1.0}, {kit.name: 1.0}, 32)
    shared = grounded.Parts(9, {kit.name: kit}, slots, ("en-GB", "en-US"), False, (4, 14))
    said = 0
    for index in range(120):
        conversation = grounded.attempt(shared, slots[index], 0).conversation
        messages = conversation.messages if conversation else ()
        for at, message in enumerate(messages):
            for call in getattr(message, "calls", ()):
                after = next((m.text for m in messages[at:] if isinstance(m, Assistant) and m.text), "")
                if isinstance(call.arguments, dict) and "responseStatus" in call.arguments:
                    told = [name for name, words in ANSWERS.items() if re.search(words, after, re.IGNORECASE)]
                    assert told[:1] in ([], [call.arguments["responseStatus"]]), after
                    said += bool(told)
    assert said > 5


def test_where_a_record_lies_is_said_once() -> None:
    for one in made.rows():
        for each in one.drafted.plan.rounds:
            said = [tuple(map(str, item.values)) for item in each.ask.details if item.role == "names"]
            assert len(set(said)) == len(said), (one.name, said)
            for target in each.ask.targets:
                places = [tuple(map(str, item.values)) for item in target.places]
                assert len(set(places)) == len(places), (one.name, places)


# ---------------------------------------------------------------- asking


def _asked(one: made.Row) -> tuple[int, int]:
    """The index of the assistant's question and of the user's answer to it."""
    messages = one.conversation.messages
    answer = [index for index, m in enumerate(messages) if isinstance(m, User)][1]
    return answer - 1, answer


def _missing_values(one: made.Row) -> list[Json]:
    return [v for item in one.drafted.plan.rounds[1].ask.details for v in item.values if v is not None]


def _rows_that_ask() -> list[made.Row]:
    return [one for one in made.rows() if one.slot.kind == "missing_parameter"]


def test_what_is_missing_is_asked_for_and_then_used() -> None:
    for one in _rows_that_ask():
        question, answer = _asked(one)
        asked = one.conversation.messages[question]
        assert isinstance(asked, Assistant) and asked.text and not asked.calls
        origins = one.conversation.provenance
        used = [place for call in origins.values() for o in call.values() for place in made.places(o)]
        named = [
            str(value) for value in _missing_values(one)
        ]  # or the record that is found bears the name said
        found = [made.results(one.conversation)[place.call] for place in used if isinstance(place, Found)]
        known = {leaf for value in found for _, leaf in made.leaves(value) if isinstance(leaf, str)}
        said = any(isinstance(place, Said) and place.message == answer for place in used)
        assert said or any(name in known for name in named), one.name


def test_what_is_missing_stands_nowhere_before_the_answer() -> None:
    for one in _rows_that_ask():
        question, _ = _asked(one)
        before = [m.text for m in one.conversation.messages[:question] if isinstance(m, System | User)]
        for value in _missing_values(one):
            if isinstance(value, str):
                known = [re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.I) for text in before]
                assert not any(known), (one.name, value, before)


TELLABLE = ("email", "phone", "username", "person", "key", "number_key", "id")


def test_what_is_missing_cannot_be_looked_up() -> None:
    for one in _rows_that_ask():
        item = one.drafted.plan.rounds[1].ask.details[0]
        if item.facet not in TELLABLE or item.role == "to":  # whom a message is for stands nowhere
            continue
        index = made.index_of(one)
        world = made.world_of(one)
        for name in one.drafted.plan.offer.tools:
            tool = index.tools[name]
            if tool.effect not in ("list", "search"):
                continue
            for value in _missing_values(one):
                for found in tool.yields:
                    shown = index.shown.get((name, found.entity), frozenset())
                    for record in world.records(found.entity):
                        told = [
                            at for at, leaf in made.leaves(record) if leaf == value and _generic(at) in shown
                        ]
                        assert not told, (one.name, value, name, told)


def _generic(pointer: str) -> str:
    return re.sub(r"/[0-9]+(?=/|$)", "/*", pointer)


# ---------------------------------------------------------------- alternatives


def test_alternatives_do_equally_in_the_rows_world() -> None:
    seen = 0
    for one in made.rows():
        own = [call for group in made.groups(one.conversation) for call in group]
        offered = {tool["name"] for tool in one.conversation.tools}
        for others in one.conversation.alternatives:
            seen += 1
            assert [call.id for call in others] == [call.id for call in own]
            changed = [call for call, mine in zip(others, own, strict=True) if call != mine]
            assert len(changed) == 1, one.name
            assert {call.name for call in others} <= offered
            world = made.world_of(one)
            values = {}
            for call in others:
                result = drive(world.call(call))
                assert not result.error, (one.name, call, result)
                values[call.id] = result.value
            assert one.conversation.world is not None
            assert world.digest() == one.conversation.world.after
            _hold_what_was_taken(one, own, changed[0].id, values)
    assert seen >= 5


def _hold_what_was_taken(one: made.Row, own: list[Call], swapped: str, values: dict[str, Json]) -> None:
    shown: set[str] = set()  # what is taken from it may have been shown before as well
    for call in own:
        arguments = dict(made.leaves(call.arguments))
        for pointer, origin in one.conversation.provenance[call.id].items():
            if isinstance(origin, Found) and origin.call == swapped:
                assert str(arguments[pointer]) in shown, (one.name, pointer)
        shown.update(str(leaf) for _, leaf in made.leaves(values[call.id]))


# ---------------------------------------------------------------- drafting


def _computer(name: str, about: str, gives: Json = None, **takes: Json) -> Tool:
    schema = {"type": "object", "properties": takes, "required": list(takes)}
    returns = {"type": "object", "properties": gives} if gives else {}
    return Tool(name, "sums", about, schema, returns)


TEXT, NUMBER = {"type": "string"}, {"type": "number"}
SUMS = understand(
    "sums",
    [
        _computer("sums_add_numbers", "Adds two numbers.", first=NUMBER, second=NUMBER),
        _computer("sums_convert_units", "Converts a value.", value=NUMBER, from_unit=TEXT, to_unit=TEXT),
        _computer("sums_multiply_price", "Multiplies.", {"total": NUMBER}, price=NUMBER, quantity=NUMBER),
        _computer("sums_subtract_fee", "Subtracts.", {"rest": NUMBER}, price=NUMBER, fee=NUMBER),
        _computer(
            "sums_convert_time_zone", "Converts a time.", time=TEXT, from_time_zone=TEXT, to_time_zone=TEXT
        ),
    ],
)


@cache
def _library() -> Toolset:
    with tempfile.TemporaryDirectory() as folder:
        return load(library(Path(folder))).toolset


def _draft(kit: str, world: int, seed: int) -> Draft:
    own = {
        "sums": SUMS,
        "store": STORE,
        "library": _library(),
        "rack": rack(),
        "desk": desk(),
        "salon": salon(),
    }
    tools = own[kit] if kit in own else made.toolset(kit)

    def fresh() -> InferredWorld:
        return InferredWorld(tools, world)

    return Draft(known(tools), fresh(), fresh, seeds.rng(seed, kit), seed)


@pytest.mark.parametrize(
    ("kit", "kind"), [("gmail", "dependent"), ("jira", "multi_turn"), ("todoist", "parallel")]
)
def test_a_plan_depends_on_its_seed_alone(kit: str, kind: Kind) -> None:
    odds = odds_of(kind, lambda trial: _draft(kit, 4, trial))
    assert odds == odds_of(kind, lambda trial: _draft(kit, 4, trial))

    def planned(seed: int) -> Draft:
        return plan_rounds(kind, lambda trial: _draft(kit, 4, 1000 * seed + trial), odds)

    one, same, other = planned(1), planned(1), planned(2)
    assert one.rounds == same.rounds
    assert one.executed == same.executed
    assert one.rounds != other.rounds


def test_a_call_is_not_made_twice_just_so() -> None:
    draft = _draft("todoist", 4, 1)
    tool = draft.known.tools["todoist_tasks_list"]
    draft.call(tool, {"/limit": Stated(5)})
    draft.call(tool, {"/limit": Stated(6)})
    with pytest.raises(PlanUnfit, match="just so"):
        draft.call(tool, {"/limit": Stated(5)})


def test_a_call_the_world_refuses_is_no_plan() -> None:
    draft = _draft("todoist", 4, 1)
    with pytest.raises(PlanUnfit, match="answers"):
        draft.call(draft.known.tools["todoist_tasks_get"], {"/task_id": Stated("6Xnosuchtaskhere")})


def test_reads_that_need_nothing_of_one_another_go_out_together() -> None:
    draft = _draft("todoist", 4, 1)
    tools = draft.known.tools
    draft.call(tools["todoist_tasks_list"], {"/limit": Stated(5)})
    draft.call(tools["todoist_projects_list"], {})
    task = Pick("s1", "/results/*", {}, "/id", 0)
    draft.call(tools["todoist_tasks_get"], {"/task_id": task})
    draft.call(tools["todoist_tasks_close"], {"/task_id": task})
    draft.close("try", Ask("do", "todoist_tasks_close", "close", "task", "tasks"), Reply("done"))
    assert [[step.id for step in group] for group in draft.rounds[0].groups] == [["s1", "s2"], ["s3"], ["s4"]]
    assert [[bound.step.id for bound in group] for group in draft.executed[0]] == [
        ["s1", "s2"],
        ["s3"],
        ["s4"],
    ]
    assert draft.seen["todoist.task", str(draft.done["s3"].result.value["id"])][0].step == "s1"


def test_what_a_step_needs_are_the_steps_it_picks_from() -> None:
    one, two = Pick("s1", "/items/*", {}, "/id", 0), Pick("s2", "", {}, "/id", 0)
    assert needed(Step("s3", "t", {"/a": one, "/b/*": Listed([two, Stated(1)]), "/c": Stated("s9")})) == {
        "s1",
        "s2",
    }


def _round(*groups: list[Step]) -> Round:
    return Round("try", Ask("list", "t", "list", "task", "tasks"), groups, Reply("report"))


def test_a_kind_is_told_by_its_calls() -> None:
    one, two = Step("s1", "t", {}), Step("s2", "t", {})
    after = Step("s3", "t", {"/id": Pick("s1", "/items/*", {}, "/id", 0)})
    shapes: dict[str, list[Round]] = {
        "single": [_round([one])],
        "parallel": [_round([one, two])],
        "dependent": [_round([one], [after])],
        "parallel_dependent": [_round([one, two], [after])],
        "multi_turn": [_round([one]), _round([two]), _round([after])],
    }
    for shape, rounds in shapes.items():
        assert fits_kind(shape, rounds), shape
        others = {kind for kind in shapes if kind != shape and fits_kind(kind, rounds)}
        assert others <= ({"dependent"} if shape == "multi_turn" else set()), (shape, others)
    assert not fits_kind("dependent", [_round([one], [two])])
    assert not fits_kind("multi_turn", [_round([one]), _round([two]), _round([two])])
    assert not fits_kind("missing_parameter", [_round()])


def test_where_no_plan_binds_the_commonest_reason_is_given() -> None:
    with pytest.raises(PlanUnfit, match=r"no parallel_dependent plan here after [0-9]+ tries: .+"):
        plan_rounds("parallel_dependent", lambda trial: _draft("whatsapp", 4, trial), [1.0, 1.0, 1.0, 1.0])


def test_a_kind_none_of_whose_openings_binds_has_no_odds() -> None:
    odds = odds_of("parallel_dependent", lambda trial: _draft("sums", 4, trial))
    assert odds == [0.0] * len(OPENINGS["parallel_dependent"])
    with pytest.raises(PlanUnfit, match="can be made of these tools"):
        plan_rounds("parallel_dependent", lambda trial: _draft("stripe", 4, trial), odds)


INTENTS = sorted({intent.__name__: intent for table in OPENINGS.values() for intent, _ in table}.items())


@pytest.mark.parametrize(("name", "intent"), INTENTS, ids=[name for name, _ in INTENTS])
def test_every_intent_binds_somewhere(name: str, intent: Callable[[Draft], None]) -> None:
    for seed in range(60):
        for kit in (*made.TOOLKITS, "sums", "store", "library", "rack", "desk", "salon"):
            draft = _draft(kit, seed % 3, seed)
            try:
                intent(draft)
            except PlanUnfit:
                continue
            assert draft.rounds and draft.rounds[-1].ask.act
            assert len(draft.executed) == len(draft.rounds)
            return
    raise AssertionError(f"{name} binds nowhere")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["a", "b", ""])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, st.one_of(st.booleans(), st.integers(-3, 3), st.sampled_from(["a", "b"])))
def test_a_value_is_contained_where_a_leaf_is_it_and_of_its_type(value: Json, wanted: Json) -> None:
    leaves = [leaf for _, leaf in made.leaves(value)]
    assert contains(value, wanted) == any(leaf == wanted and type(leaf) is type(wanted) for leaf in leaves)


def test_what_a_reply_speaks_of_was_shown() -> None:
    for one, turn, _ in made.rounds():
        bounds = [bound for t in one.drafted.trace.groups for group in t for bound in group]
        shown = [leaf for bound in bounds for _, leaf in made.leaves(bound.result.value)]
        for reply in made.replies(turn.reply):
            for record in reply.records:
                assert all(leaf in shown for _, leaf in made.leaves(record)), (one.name, reply.act)


def test_a_link_is_the_page_people_open() -> None:
    """An API names both the page and the address of the data; nobody is told the latter."""
    draft = _draft("examples/github.openapi.json", 4, 1)
    entity = next(item for item in draft.known.entities.values() if item.noun == "issue")
    record = draft.world.records(entity.key)[0]
    links = {item.pointer for item in entity.fields if item.phrase == "link"}
    assert {"/url", "/html_url"} <= links
    assert {asked_field(draft, entity, record, links).pointer for _ in range(40)} == {"/html_url"}
    with pytest.raises(PlanUnfit):
        asked_field(draft, entity, record, {"/url"})


def test_what_no_tool_is_about_may_be_spoken_of_where_a_tool_serves_it() -> None:
    draft = _draft("todoist", 1, 1)
    entity = structs.replace(next(iter(draft.known.entities.values())), key="nobody's")
    served = {entity.key: [draft.known.toolset.tools[0]]}
    assert some_entity(draft, [entity], served) is entity
    with pytest.raises(PlanUnfit):
        some_entity(draft, [entity], {})


def test_what_is_made_bears_a_name_that_is_free() -> None:
    draft = _draft("todoist", 1, 1)
    tool = draft.known.tools["todoist_projects_create"]
    name = next(p for p in tool.inputs if p.pointer == "/name")
    taken = {str(record["name"]).casefold() for record in draft.world.records("todoist.project")}
    given = [Filled({}, [], []) for _ in range(60)]
    for filled in given:
        state(draft, filled, tool, name)
    assert not taken & {str(filled.details[0].values[0]).casefold() for filled in given}


def test_of_many_choices_none_are_named_and_never_that_there_is_none() -> None:
    few = Parameter(
        "/a", "a", "preference", "enum", "a", True, 0.9, schema={"enum": ["typeUndefined", "red"]}
    )
    many = structs.replace(few, schema={"enum": [f"kind {n}" for n in range(20)]})
    assert offered(few) == ["red"]
    assert offered(many) == []


def test_lists_tell_nothing_by_the_label_of_something_else() -> None:
    entity = next(e for e in made.toolset("todoist").entities if e.key == "todoist.project")
    name = next(f for f in entity.fields if f.facet == "title")
    other = structs.replace(name, pointer="/den_label", phrase="den label", facet="label")
    both = structs.replace(entity, fields=[other, structs.replace(other, pointer="/den", phrase="den")])
    assert [f.pointer for f in salient(both, frozenset({"/den_label", "/den"}))] == ["/den"]


def test_what_is_listed_of_a_thing_alone_is_made_of_a_thing() -> None:
    text = {"type": "string"}
    film = {"type": "object", "title": "Film", "properties": {"id": text, "name": text}}
    caption = {
        "type": "object",
        "title": "Caption",
        "properties": {"id": text, "name": text, "film_id": text},
    }

    def tool(called: str, gives: Json, *needs: str, **takes: Json) -> Tool:
        schema = {"type": "object", "properties": takes, "required": list(needs)}
        return Tool(called, "kit", called.replace("_", " "), schema, returns=gives)

    kit = understand("kit", [
        tool("list_films", {"type": "array", "items": film}),
        tool("create_film", film, "name", name=text),
        tool("list_captions", {"type": "array", "items": caption}, "film_id", film_id=text),
        tool("create_caption", caption, "name", name=text, film_id=text),
    ])  # fmt: skip
    draft = Draft(known(kit), InferredWorld(kit, 1), lambda: InferredWorld(kit, 1), seeds.rng(1, "x"), 1)
    assert {tool.name: leaning(draft, tool, entity) for entity, tool in makers(draft)} == {
        "create_film": False,
        "create_caption": True,
    }


def test_nobody_states_a_choice_that_says_nothing() -> None:
    draft = _draft("todoist", 1, 1)
    tool = draft.known.tools["todoist_projects_create"]
    one = Parameter(
        "/kind", "kind", "preference", "enum", "kind", False, 0.9, schema={"enum": ["KindUnspecified"]}
    )
    with pytest.raises(PlanUnfit):
        state(draft, Filled({}, [], []), tool, one, "KindUnspecified")
    state(draft, Filled({}, [], []), tool, one, "red")


def test_the_talk_turns_to_what_is_made_when_it_has_a_name() -> None:
    turned = 0
    for seed in range(40):
        draft = _draft("todoist", 1, seed)
        try:
            create_under(draft)
        except PlanUnfit:
            continue
        entity = draft.known.entities[draft.rounds[0].reply.entity]
        if draft.focus is None or not title_pointer(entity) or entity.noun in LEANING:
            continue
        turned += 1
        assert draft.focus[0] == entity.key
    assert turned


def test_nobody_counts_as_many_as_they_say() -> None:
    counted = 0
    for seed in range(200):
        draft = _draft("calendly", 4, seed)
        try:
            count(draft)
        except PlanUnfit:
            continue
        counted += 1
        assert not [item for item in draft.rounds[0].ask.details if item.facet == "limit"]
    assert counted


def test_what_lasts_from_a_start_to_an_end_is_not_moved_unless_it_takes_place() -> None:
    moment = {"type": "string", "format": "date-time"}
    ends = [
        Parameter(
            f"/{name}", name, "preference", "date_time", phrase, False, 0.9, sets=f"/{name}", schema=moment
        )
        for name, phrase in (("startTime", "start time"), ("endTime", "end time"))
    ]
    tool = Tool("kit_update", "kit", "", {}, effect="update", entity="kit.thing", inputs=tuple(ends))
    for noun, moved in (("capacity reservation", False), ("meeting", True), ("team event", True)):
        entity = Entity("kit.thing", "kit", noun, f"{noun}s", {}, "/id", "/name")
        assert changeable(tool, entity, ends[0]) is moved
    alone = structs.replace(tool, inputs=(ends[1],))
    assert changeable(alone, Entity("kit.thing", "kit", "capacity reservation", "", {}, "/id"), ends[1])


def test_the_same_is_not_done_to_a_record_twice() -> None:
    for one in made.rows():
        if one.drafted.plan.kind != "multi_turn":
            continue
        done = [(turn.ask.tool, target.title or target.label) for turn in one.drafted.plan.rounds
                if turn.intent == "act" for target in turn.ask.targets if target.title or target.label]  # fmt: skip
        assert len(done) == len({*done}), one.name
