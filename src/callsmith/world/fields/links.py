"""Fields that hold a link, a branch or another name under which a record is reached."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog import data
from callsmith.records import Json, Scene
from callsmith.seeds import number
from callsmith.world.fields.choices import at_place
from callsmith.world.fields.identity import base62, styled
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, stem
from callsmith.world.stories.relations import referred
from callsmith.world.stories.stages import is_draft
from callsmith.world.stories.story import Story
from callsmith.world.stories.wording import plural

_PLAIN_LINK = {"url", "uri", "link", "href", "html", "web", "view", "self", "permalink", "api", "resource", "browser",
               "scheduling", "booking", "hosted", "profile", "page"}  # fmt: skip


def _given(site: Site) -> list[str]:
    """Forms of the address that people give to such a thing themselves; empty where the product makes it up."""
    taken = any(
        parameter.sets == site.pointer and parameter.facet == "url"
        for tool in site.toolset.tools
        if tool.entity == site.entity.key and tool.deed == "create"
        for parameter in tool.inputs
    )
    return urls_of(site.entity.noun) if taken else []


def urls_of(noun: str) -> list[str]:
    """Forms of the addresses that things of a noun are of; empty where nobody would know one."""
    lines = data.read("catalog/lexicon/urls.yaml")["urls"]
    return next(
        (line["values"] for line in lines if noun in line["nouns"] or noun.split(" ")[-1] in line["nouns"]),
        [],
    )


def given_url(forms: Sequence[str], scene: Scene, bits: int) -> str:
    """One of the addresses of the forms."""
    known = data.read("catalog/lexicon/urls.yaml")
    words, sites = known["words"], known["sites"]
    return (
        forms[mix(bits, 61) % len(forms)]
        .replace("{house}", scene.domain)
        .replace("{site}", sites[mix(bits, 62) % len(sites)])
        .replace("{word}", words[mix(bits, 63) % len(words)])
    )


def _site_of(story: Story) -> str:
    """The address of what a record is of: www.harbour-kitchen.example."""
    name = ascii_slug(story.title, "-").strip("-")
    return f"https://www.{name}.example" if name else ""


def _of_its_own(site: Site, words: set[str]) -> bool:
    """Whether a link leads to the website that a record has, and not to the record on the web."""
    if not site.own or not words & {"website", "homepage", "web"} or words & {"view", "app", "ui", "console"}:
        return False
    reached = any(field.facet in ("phone", "email") for field in site.entity.fields)
    return bool(words & {"website", "homepage"}) or reached


def url_leaf(site: Site) -> tuple[Fill, bool]:
    words = set(site.words)
    if words & {"organization", "organisation", "workspace", "account"} and site.family not in ("company",):
        return house_leaf(site)
    if words & {"hangout", "meet", "join", "conference", "video"}:

        def call(story: Story) -> Json:
            if "location" in site.around and at_place(story):
                return site.absent
            if "location" not in site.around and (not story.others or mix(story.bits, 29) % 3 == 0):
                return site.absent
            code = base62(story.bits, 10).lower()
            return f"https://meet.{story.population.scene.domain}/{code[:3]}-{code[3:7]}-{code[7:]}"

        return call, False
    if _of_its_own(site, words) and unfamiliar(site.toolset, site.entity.toolkit):
        return (lambda story: _site_of(story) or site.absent), True
    if given := _given(site):
        return (lambda story: given_url(given, story.population.scene, story.bits)), False
    noun = stem(site.entity.key.rsplit(".", 1)[-1])
    told = [word for word in site.words if word not in ("url", "uri", "link")]
    about = referred("_".join(told), site.entity.toolkit, site.toolset)
    several = bool(told) and singular(told[-1]) != told[-1]  # where the record's own ones are listed
    if about and about != site.entity.key and not several:
        return _link_to(site, about)
    host = "api" if words & {"self", "api"} or words == {"url"} and site.family == "issue" else "app"
    rest = [word for word in site.words if word not in _PLAIN_LINK and word not in noun.split("_")]
    tail = "/" + "-".join(rest) if rest and site.own else ""

    keyed = site.entity.id_pointer.endswith("/key")

    bill = site.family == "invoice" and site.nullable

    def run(story: Story) -> Json:
        if bill and is_draft(story):
            return None
        where = (story.key if keyed else "") or story.id or str(story.number)
        where = where.rstrip("/").rsplit("/", 1)[-1]
        where = ascii_slug(where, "-") if " " in where else where
        if story.family in ("person", "house", "label") and not noun:
            name = (
                story.subject.username
                if story.subject and story.family == "person"
                else ascii_slug(story.title, "-")
            )
            return f"https://{host}.{site.entity.toolkit}.example/{name}{tail}"
        return f"https://{host}.{site.entity.toolkit}.example/{address_of(story, noun, where)}{tail}"

    return run, True


def address_of(story: Story, noun: str, where: str) -> str:
    """The path of a record: its kind and its name, below what it lies in where only that makes the name unique."""
    path = f"{plural(noun or 'item').replace('_', '-')}/{where}"
    if story.container is not None and where == str(story.number) and story.container.id:
        return f"{story.container.id.rstrip('/').rsplit('/', 1)[-1]}/{path}"
    return path


def _link_to(site: Site, key: str) -> tuple[Fill, bool]:
    """A link to another record."""
    noun = stem(key.rsplit(".", 1)[-1])

    def run(story: Story) -> Json:
        target = story.links.get(key)
        if target is None:
            return (
                site.absent
                if not site.required or site.nullable
                else f"https://app.{site.entity.toolkit}.example/{plural(noun)}"
            )
        where = (target.id or str(target.number)).rstrip("/").rsplit("/", 1)[-1]
        return f"https://app.{site.entity.toolkit}.example/{address_of(target, noun, where)}"

    return run, True


def branch_leaf(site: Site) -> tuple[Fill, bool]:
    base = "base" in site.around
    labelled = "label" in site.words
    base = base or site.family == "repo"

    def run(story: Story) -> Json:
        words = [
            word
            for word in ascii_slug(story.title, " ").split()
            if word not in ("the", "in", "to", "of", "when", "is")
        ]
        name = "main" if base else "-".join(words[:4])
        return f"{ascii_slug(story.population.scene.company.split()[0])}:{name}" if labelled else name

    return run, True


def house_leaf(site: Site) -> tuple[Fill, bool]:
    """A link to the company itself, the same everywhere."""
    pattern = site.schema.get("pattern")

    def run(story: Story) -> Json:
        company = story.population.scene.company
        if pattern:
            return styled(site.schema, number(site.entity.toolkit, company))
        return f"https://api.{site.entity.toolkit}.example/organizations/{ascii_slug(company, '-')}"

    return run, True
