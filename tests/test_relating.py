"""How fields of kinds of record that nobody has seen are told and asked for."""

from __future__ import annotations

import msgspec
import pytest

import made
from callsmith import seeds
from callsmith.language.asking_for import list_request, look_up_request
from callsmith.language.asking_to import create_request, create_several
from callsmith.language.confirming import done_details
from callsmith.language.confirming_deeds import brought_about
from callsmith.language.grammar import unmarked
from callsmith.language.named_details import moment_of
from callsmith.language.relating import (
    at_moment,
    chosen,
    day_of,
    deed,
    in_units,
    itself,
    measure,
    of_deed,
    of_person,
    rate,
    unitless,
    whether,
)
from callsmith.language.replies import answered
from callsmith.language.spans import spanning
from callsmith.language.telling import Teller
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask, Detail, Reply, Target
from callsmith.records import Entity, Field, Yield

BOOKING = Entity(
    "gym.booking", "gym", "booking", "bookings", {}, "/id", "",
    (Field("/member_name", "person", "member name"), Field("/status", "enum", "status")),
)  # fmt: skip
CLASS = Entity(
    "gym.class", "gym", "class", "classes", {}, "/id", "/name",
    (
        Field("/name", "title", "name"),
        Field("/starts_at", "date_time", "starts time"),
        Field("/level", "enum", "level"),
        Field("/full", "flag", "full"),
    ),
)  # fmt: skip
YOGA = {"id": 1, "name": "Yoga", "starts_at": "2021-03-04T18:00:00+00:00", "level": "beginner", "full": True}


def voicing(seed: int = 1) -> Voicing:
    row = next(row for row in made.rows() if row.drafted.plan.locale == "en-US")
    return Voicing(row.drafted.plan, seeds.rng("relating", seed))


def teller() -> Teller:
    return Teller(voicing(), made.index_of(made.rows()[0]))


def creation(noun: str, *details: Detail) -> Ask:
    return Ask("create", "kit_create", "create", noun, f"{noun}s", details=details)


def test_a_record_without_a_name_is_told_by_whom_it_is_for() -> None:
    line = teller().line(BOOKING, {"id": 1, "member_name": "Ana Ruiz", "status": "confirmed"}, 2)
    assert line == "Ana Ruiz, confirmed"


def test_what_was_called_off_never_took_place() -> None:
    ride = Entity("gym.ride", "gym", "ride", "rides", {}, "/id", "", (
        Field("/launchTime", "date_time", "launch time"), Field("/status", "enum", "status"),
    ))  # fmt: skip
    record = {"id": 1, "launchTime": "2020-06-25T06:30:00Z", "status": "cancelled"}
    assert teller().line(ride, record, 2).startswith("planned for")
    assert teller().line(ride, {**record, "status": "flown"}, 2).startswith("launched")


def test_what_was_asked_for_is_not_told_again() -> None:
    record = {"id": 1, "member_name": "Ana Ruiz", "status": "confirmed"}
    assert teller().line(BOOKING, record, 2, ["Ana Ruiz"]) == "confirmed"
    assert "Ana Ruiz" in teller().line(BOOKING, record, 2, ["Ana Ruiz", "confirmed"])  # or nothing is told


def test_a_start_without_an_end_is_a_moment_and_no_beginning() -> None:
    line = teller().line(CLASS, YOGA, 3)
    assert "from" not in line and "start" not in line and "beginner" in line and "level" not in line


@pytest.mark.parametrize(
    ("phrase", "said"),
    [("owner", "owned by Ana"), ("customer name", "for Ana"), ("trainer", "with Ana"), ("walked by", "walked by Ana")],
)  # fmt: skip
def test_a_person_is_told_by_what_they_are_to_the_thing(phrase: str, said: str) -> None:
    assert of_person(phrase, "Ana") == said


def test_who_did_what_a_thing_is_is_told_without_saying_it_twice() -> None:
    assert of_deed("walked by", "walk", "Ana") == "by Ana" and of_deed("walked by", "dog", "Ana") == ""


def test_flags_and_ends_of_a_time_are_told_in_words() -> None:
    assert whether("returned", False) == "still out" and whether("archived_x", True) == ""
    assert at_moment("valid until", "3 May") == "valid until 3 May"
    assert spanning(["for Ana", "from Monday"], "to Friday") == ["for Ana", "from Monday to Friday"]


