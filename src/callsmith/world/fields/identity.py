"""Identifiers in the style a schema asks for: patterns, prefixes, numbers, keys, handles."""

from __future__ import annotations

import re
import string

from callsmith.records import Entity, Json, Schema
from callsmith.schema import collections, settle, steps, types, valid
from callsmith.seeds import number
from callsmith.text import coded
from callsmith.world.fields.clouds import arn_of
from callsmith.world.fields.pasted import counted_from, read_off
from callsmith.world.fields.paths import path_of
from callsmith.world.fields.patterns import literals, matching, variable
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix, wide
from callsmith.world.stories.naming import capital, split
from callsmith.world.stories.nouns import by_name, fitted, machine_id, short_name
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.story import Ground, Story

_BASE62 = string.digits + string.ascii_letters


def leaf_at(schema: Schema, pointer: str) -> Schema:
    """The sub-schema at an object pointer, or an empty one."""
    for step in steps(pointer):
        schema = schema.get("properties", {}).get(step) or schema.get("items", {})
    return schema


def as_patterned(story: Story, schema: Schema) -> str:
    """What a story is called, in the form that the pattern of a name asks for."""
    title = fitted(story.title, schema)
    return title if valid(schema, title) else str(styled(schema, story.bits ^ 0x7A5))


_WITHIN = re.compile(r"\b(?:within|in|of|per) (?:its|the|their|each) ([a-z]+)\b")


def counted_within(entity: Entity, story: Story) -> Story | None:
    """The record within which a field says that such records are counted: runs within their pipeline."""
    for name, schema in entity.schema.get("properties", {}).items():
        told = str(settle(schema).get("description") or "").lower()
        if split(name)[-1:] not in _NUMBERS or not re.search(
            r"\bsequen|\bconsecutive|\brunning number", told
        ):
            continue
        words = {*_WITHIN.findall(told)}
        return next((held for key, held in story.links.items() if key.rpartition(".")[2] in words), None)
    return None


def name_story(
    population: Ground, kind: Kind, story: Story, taken: set[str] | None = None, count: int = 0
) -> None:
    """Settles the number, key and ids of a story: numbers and names differ among siblings, opaque ids everywhere.

    ``taken`` and ``count`` are given for records made by calls: the ids in use and the next number.
    """
    entity = kind.entity
    place = story.container.id if story.container else ""
    used = population.used.setdefault(f"{entity.key}\n{place}", set()) if taken is None else taken
    first = mix(number(population.bits, place), 5) % 90 if kind.family.name in ("issue", "pull") else 0
    first = first or counted_from(entity.noun, split(entity.id_pointer), number(population.bits, entity.key))
    story.number = count or len(used) + 1 + first
    if not count and (whole := counted_within(entity, story)) is not None:
        before = population.used.setdefault(f"{entity.key}\nwithin\n{whole.id}", set())
        story.number = len(before) + 1
        before.add(str(story.number))
    story.key = _key_of(story, taken)
    schema = leaf_at(entity.schema, entity.id_pointer)
    everywhere = population.used.setdefault(f"{entity.key}\nids", set()) if taken is None else taken
    # Rights are known by the person, revisions are counted, transitions are few: those ids recur from file to file.
    recurring = story.family in ("permission", "revision", "transition")
    opaque = split(entity.id_pointer)[-1:] in OPAQUE and not recurring
    called = story.title if _called_by_id(kind) else ""
    chain = collections(schema)
    for salt in range(200):
        if chain:
            story.id = path_of(chain, story, salt)
        elif called:
            story.id = _own_name(story, schema, called, salt)
        else:
            story.id = _id(entity.id_pointer, schema, story, salt)
        if story.id not in used and not (opaque and story.id in everywhere):
            break
        if salt > 20 and "name" in split(entity.id_pointer):
            story.title = story.id = f"{story.id}{' ' if ' ' in story.id else '-'}{salt}"
            break
    used.add(story.id)
    everywhere.add(story.id)
    beside = leaf_at(entity.schema, "/id") if entity.id_pointer != "/id" else {}
    if beside and taken is None:
        own = population.used.setdefault(f"{entity.key}\nown", set())
        made = next(
            one for salt in range(1, 200) if (one := styled(beside, story.bits ^ salt * 0x51)) not in own
        )
        own.add(made)
        story.traits["own"] = made


