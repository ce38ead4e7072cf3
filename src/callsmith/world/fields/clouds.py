"""Accounts, regions and resource names of cloud services, the same wherever one record shows them."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.records import Toolset
from callsmith.schema import leaves
from callsmith.seeds import number
from callsmith.world.fields.geography import home_region, regions
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix, wide
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.nouns import lexicon
from callsmith.world.stories.story import Story

_clouds: dict[tuple[str, str], str] = {}


def cloud_of(toolset: Toolset, toolkit: str) -> str:
    """Whose cloud a toolkit is, as its fields say: ``aws`` has ARNs, ``google`` self links; ``plain`` for any other."""
    known = _clouds.get((toolset.hash, toolkit))
    if known is None:
        if len(_clouds) > 2000:
            _clouds.clear()
        names = {
            stem(pointer.rsplit("/", 1)[-1])
            for entity in toolset.entities
            if entity.toolkit == toolkit
            for pointer, _, _ in leaves(entity.schema)
        }
        aws = any(name == "arn" or name.endswith("_arn") for name in names)
        known = "aws" if aws else "google" if {"self_link", "kind"} <= names else "plain"
        _clouds[(toolset.hash, toolkit)] = known
    return known


def account_of(story: Story) -> str:
    """The twelve digits of the company's account."""
    return str(100_000_000_000 + number("account", story.population.scene.company) % 899_999_999_999)


def region_of(story: Story, cloud: str, depth: int = 0) -> str:
    """Where a record lies: with what it belongs to, else mostly in the company's home region."""
    if story.links and depth < 6 and cloud != "aws":
        return region_of(next(iter(story.links.values())), cloud, depth + 1)
    home = home_region(story.population.scene.city, cloud)
    if cloud == "aws" and story.family not in ("bucket", "object"):
        return home  # an endpoint of a region shows what lies in that region
    options = regions(cloud)
    return home if mix(story.bits, 71) % 10 < 7 else options[mix(story.bits, 72) % len(options)]


def zone_of(story: Story, cloud: str) -> str:
    """A zone of the record's region."""
    mark = "-" if cloud == "google" else ""
    return f"{region_of(story, cloud)}{mark}{'abc'[mix(story.bits, 73) % 3]}"


def arn_of(story: Story, key: str, name: str = "") -> str:
    """The ARN of a record of entity ``key``: service, region, account, kind and the record's own name or id."""
    if story.id.startswith("arn:"):
        return story.id
    toolkit, _, noun = key.partition(".")
    named = (
        ascii_slug(name or story.id or story.title or f"{story.ordinal}", "-") if not story.id else story.id
    )
    forms: dict[str, str] = data.read("catalog/lexicon/fields.yaml")["arns"]
    last = stem(noun).rsplit("_", 1)[-1]
    if story.family in ("bucket", "object") and (last in forms or "key" in key):
        return f"arn:aws:s3:::{named}"
    service = toolkit.replace("_", "")
    where = f"{region_of(story, 'aws')}:{account_of(story)}" if service != "iam" else f":{account_of(story)}"
    return f"arn:aws:{service}:{where}:{stem(noun).replace('_', '-')}/{named}"


def told_arn(story: Story, words: tuple[str, ...], toolkit: str, bits: int) -> str:
    """The ARN of something that is no record of the toolkit: a role, a key, a topic."""
    forms: dict[str, str] = data.read("catalog/lexicon/fields.yaml")["arns"]
    noun = next((word for word in reversed(words) if word in forms), "")
    if not noun and words and stem(words[-1]) in forms:
        noun = stem(words[-1])
    services: list[str] = lexicon()["words"]["service"]
    kind = "-".join(words) or "resource"
    form = forms.get(noun) or f"{toolkit.replace('_', '')}:{{region}}:{{account}}:{kind}/{{name}}"
    digits = f"{wide(bits, 91):016x}{wide(bits, 92):016x}"
    filled = form.format(
        region=region_of(story, "aws"),
        account=account_of(story),
        name=f"{services[mix(bits, 93) % len(services)]}-{noun or words[-1] if words else 'resource'}",
        uuid=f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}",
        hex17=f"0{digits[:16]}",
    )
    return f"arn:aws:{filled}"


def is_arn(name: str) -> bool:
    """Whether a field's name says that it holds an ARN."""
    return split(name)[-1:] == ("arn",)