def test_a_choice_that_is_a_word_describes_the_thing() -> None:
    assert chosen("level", ["advanced"]) and not chosen("size", ["s-1vcpu-1gb"])
    level = Detail("level", "enum", "level", "filters", "value", ["advanced"])
    for seed in range(30):
        ask = Ask("list", "gym_list", "list", "class", "classes", details=[level])
        said = unmarked(list_request(voicing(seed), ask)).lower()
        assert (
            "advanced class" in said
            or "at advanced level" in said
            or "something" in said
            or "anything" in said
        )


def test_a_singer_is_added_by_name() -> None:
    details = (
        Detail("name", "person", "name", "sets", "value", ["Ilaria Conti"]),
        Detail("voice", "enum", "voice", "sets", "value", ["tenor"]),
        Detail("phone", "phone", "phone number", "sets", "value", ["+39051123456"]),
    )
    for seed in range(30):
        said = unmarked(create_request(voicing(seed), creation("singer", *details)))
        assert "for Ilaria" not in said and "with voice" not in said and "title" not in said, said


def test_of_several_named_things_each_is_called_by_its_name() -> None:
    asks = [
        creation("dog", Detail("name", "title", "name", "sets", "value", [name])) for name in ("Max", "Leo")
    ]
    for seed in range(40):
        said = unmarked(create_several(voicing(seed), asks))
        assert "another Leo" not in said and "one Leo" not in said, said


def test_who_owns_a_thing_is_answered_as_asked() -> None:
    row = made.rows()[0]
    boat = Entity("m.boat", "m", "boat", "boats", {}, "/id", "/name", (Field("/owner", "person", "owner"),))
    index = made.index_of(row)
    known = type(index)(
        **{name: getattr(index, name) for name in index.__struct_fields__} | {"entities": {"m.boat": boat}}
    )
    reply = Reply(
        "answer", entity="m.boat", records=[{"name": "Tern", "owner": "Paolo Santos"}], field="/owner"
    )
    for seed in range(12):
        said = answered(Teller(voicing(seed), known), reply)
        assert "Paolo Santos" in said and "owner for" not in said and '"Tern"' not in said


def test_units_stand_with_the_figure_and_not_in_the_name() -> None:
    assert (
        in_units("length m", 12) == "12 m"
        and in_units("price eur", 4.5) == "€4.50"
        and in_units("weight", 3) == ""
    )
    assert unitless("length m") == "length" and measure("length m", "12 m") == "12 m long"
    bed = Entity("g.bed", "g", "bed", "beds", {}, "/id", "/name", (Field("/length_m", "number", "length m"),))
    assert teller().line(bed, {"name": "Bed B3", "length_m": 4}, 2) == "Bed B3 (4 m long)"


def test_when_something_happens_is_asked_with_a_verb() -> None:
    assert deed("planted date")[0] == "was {T} planted" and deed("opens date")[0] == "does {T} open"
    target = Target("plot", "plots", "label", "Alder Plot", title="Alder Plot", exact=True)
    for seed in range(20):
        ask = Ask(
            "look_up",
            "v_get",
            "get",
            "plot",
            "plots",
            targets=[target],
            field="planted date",
            field_facet="date",
        )
        said = unmarked(look_up_request(voicing(seed), ask))
        assert "planted date" not in said and "Plot plot" not in said and "was" in said, said


def test_the_end_of_a_period_is_said_with_until() -> None:
    item = Detail("until", "date_time", "end of the period", "sets", "value", ["2026-03-05T10:00:00+00:00"])
    assert moment_of(item) == "until"


RENTAL = Entity(
    "shed.rental", "shed", "rental", "rentals", {}, "/id", "",
    (
        Field("/renter", "person", "renter"),
        Field("/from_date", "date", "start date"),
        Field("/to_date", "date", "end date"),
    ),
)  # fmt: skip


def test_a_time_is_listed_and_confirmed_with_both_its_ends() -> None:
    record = {"id": 1, "renter": "Ana Ruiz", "from_date": "2021-03-04", "to_date": "2021-03-06"}
    assert teller().line(RENTAL, record, 2) == "Ana Ruiz, from March 4, 2021 until March 6, 2021"
    span = Detail("from_date", "date", "start date", "sets", "span", ["2021-03-04", "2021-03-06"])
    said = done_details(teller(), RENTAL, record, creation("rental", span))
    assert said == "from March 4, 2021 until March 6, 2021"


def test_the_day_a_time_ends_is_not_said_again_where_it_is_the_same() -> None:
    said = spanning(["from Wednesday 8 May at 11:00"], "until Wednesday 8 May at 12:00")
    assert said == ["from Wednesday 8 May at 11:00 until 12:00"]