def _printed(words: tuple[str, ...], schema: Schema, story: Story, salt: int) -> str:
    """A number or a mark as it is printed on a card, a paper or a thing; "" for other identifiers."""
    noun = story.entity.rpartition(".")[2].replace("_", " ")
    if told := read_off(words, noun, story.title, schema, story.bits ^ salt * 0x9E37):
        return told
    if words[-1:] not in _NUMBERS or _formed(schema) or {*words} & _OTHER_NUMBERS:
        return ""
    return str(100_000 + wide(story.bits, salt) % 900_000)


def _from_title(story: Story, schema: Schema, last: str, salt: int) -> str:
    """An identifier that says what the record is called: the short name of a size, an ARN; "" for any other."""
    if short := short_name(story.family, story.title, schema):
        return short if not salt else f"{short}-{salt + 1}"
    return (
        arn_of(story, story.entity, f"{story.title}-{salt}" if salt else story.title) if last == "arn" else ""
    )


def _called_by_id(kind: Kind) -> bool:
    """Whether the identifier is a name that people made up."""
    entity = kind.entity
    own = next((field.facet for field in entity.fields if field.pointer == entity.id_pointer), "")
    return own == "title" and entity.id_pointer == entity.label_pointer != ""


def _own_name(story: Story, schema: Schema, called: str, salt: int) -> str:
    """The name of a story as an identifier is written; others of that name are numbered."""
    name = ascii_slug(called, "-") if " " in called else called
    name = f"{name}-{salt + 1}" if salt else name
    made = fitted(name, settle(schema))
    made = made if valid(schema, made) else str(styled(schema, story.bits ^ salt * 0x9E37))
    story.title = made
    return made


OPAQUE = tuple((name,) for name in ("id", "gid", "uid", "uuid", "uri", "sid"))


def _key_of(story: Story, taken: set[str] | None) -> str:
    if story.family in ("project", "repo", "company", "group"):
        letters = "".join(word[0] for word in ascii_slug(story.title, " ").split() if word[0].isalpha())
        whole = "".join(letter for letter in ascii_slug(story.title) if letter.isalpha()) or "team"
        key = (letters if len(letters) > 1 else whole[:3]).upper()[:4]
        used = story.population.used.setdefault(f"{story.entity}\nkeys", set())
        if taken is not None:
            used = used | taken  # the population is shared by all worlds of its seed: no call may change it
        if key in used:
            key = whole[:4].upper()
        while key in used:
            key = f"{key[:3]}{len(used)}"
        used.add(key)
        return key
    for target in story.links.values():
        if target.family == "project" and target.key:
            return f"{target.key}-{story.number}"
    return ""


_NUMBERS = (("number",), ("no",), ("nr",), ("num",))
_OTHER_NUMBERS = {"phone", "account", "iban", "serial", "version", "tracking"}


def _id(pointer: str, schema: Schema, story: Story, salt: int) -> str:
    name = steps(pointer)[-1] if pointer else "id"
    words = split(name)
    last = words[-1] if words else "id"
    person = story.subject
    if story.traits.get("system"):
        return str(story.traits["system"])
    if story.family == "transition" and not salt and "pattern" in schema:
        made = f"{story.ordinal + 1}1"
        return made if re.match(str(schema["pattern"]), made) else str(styled(schema, story.bits))
    if last in ("email", "address") and person:
        return person.email
    if last in ("login", "username", "handle") and person:
        return person.username
    if last in ("phone", "waid") and person:
        return person.phone.replace(" ", "")
    if last in ("number", "no", "nr", "num") and "integer" in types(schema):
        return str(story.number + salt)
    if last == "key" and story.key:
        return story.key
    if told := _printed(words, schema, story, salt) or _from_title(story, schema, last, salt):
        return told
    if tuple(words[-2:]) == ("resource", "name"):
        return str(styled(schema, wide(story.bits, salt)))  # Google's: an identifier, whatever it is called
    kind = by_name().get(story.family)
    if kind and story.title and (kind.get("named") or last in ("name", "title", "branch", "label", "key")):
        return fitted(story.title, settle(schema))
    if last in ("name", "title", "branch", "label"):
        return story.title
    if last in ("slug", "repo") or words == ("key",) and story.title and not salt and not _formed(schema):
        return ascii_slug(story.title, "-")
    if last == "sha":
        return f"{wide(story.bits, salt):016x}{wide(story.bits, salt + 1):016x}{mix(story.bits, salt):08x}"
    if story.family == "label" and "pattern" in schema:
        plain = re.match(r"\^([A-Za-z_]+)\[0-9\]\+\$$", variable(str(schema["pattern"])))
        if plain is not None:
            return f"{plain[1]}{story.ordinal + 1 + salt}"
    if story.family == "permission" and person is not None and not salt:
        text = f"user:{person.email}"
        if re.match(str(schema.get("pattern", "^$")), text):
            return text
        return str(
            styled(schema, number(story.population.seed, story.entity.split(".")[0], "person", person.email))
        )
    if story.family == "revision":
        return str(story.number + salt)
    if story.family == "calendar" and not story.ordinal and not schema.get("pattern"):
        return story.population.scene.user.email
    return _formed_id(words, schema, story, salt)


