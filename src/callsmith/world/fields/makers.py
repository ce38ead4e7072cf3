"""Makers of values that have a form of their own: addresses of machines, checksums, versions, numbers of goods."""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import blake2b

from callsmith.catalog import data
from callsmith.records import Json
from callsmith.schema import leaves
from callsmith.seeds import number
from callsmith.world.fields.clouds import account_of, arn_of, cloud_of, region_of, told_arn, zone_of
from callsmith.world.fields.geography import coordinates
from callsmith.world.fields.links import branch_leaf, url_leaf
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.pasted import checked, stock_number
from callsmith.world.fields.sites import MISSING, Site, linked
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.nouns import is_technical, lexicon
from callsmith.world.stories.story import Story
from callsmith.world.stories.telling import named_as

Maker = Callable[[Site, Story, int], Json]
"""Makes a field's value from its place, its record's story and the bits it is drawn with."""


def hexadecimal(bits: int, salt: int, size: int) -> str:
    """So many hexadecimal digits."""
    return blake2b(b"%d %d" % (bits, salt), digest_size=(size + 1) // 2).hexdigest()[:size]


def _cloud(site: Site) -> str:
    return cloud_of(site.toolset, site.entity.toolkit)


def _arn(site: Site, story: Story, bits: int) -> Json:
    rest = site.words[:-1]
    noun = stem(site.entity.key.rsplit(".", 1)[-1])
    if len(site.path) < 3 and (not rest or "_".join(rest) in (noun, noun.rsplit("_", 1)[-1])):
        return arn_of(story, site.entity.key)
    target = linked(story, site.refers) if site.refers else None
    if target is not None:
        return arn_of(target, site.refers)
    return told_arn(story, rest, site.entity.toolkit, bits ^ site.salt)


def _network(story: Story) -> int:
    """The second octet of the private network a record lies in."""
    if story.family != "network":
        for target in story.links.values():
            if target.family == "network":
                return _network(target)
    return mix(story.bits, 75) % 200


def _subnet(story: Story) -> int:
    for target in story.links.values():
        if target.family == "subnet":
            return _subnet(target)
    return mix(story.bits, 76) % 250


def _ipv4(site: Site, story: Story, bits: int) -> Json:
    last = 4 + mix(bits, site.salt) % 248
    if site.around & {
        "public",
        "elastic",
        "floating",
        "reserved",
        "external",
        "carrier",
        "nat",
        "customer",
        "remote",
    }:
        return f"{('203.0.113', '198.51.100', '192.0.2')[mix(bits, 77) % 3]}.{last}"
    if site.around & {"private", "internal", "local", "endpoint", "gateway"} or _cloud(site) == "aws":
        return f"10.{_network(story)}.{_subnet(story)}.{last}"
    return f"{('203.0.113', '198.51.100', '192.0.2')[mix(bits, 77) % 3]}.{last}"


def _ipv6(site: Site, story: Story, bits: int) -> Json:
    digits = hexadecimal(bits, site.salt, 12)
    return f"2001:db8:{digits[:4]}:{digits[4:8]}::{digits[8:12].lstrip('0') or '1'}"


def _cidr(site: Site, story: Story, bits: int) -> Json:
    if "6" in site.words:
        return f"2001:db8:{hexadecimal(bits, site.salt, 4)}::/56"
    if story.family == "network":
        return f"10.{_network(story)}.0.0/16"
    if story.family == "guard" or site.around & {"source", "destination", "allowed", "ingress"}:
        return ("0.0.0.0/0", "10.0.0.0/8", "203.0.113.0/24", "192.168.0.0/16")[mix(bits, site.salt) % 4]
    return f"10.{_network(story)}.{_subnet(story)}.0/24"


def _mac(site: Site, story: Story, bits: int) -> Json:
    digits = hexadecimal(bits, site.salt, 10)
    return ":".join(("02", *(digits[at : at + 2] for at in range(0, 10, 2))))


def _host(site: Site, story: Story, bits: int) -> Json:
    scene = story.population.scene
    if story.family in ("domain", "certificate") and "." in story.title:
        return story.title
    if "private" in site.around and _cloud(site) == "aws":
        address = f"10-{_network(story)}-{_subnet(story)}-{4 + mix(bits, site.salt) % 248}"
        return f"ip-{address}.{region_of(story, 'aws')}.compute.internal"
    if site.words[-1] in ("nameserver", "nameservers"):
        return f"ns{1 + mix(bits, site.salt) % 3}.{scene.domain}"
    if set(site.words) & {"domain", "domains"}:
        return scene.domain
    technical = is_technical(site.toolset, site.entity.toolkit)
    own = ascii_slug(story.title, "-") if technical and story.title and "/" not in story.title else ""
    hosts: list[str] = lexicon()["words"]["host"]
    name = own or hosts[mix(bits, site.salt) % len(hosts)]
    return f"{name}.{scene.domain}"


def _kind(site: Site, story: Story, bits: int) -> Json:
    """What a product writes to say what kind of record it is; only where the schema's words give it."""
    default = site.schema.get("default")
    examples = site.schema.get("examples")
    return default if default is not None else examples[0] if examples else MISSING


def _country(site: Site, story: Story, bits: int) -> Json:
    if "array" in site.types:
        cities = data.read("catalog/lexicon/places.yaml")["cities"]
        return cities[mix(bits, site.salt) % len(cities)]["code"]
    return story.population.place["code"]


def _fingerprint(site: Site, story: Story, bits: int) -> Json:
    text = str(site.schema.get("description", "")).lower()
    if "sha256" in text or "sha-256" in text:
        raw = bytes.fromhex(hexadecimal(bits, site.salt, 64))
        return "SHA256:" + base64.b64encode(raw).decode().rstrip("=")
    digits = hexadecimal(bits, site.salt, 32)
    return ":".join(digits[at : at + 2] for at in range(0, 32, 2))


_SIZES = (("512", 128), ("256", 64), ("xxhash 64", 16), ("crc 64", 16), ("xxhash 128", 32), ("xxhash 3", 16),
          ("crc", 8), ("xxhash", 16), ("md", 32), ("1", 40), ("sha", 40))  # fmt: skip


def _checksum(site: Site, story: Story, bits: int) -> Json:
    words = " ".join(site.words)
    if "checksum" in words and len(site.words) > 1 and "256" not in words and not site.required:
        return MISSING  # a product that knows several sums shows the one that was asked for
    text = str(site.schema.get("description", "")).lower()
    joined = f"{words} {text}" if "sha" not in words and "md" not in words and "crc" not in words else words
    size = next((digits for name, digits in _SIZES if name in joined), 40)
    digits = hexadecimal(bits, site.salt, size)
    if "base64" in text or "base 64" in text:
        return base64.b64encode(bytes.fromhex(digits)).decode()
    return digits


def _version(site: Site, story: Story, bits: int) -> Json:
    return f"{1 + mix(bits, site.salt) % 4}.{mix(bits, site.salt + 1) % 12}.{mix(bits, site.salt + 2) % 10}"


def _branch(site: Site, story: Story, bits: int) -> Json:
    if set(site.words) & {"default", "base", "production"} or story.family != "pull":
        return "main"
    return branch_leaf(site)[0](story)


_PLAIN_NAME = {"display", "full", "friendly", "short", "long", "resource", "name"}


def _name(site: Site, story: Story, bits: int) -> Json:
    """The record's own name, or that of the thing which the words before ``name`` speak of."""
    words = set(site.words)
    if words == {"full", "name"} and any(
        str(text).count("/") == 1 for text in site.schema.get("examples", ())
    ):
        return f"{ascii_slug(story.population.scene.company.split()[0])}/{story.title}"  # owner and name
    rest = words - _PLAIN_NAME
    inside = "" if rest or len(site.path) < 2 else stem(site.path[-2])
    if inside in ("country", "city"):
        return story.population.place["country"] if inside == "country" else story.population.scene.city
    if inside and (called := named_as(inside, story, bits ^ site.salt)):
        return called
    if not rest or rest <= set(split(site.entity.key)):
        return story.title or MISSING
    if words & {"business", "company", "merchant", "organization", "enterprise"}:
        return (story.subject.company if story.subject else "") or story.population.scene.company
    if unfamiliar(site.toolset, site.entity.toolkit) and (
        called := named_as("_".join(site.words[:-1]), story, bits)
    ):
        return called
    if not site.required:
        return MISSING
    if not is_technical(site.toolset, site.entity.toolkit):
        return ""
    services: list[str] = lexicon()["words"]["service"]
    return f"{services[mix(bits, site.salt) % len(services)]}-{site.words[-2] if len(site.words) > 1 else 'name'}"


def _person(site: Site, story: Story, bits: int) -> Json:
    person = story.subject or story.author
    words = set(site.words)
    if words & {"first", "given"}:
        return person.given
    return person.family if words & {"last", "family"} else person.name


def _status(site: Site, story: Story, bits: int) -> Json:
    told = set(split(str(site.schema.get("description", ""))))
    if {"open", "closed"} <= told:
        return "closed" if story.state in ("done", "gone") else "open"
    return {"done": "completed", "gone": "canceled"}.get(story.state, "active")


def _duration(site: Site, story: Story, bits: int) -> Json:
    return f"PT{2 + mix(bits, site.salt) % 18}M{mix(bits, site.salt + 1) % 60}S"


def _audience(site: Site, story: Story, bits: int) -> Json:
    """People who saw or follow: few have very many, and most have some."""
    power = 2 + mix(bits, 83) % 4
    return 10**power + mix(bits, site.salt) % (9 * 10**power)


def _reaction(site: Site, story: Story, bits: int) -> Json:
    """A few in a hundred of those who saw it say so."""
    power = 2 + mix(bits, 83) % 4
    return (10**power + mix(bits, site.salt) % (9 * 10**power)) // 40


def _coordinate(place: int) -> Maker:
    def make(site: Site, story: Story, bits: int) -> Json:
        cities = data.read("catalog/lexicon/places.yaml")["cities"]
        names = {word for pointer, _, _ in leaves(site.entity.schema) for word in split(pointer)}
        city = story.population.scene.city if names & {"street", "postal", "line1", "zip"} else ""
        found = coordinates(city or cities[mix(story.bits, 43) % len(cities)]["city"])
        if found is None:
            return MISSING
        return round(found[place] + (mix(bits, 45 + place) % 400 - 200) / 10_000, 4)

    return make


def _text_of(maker: Maker) -> Maker:
    return lambda site, story, bits: str(maker(site, story, bits))


def _digits(bits: int, salt: int, size: int) -> str:
    return f"{int(hexadecimal(bits, salt, 16), 16) % 10**size:0{size}d}"


def _isrc(site: Site, story: Story, bits: int) -> Json:
    return f"{story.population.place['code']}Z03{20 + mix(bits, 61) % 5}{_digits(bits, site.salt, 5)}"


def _sku(site: Site, story: Story, bits: int) -> Json:
    return stock_number(story.title, bits, site.salt)


def _release_date(site: Site, story: Story, bits: int) -> Json:
    return story.population.clock.day(story.created - (30 + mix(bits, 62) % 4000) * DAY)


MAKERS: dict[str, Maker] = {
    "arn": _arn,
    "account": lambda site, story, bits: account_of(story),
    "mac": _mac,
    "cidr": _cidr,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "netmask": lambda site, story, bits: "255.255.255.0",
    "host": _host,
    "kind": _kind,
    "zone": lambda site, story, bits: zone_of(story, _cloud(site)),
    "zone_id": lambda site, story, bits: (
        f"{region_of(story, 'aws').replace('-', '')[:4]}-az{1 + mix(story.bits, 73) % 3}"
    ),
    "region": lambda site, story, bits: region_of(story, _cloud(site)),
    "country": _country,
    "fingerprint": _fingerprint,
    "digest": lambda site, story, bits: f"sha256:{hexadecimal(bits, site.salt, 64)}",
    "checksum": _checksum,
    "etag": lambda site, story, bits: hexadecimal(bits, site.salt, 32),
    "sha": lambda site, story, bits: hexadecimal(bits, site.salt, 40),
    "branch": _branch,
    "name": _name,
    "person": _person,
    "status": _status,
    "link": lambda site, story, bits: url_leaf(site)[0](story),
    "title": lambda site, story, bits: story.title or MISSING,
    "few_text": lambda site, story, bits: str(3 + mix(bits, site.salt) % 180),
    "version": _version,
    "latitude": _coordinate(0),
    "longitude": _coordinate(1),
    "latitude_text": _text_of(_coordinate(0)),
    "longitude_text": _text_of(_coordinate(1)),
    "duration": _duration,
    "popularity": lambda site, story, bits: 12 + mix(bits, site.salt) % 80,
    "audience": _audience,
    "audience_text": _text_of(_audience),
    "reaction_text": _text_of(_reaction),
    "rating": lambda site, story, bits: (
        (3.6, 3.9, 4.2, 4.4, 4.6, 4.7, 4.8)[mix(bits, site.salt) % 7]
        if "number" in site.types
        else 3 + mix(bits, site.salt) % 3
    ),
    "share": lambda site, story, bits: round((mix(bits, site.salt) % 1000) / 1000, 3),
    "release_date": _release_date,
    "percent_text": lambda site, story, bits: f"{(100, 100, 100, 80, 45)[mix(bits, site.salt) % 5]}%",
    "isbn": lambda site, story, bits: checked(f"978{_digits(bits, site.salt, 9)}"),
    "isrc": _isrc,
    "ean": lambda site, story, bits: checked(f"40{_digits(bits, site.salt, 10)}"),
    "sku": _sku,
    "last4": lambda site, story, bits: _digits(bits, 63, 4),
    "nothing": lambda site, story, bits: MISSING,
}


def own_arn(story: Story) -> str:
    """The ARN by which a record is known that has no other name."""
    return arn_of(story, story.entity, story.title or hexadecimal(number(story.bits), 0, 8))