def test_the_date_of_a_deed_is_its_day_and_of_a_thing_what_was_done_to_it() -> None:
    day = Detail("inspected_on", "date", "inspected date", "sets", "value", ["2021-03-04"])
    assert unmarked(str(voicing().put(day, "post", "inspection"))).startswith("on ")
    day = Detail("planted_on", "date", "planted date", "sets", "value", ["2021-03-04"])
    assert unmarked(str(voicing().put(day, "post", "plot"))).startswith("planted on ")
    assert day_of("inspected date", "inspection") == "date"
    assert day_of("planted date", "plot") == "planting date"
    assert deed("inspected date", "inspection") == ("is {T}", "was", "is")
    assert itself("picked", "harvest") and not itself("planted date", "plant")


def test_how_many_there_are_to_be_is_said_before_them() -> None:
    for number, said in ((3, "3 nodes"), (1, "1 node")):
        item = Detail("nodes", "count", "number of nodes", "sets", "value", [number])
        for form in ("frag", "post"):
            assert unmarked(str(voicing().put(item, form))).removeprefix("with ") == said


PATIENT = Entity(
    "clinic.patient", "clinic", "patient", "patients", {}, "/id", "/last_name",
    (Field("/first_name", "person", "first name"), Field("/last_name", "person", "last name")),
)  # fmt: skip


def test_a_first_and_a_last_name_are_one_name() -> None:
    record = {"id": 1, "first_name": "Ana", "last_name": "Ruiz"}
    assert teller().line(PATIENT, record, 2) == "Ana Ruiz"
    first = Detail("first_name", "person", "first name", "sets", "value", ["Ana"])
    last = Detail("last_name", "person", "last name", "sets", "value", ["Ruiz"])
    said = [
        unmarked(create_request(voicing(seed), creation("patient", first, last))).replace('"', "")
        for seed in range(8)
    ]
    assert all("Ana Ruiz" in text for text in said)


def test_nobody_looks_for_people_named_something_like_someone() -> None:
    name = Detail("last_name", "person", "last name", "filters", "value", ["Ruiz"])
    ask = Ask("list", "kit_list", "list", "patient", "patients", details=[name])
    said = [unmarked(list_request(voicing(seed), ask)) for seed in range(40)]
    assert not [text for text in said if "something" in text or "in the name" in text]


def test_a_place_is_where_things_are_and_is_not_told_again() -> None:
    hive = Entity(
        "bees.hive", "bees", "hive", "hives", {}, "/id", "/label",
        (Field("/label", "title", "name"), Field("/location", "text", "place")),
    )  # fmt: skip
    record = {"id": 1, "label": "Hive 4", "location": "Café Linden"}
    assert teller().line(hive, record, 2) == "Hive 4 (at Café Linden)"
    assert teller().line(hive, record, 2, ["Café Linden"]) == "Hive 4"
    place = Detail("location", "place", "place", "filters", "value", ["Café Linden"])
    assert unmarked(str(voicing().put(place, "post", "hive"))) == "at Café Linden"


def test_records_of_which_only_a_state_is_told_are_counted_by_it() -> None:
    records = [
        {"id": n, "member_name": "Ana Ruiz", "status": s} for n, s in enumerate(("out", "out", "late"))
    ]
    asked = Detail("member_name", "person", "member name", "filters", "value", ["Ana Ruiz"])
    voice = teller()
    known = msgspec.structs.replace(voice.known, entities={**voice.known.entities, BOOKING.key: BOOKING})
    ask = Ask("list", "gym_list", "list", "booking", "bookings", details=[asked])
    said = answered(Teller(voice.voice, known), Reply("report", entity=BOOKING.key, records=records, ask=ask))
    assert "two out and one late." in said


def test_what_a_record_refers_to_is_named_once_a_result_has_shown_its_name() -> None:
    tool = Entity(
        "shed.tool", "shed", "tool", "tools", {}, "/id", "/name", (Field("/name", "title", "name"),)
    )
    rental = msgspec.structs.replace(
        RENTAL, fields=(*RENTAL.fields, Field("/tool_id", "id", "tool", {}, "shed.tool"))
    )
    voice = teller()
    voice.names["shed.tool", "f3a1"] = (tool.noun, "Floor sander")
    record = {"id": 1, "tool_id": "f3a1", "renter": "Ana Ruiz", "from_date": "2021-03-04"}
    assert voice.line(rental, record, 2, ["Ana Ruiz"]).startswith("Floor sander (")
    assert "Floor" not in voice.line(rental, record, 2, ["Ana Ruiz", "Floor sander"])