def _formed_id(words: tuple[str, ...], schema: Schema, story: Story, salt: int) -> str:
    """An identifier of a form that its kind of machine, its example or its pattern has."""
    bits = story.bits ^ salt * 0x9E37
    own = machine_id(story.family, bits, words, settle(schema)) or _readable(schema, story, salt)
    return own or str(styled(schema, bits, year_of(story)))


_WORD = re.compile(r"[a-z]{4,}")


def _readable(schema: Schema, story: Story, salt: int) -> str:
    """The record's title written as the schema's example is, where that is no opaque id: ``linode/debian9``."""
    settled = settle(schema)
    given = next((text for text in settled.get("examples", ()) if isinstance(text, str)), "")
    if not story.title or "pattern" in settled or settled.get("format") or not is_readable(given):
        return ""
    short = ascii_slug(story.title, "-")
    return (
        given.rpartition("/")[0] + ("/" if "/" in given else "") + (f"{short}-{salt + 1}" if salt else short)
    )


def is_readable(example: str) -> bool:
    """Whether an example of an id is written in words, as ``us-east`` and ``linode/debian9`` are."""
    plain = re.fullmatch(r"[a-z0-9]+(?:[-/.][a-z0-9]+)*", example) and not re.search(
        r"[0-9]{4}|[0-9a-f]{8}", example
    )
    words = _WORD.findall(example)
    return bool(plain) and any(set(word) & set("aeiou") and set(word) - set("aeiou") for word in words)


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # kept for documentation, RFC 5737


def _formed(schema: Schema) -> bool:
    return any(schema.get(name) for name in ("pattern", "format", "examples"))