def test_a_usual_sort_is_not_what_a_thing_is_called() -> None:
    entry = Entity(
        "bank.entry", "bank", "entry", "entries", {}, "/id", "",
        (Field("/type", "enum", "type"), Field("/settled_on", "date", "settled date")),
    )  # fmt: skip
    line = teller().line(entry, {"type": "standard", "settled_on": "2021-03-04"}, 2)
    assert not line.startswith("standard")


def test_a_thing_of_a_type_is_said_with_the_type_before_it() -> None:
    kind = Detail("type", "enum", "type", "filters", "value", ["city"])
    ask = Ask("list", "kit_list", "list", "bike", "bikes", details=[kind])
    assert all("city bikes" in unmarked(list_request(voicing(seed), ask)) for seed in range(12))


def test_what_is_to_be_done_is_no_end_of_a_time() -> None:
    order = Entity(
        "bakery.order", "bakery", "order", "orders", {}, "/id", "",
        (Field("/customer_name", "person", "customer name"), Field("/pickup_at", "date_time", "pickup time")),
    )  # fmt: skip
    for moment, said in (
        ("2021-03-04T18:00:00+00:00", "pickup "),
        ("2061-03-04T18:00:00+00:00", "to be picked up "),
    ):
        line = teller().line(order, {"customer_name": "Ana Ruiz", "pickup_at": moment}, 2)
        assert line.startswith(f"Ana Ruiz, {said}")


def test_a_rate_is_told_with_what_it_is_for() -> None:
    field = Field("/daily_rate", "number", "daily rate")
    assert teller().particulars.value(15, field, {}).endswith("15 a day")
    assert rate("hourly rate") == "an hour" and rate("daily walk") == ""


def test_a_band_is_looked_for_by_its_name_and_not_as_a_maker() -> None:
    name = Detail("name", "person", "name", "filters", "value", ["Gonzalo and the Sundays"])
    said = {unmarked(str(voicing(seed).put(name, "post", "artist"))) for seed in range(12)}
    assert said == {"called Gonzalo and the Sundays", "named Gonzalo and the Sundays"}


def test_one_of_a_list_is_named_as_one() -> None:
    names = Detail("names", "text", "names", "filters", "list", ["us-east-1"])
    said = {unmarked(str(voicing(seed).put(names, "post", "region"))) for seed in range(12)}
    assert not [text for text in said if "names" in text]


def test_whose_records_were_asked_for_stands_nowhere_in_their_list() -> None:
    rental = msgspec.structs.replace(RENTAL, label_pointer="/renter")
    record = {"id": 1, "renter": "Ana Ruiz", "from_date": "2021-03-04", "to_date": "2021-03-06"}
    said = teller().line(rental, record, 2, ["Ana Ruiz"])
    assert said == "from March 4, 2021 until March 6, 2021"


def test_how_long_something_is_valid_is_asked_and_said_as_people_do() -> None:
    ask = Ask(
        "look_up", "kit_get", "get", "permit", "permits", field="valid until", field_facet="date",
        targets=(Target("permit", "permits", "the"),),
    )  # fmt: skip
    said = {unmarked(look_up_request(voicing(seed), ask)) for seed in range(12)}
    assert all("run out" in text for text in said)
    until = Detail("valid_until", "date", "valid until", "sets", "value", ["2021-03-04"])
    assert moment_of(until) == "until"


def test_whose_a_record_is_does_not_name_it_for_others() -> None:
    voice = teller()
    tool = msgspec.structs.replace(
        next(iter(voice.known.tools.values())), name="shed_list", yields=(Yield("shed.rental", "/*", True),)
    )
    rental = msgspec.structs.replace(RENTAL, label_pointer="/renter")
    voice.known = msgspec.structs.replace(
        voice.known, tools={"shed_list": tool}, entities={"shed.rental": rental}
    )
    voice.learn("shed_list", [{"id": "r1", "renter": "Ana Ruiz"}])
    assert not voice.names


def test_what_was_done_with_several_is_not_said_of_the_people_they_are_of() -> None:
    rental = msgspec.structs.replace(RENTAL, label_pointer="/renter")
    voice = teller()
    voice.known = msgspec.structs.replace(voice.known, entities={rental.key: rental})
    ask = Ask("do", "shed_return", "return", "rental", "rentals")
    records = [{"id": "1", "renter": "Ana Ruiz"}, {"id": "2", "renter": "Tom Bell"}]
    said = answered(voice, Reply("done", entity=rental.key, records=records, ask=ask))
    assert "Ana Ruiz's rental and Tom Bell's rental" in said


def test_a_file_is_no_saying() -> None:
    item = Detail("model_file", "text", "model file", "sets", "value", ["bracket_v3.stl"])
    assert "model file" in str(teller().voice.put(item, "post"))


def created(noun: str, detail: Detail) -> set[str]:
    return {unmarked(create_request(voicing(seed), creation(noun, detail))).lower() for seed in range(40)}


def test_a_reason_that_is_no_noun_is_named_as_a_reason() -> None:
    worn = Detail("reason", "enum", "reason", "sets", "value", ["worn_out"], required=True)
    said = created("tool swap", worn)
    assert not any("for worn out" in text for text in said)
    assert all("reason" in text for text in said)
    assert chosen("reason", ["routine_maintenance"])["post"] == "for {v}"


def test_a_sort_of_what_is_in_a_thing_is_called_by_its_whole_name() -> None:
    tank = Detail("tank_type", "enum", "tank type", "sets", "value", ["cold_90l"], required=True)
    said = created("aquarium order", tank)
    assert said and all("tank type" in text for text in said)


def test_a_state_in_which_somebody_does_something_is_named_as_a_state() -> None:
    state = Detail("status", "enum", "status", "filters", "value", ["plumber_returning"])
    ask = Ask("list", "kit_list", "list", "leak", "leaks", details=[state])
    said = {unmarked(list_request(voicing(seed), ask)).lower() for seed in range(30)}
    assert not any("plumber returning leak" in text or "are plumber returning" in text for text in said)


def test_a_day_that_counts_as_well_is_no_day_before_which_things_are_due() -> None:
    due = Detail("due_before", "date", "due date", "filters", "before", ["2021-03-09"])
    for through, word in ((True, "due by"), (False, "due before")):
        ask = Ask(
            "list", "kit_list", "list", "hem", "hems", details=[msgspec.structs.replace(due, through=through)]
        )
        assert all(word in unmarked(list_request(voicing(seed), ask)) for seed in range(20))


def test_who_comes_for_a_visit_is_visiting_and_no_visit_is_without_an_article() -> None:
    day = Detail("visit_date", "date", "visit date", "sets", "value", ["2021-03-09"], required=True)
    assert all("visiting" in text for text in created("guest", day))
    assert all("a visit " in text or "visit date" in text for text in created("boiler quote", day))


def test_somebody_with_their_address_is_not_quoted() -> None:
    name = Detail("full_name", "title", "full name", "sets", "value", ["Ana Ruiz (ana.ruiz@example.com)"])
    assert not any('"' in text for text in created("member", name))


def test_nobody_is_created() -> None:
    ask = Ask("create", "kit_create", "register", "guest", "guests")
    assert brought_about(ask, person=True) == "registered"
    assert brought_about(msgspec.structs.replace(ask, verb="create"), person=True) == "added"


def test_of_a_long_list_all_is_told_where_all_was_asked_for() -> None:
    plant = Entity(
        "kit.plant", "kit", "plant", "plants", {}, "/id", "/name",
        (Field("/name", "title", "name"), Field("/planted_on", "date", "planted on"), Field("/spot", "place", "spot")),
    )  # fmt: skip
    plants = [
        {"id": n, "name": f"Fern {'ABCDEFGHIJKLMNOPQRSTUVW'[n]}", "planted_on": "2021-03-09", "spot": "north terrace"}
        for n in range(23)
    ]  # fmt: skip
    ask = Ask("list", "kit_list", "list", "plant", "plants")
    reply = Reply("report", ["s1"], plant.key, plants, total=23, ask=ask)
    told = {}
    for listed in ("whole", ""):
        speaks = teller()
        speaks.known = msgspec.structs.replace(speaks.known, entities={plant.key: plant})
        speaks.voice.talk["listed"] = listed
        told[listed] = answered(speaks, reply)
    assert "Fern W" in told["whole"] and "Fern W" not in told[""]


def test_two_compared_that_do_not_say_what_they_are_called_are_the_first_and_the_second() -> None:
    file = Entity("m.file", "m", "file", "files", {}, "", "", (Field("/saved", "date_time", "last change"),))
    voice = teller()
    known = msgspec.structs.replace(voice.known, entities={file.key: file})
    saved = ("2021-03-04T18:00:00+00:00", "2021-02-04T18:00:00+00:00")
    reply = Reply("compare", entity=file.key, records=[{"saved": one} for one in saved], field="/saved")
    for seed in range(12):
        said = answered(Teller(voicing(seed), known), reply)
        assert "first file" in said.lower() and "second file" in said.lower() and '""' not in said, said