def styled(schema: Schema, bits: int, year: int = 0) -> Json:
    """An identifier as ``schema`` writes them: by pattern, format, example or type; 16 hex digits otherwise."""
    form = schema.get("format")
    if {"integer", "number"} & set(types(schema)) and not (form == "uuid" and "string" in types(schema)):
        return 100_000_000 + wide(bits, 3) % 800_000_000
    pattern = schema.get("pattern")
    if pattern:
        made = _matched(str(pattern), bits, int(schema.get("minLength", 0)))
        if made is not None:
            return made
    least = schema.get("minLength", 0)
    if form == "uuid" or least == 36 == schema.get("maxLength"):
        return uuid_text(bits)
    if form == "uri":
        return f"https://api.example/{hex16(bits)}"
    if form == "ipv4":
        return f"{_NETWORKS[mix(bits, 31) % len(_NETWORKS)]}.{1 + mix(bits, 32) % 254}"
    examples = [text for text in schema.get("examples", ()) if isinstance(text, str)]
    if examples and _UUID.fullmatch(examples[0]):
        return uuid_text(bits)
    if examples and form in ("date", "date-time", "email"):
        return examples[mix(bits, 41) % len(examples)]  # with other letters and figures it would be none
    if form in ("date", "date-time"):
        day = f"2026-{1 + mix(bits, 43) % 12:02d}-{1 + mix(bits, 44) % 28:02d}"
        return day if form == "date" else f"{day}T{8 + mix(bits, 45) % 10:02d}:00:00Z"
    if examples:
        return like(examples[0], bits, year)
    return (
        hex16(bits) if least <= 16 else "".join(hex16(bits ^ part) for part in range(-(-least // 16)))[:least]
    )


_ARN_OR = re.compile(r"arn:[^|()]*(?:\([^()]*\)[^|()]*)*\|")
# What patterns of ARNs leave open that is the same everywhere: the cloud and the region.
_ARN_PARTS = (
    (re.compile(r"\(aws\[[^\]]*\][*+]\)\??|aws\[[^\]]*\][*+]|aws\(-\[\^:\]\+\)\?"), "aws"),
    (re.compile(r"(?:\(eusc-\)\?)?\[a-z\]\{2\}[^:]*?-\[a-z\]\+-(?:\\[d]|\[0-9\])(?:\{1\})?"), "eu-west-1"),
)


def _matched(pattern: str, bits: int, least: int) -> str | None:
    """A string that matches, as short an id as may be given, and as long as it has to be."""
    plain = _ARN_OR.sub("", pattern)
    for part, text in _ARN_PARTS:
        plain = part.sub(text, plain)
    for form in dict.fromkeys((plain, pattern)):
        made = matching(variable(form), bits)
        for step in range(8):
            if made is not None and len(made) < least:
                made += matching(variable(form), bits ^ 0x51 * (step + 1)) or ""
        if made is not None and (form == pattern or valid({"pattern": pattern}, made)):
            return made
    return None


def hex16(bits: int) -> str:
    """16 hexadecimal digits."""
    return f"{(mix(bits, 1) << 33 | wide(bits, 2) >> 29) & 0xFFFFFFFFFFFFFFFF:016x}"


def uuid_text(bits: int) -> str:
    """A version-4 UUID."""
    digits = f"{wide(bits, 11):016x}{wide(bits, 12):016x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[mix(bits, 13) % 4]}{digits[17:20]}-{digits[20:32]}"


def base62(bits: int, size: int) -> str:
    """Letters and digits."""
    return "".join(_BASE62[mix(bits, 17 * place + 3) % 62] for place in range(size))


_SERIES = re.compile(r"[A-Z]{0,5}[0-9]*(?:[-*/.: ][A-Z]{0,5}[0-9]*)+")  # NL*VLT*E10427*1
_LETTERS = re.compile(r"[A-Z]{2,5}(?:[-*/.:][A-Z]{2,5})+")  # TRF-DC-STD
_YEAR = re.compile(r"(?<![A-Z0-9])(?:19|20)[0-9]{2}(?=[-/.][0-9A-Z])")
_GIVEN_OUT = 4  # digits of a code by which its bearers are told apart


def year_of(story: Story) -> int:
    """In which year what a record bears was given out."""
    clock = story.population.clock
    return clock.local(story.created or clock.now).year


def like(example: str, bits: int, year: int = 0) -> str:
    """Another string of the example's make: a prefix up to ``_`` or before numbers given out stays, other letters
    and digits are drawn anew. ``year``: in which it was given out, where the example tells one.
    """
    head, mark, tail = example.rpartition("_")
    made = [head + mark]
    dated = _YEAR.search(tail) if year else None
    worded = is_readable(example) and any(letter.isdigit() for letter in tail)
    series = bool(_SERIES.fullmatch(tail)) and sum(letter.isdigit() for letter in tail) >= _GIVEN_OUT
    first = len(re.match("[A-Z]+", tail)[0]) if _LETTERS.fullmatch(tail) else 0  # type: ignore[index]
    for place, letter in enumerate(tail):
        draw = mix(bits, 19 * place + 7)
        if dated is not None and dated.start() <= place < dated.end():
            made.append(str(year)[place - dated.start()])
        elif letter.isdigit() and letter != "0" and tail[place - 1] == " ":
            made.append(str(1 + draw % 9))
        elif letter.isdigit():
            made.append(str(draw % 10))
        elif letter.isalpha() and place >= first and not worded and not series and not coded(example):
            made.append((string.ascii_uppercase if letter.isupper() else string.ascii_lowercase)[draw % 26])
        else:
            made.append(letter)
    return "".join(made)


def system_titles(schema: Schema) -> tuple[str, ...]:
    """Names that a product itself gives, read off the fixed alternatives of the id pattern."""
    return literals(str(schema.get("pattern", "")))


def shown(name: str) -> str:
    """A system name as people read it: ``CATEGORY_UPDATES`` as ``Updates``."""
    return capital(" ".join(split(name)[-1:]))
