"""Fields that hold words: bodies, descriptions, file names, places, links, colours and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable

from callsmith.catalog import data
from callsmith.records import Json
from callsmith.world.fields.addresses import address_leaf, in_address
from callsmith.world.fields.clouds import cloud_of
from callsmith.world.fields.identity import styled
from callsmith.world.fields.links import branch_leaf, url_leaf
from callsmith.world.fields.measures import built_in, unfamiliar
from callsmith.world.fields.places import city_leaf, looked_for, place_leaf
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.scene import ascii_slug
from callsmith.world.stories.dice import mix, wide
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import stem
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.remarks import booked, prose
from callsmith.world.stories.stages import is_draft
from callsmith.world.stories.story import Story
from callsmith.world.stories.telling import body_of, snippet_of

_BODY = {
    "body",
    "description",
    "content",
    "text",
    "notes",
    "note",
    "message",
    "comment",
    "details",
    "markdown",
}
_LOOSE = {"content", "text", "details", "message", "note", "comment"}  # prose only where they end a name
_SAID_WITH = ("message", "note", "notes", "comment", "instructions")  # of an order: not what it is for
_TITLE = {"name", "title", "summary", "subject", "label", "headline"}


def text_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The words a field holds, when its name or facet tells."""
    kinds = site.types
    if "array" in kinds:
        return _several(site)
    if "string" not in kinds:
        return None
    words = set(site.words)
    for fits, make in _RULES:
        if fits(site, words):
            return make(site)
    return None


def _several(site: Site) -> tuple[Fill, bool] | None:
    words = {stem(word) for word in site.words}
    toolkit = site.entity.toolkit

    def _label_names(story: Story) -> list[str]:
        for key, kind in story.population.kinds.items():
            if kind.family.name == "label" and kind.entity.toolkit == toolkit:
                return [other.title for other in story.population.stories(key)]
        return []

    items = site.schema.get("items", {})
    if words & {"label", "tag"} and "string" in (items.get("type"),):

        def tags(story: Story) -> Json:
            if mix(story.bits, 67) % 2:
                return []
            known = _label_names(story)
            names = known or _tags(story)
            return [names[mix(story.bits, 68) % len(names)]]

        return tags, False
    return None


def _tags(story: Story) -> tuple[str, ...]:
    tags: dict[str, list[str]] = data.read("catalog/lexicon/titles.yaml")["tags"]
    if is_technical(story.population.toolset, story.entity.split(".")[0]) and story.kind != "code":
        return tuple(tags["machine"])
    return tuple(tags.get(story.kind) or tags["any"])


def _is_body(site: Site, words: set[str]) -> bool:
    if site.words and site.words[-1] in _BODY or site.facet == "body":
        return True
    return bool(words & (_BODY - _LOOSE))


def _body(site: Site) -> tuple[Fill, bool]:
    often = (
        site.required
        and not site.nullable
        or site.family in ("mail", "draft", "chat", "comment", "worklog", "issue")
    )

    if not site.required and (not site.own or set(site.around) & {"quoted", "quote"}):
        return (lambda story: site.absent), False

    if site.family in NO_TEXT:
        return _about(site)
    strange = unfamiliar(site.toolset, site.entity.toolkit)
    if strange and (not prose(site.words, site.entity.noun) or booked(site.entity, site.family)):
        return (lambda story: "" if site.required and not site.nullable else site.absent), True
    if site.family == "notice" and site.pointer == site.entity.label_pointer:
        return (lambda story: story.title), False  # it is what it says
    if site.family == "dialog":
        return (lambda story: _last_said(story) or site.absent), False

    def run(story: Story) -> Json:
        if not often and (
            mix(story.bits, 83) % 5 < 2 or not story.topic and story.kind not in ("code", "friend")
        ):
            return site.absent
        if not story.topic and story.kind in ("own", "any") and story.family not in ("product", "price"):
            return "" if site.required and not site.nullable else site.absent
        if story.family in ("payment", "invoice", "refund", "subscription"):
            return site.absent if site.name in _SAID_WITH else story.title
        return body_of(story)

    return run, False


NO_TEXT = (*PEOPLE, "company", "label", "section", "board", "calendar", "phone_line", "hours", "membership",
            "permission", "group", "repo", "coupon")  # fmt: skip


def _about(site: Site) -> tuple[Fill, bool]:
    """People and places for things have no text of their own; a company says what it is."""

    def run(story: Story) -> Json:
        scene = story.population.scene
        if site.family == "company":
            return f"{scene.company}, {scene.industry} in {scene.city}"
        return "" if site.required and not site.nullable else site.absent

    return run, True


def _last_said(story: Story) -> str:
    for key, children in story.children.items():
        if story.population.kinds[key].family.name == "chat" and children:
            return children[-1].title
    return ""


def _beside_a_title(site: Site) -> bool:
    """Whether a record has another name than this, of which this says more."""
    other = site.entity.label_pointer not in ("", site.pointer)
    return other and not built_in(site.entity.toolkit)


def _more_told(site: Site) -> tuple[Fill, bool]:
    """A summary of what has a title: of a machine's matters nobody knows more than that."""
    return _body(site) if unfamiliar(site.toolset, site.entity.toolkit) or site.required else _nothing(site)


def _snippet(site: Site) -> tuple[Fill, bool]:
    return (lambda story: snippet_of(story)), False


def _title(site: Site) -> tuple[Fill, bool]:
    if site.family in ("patron", "staff") and not set(site.words) & {"name", "label"}:
        return (lambda story: site.absent), False  # the subject of a teacher is what they teach
    return (lambda story: story.title), site.own


def _file_name(site: Site) -> tuple[Fill, bool]:
    return (lambda story: file_name(story)), True


def _mime(site: Site) -> tuple[Fill, bool]:
    return (lambda story: mime(story)), True


def _scene(name: str) -> Callable[[Site], tuple[Fill, bool]]:
    def make(site: Site) -> tuple[Fill, bool]:
        if name == "zone":
            return (lambda story: story.population.scene.time_zone), True
        if name == "currency":
            lower = "lower" in str(site.schema.get("description", "")).lower()
            return (
                lambda story: (
                    story.population.scene.currency.lower() if lower else story.population.scene.currency
                )
            ), True
        if name == "company" and site.own and site.pointer == site.entity.label_pointer:
            return _title(site)
        if name == "company":
            return (
                lambda story: (
                    story.subject.company or site.absent if story.subject else story.population.scene.company
                )
            ), False
        return (lambda story: "en"), True

    return make


def _styled(site: Site) -> tuple[Fill, bool]:
    return (lambda story: styled(site.schema, story.bits ^ site.salt)), True


_HEX = re.compile(r"\bhex|#[0-9a-f]{6}\b", re.IGNORECASE)
_HEXES = ("#3E63DD", "#30A46C", "#E5484D", "#F5D90A", "#8E4EC6", "#F76808", "#12A594", "#687076")


def _color(site: Site) -> tuple[Fill, bool]:
    if site.schema.get("pattern"):
        return _styled(site)
    shown = " ".join(map(str, site.schema.get("examples", ())))
    if _HEX.search(f"{site.schema.get('description', '')} {shown}"):
        return (lambda story: _HEXES[mix(story.bits, 43) % len(_HEXES)]), True
    colors = ("blue", "green", "red", "yellow", "purple", "orange", "teal", "grey")
    return (lambda story: colors[mix(story.bits, 43) % len(colors)]), True


def _merge_mark(site: Site) -> tuple[Fill, bool]:
    return (lambda story: f"{wide(story.bits, 5):016x}{wide(story.bits, 6):016x}{mix(story.bits, 7):08x}"
            if story.state == "done" else site.absent), True  # fmt: skip


def _full_name(site: Site) -> tuple[Fill, bool]:
    return (lambda story: f"{ascii_slug(story.population.scene.company.split()[0])}/{story.title}"), True


def _code_language(site: Site) -> tuple[Fill, bool]:
    return (
        lambda story: ("TypeScript", "Python", "Go", "Python", "Kotlin", "Ruby")[mix(story.bits, 45) % 6]
    ), True


def _bill_number(site: Site) -> tuple[Fill, bool]:
    return (
        lambda story: site.absent if is_draft(story) else styled(site.schema, story.bits ^ site.salt)
    ), True


def _due_words(site: Site) -> tuple[Fill, bool]:
    def run(story: Story) -> Json:
        local = story.population.clock.local(story.due or story.created)
        return f"{local.day} {local.strftime('%b')}"

    return run, False


def _statement(site: Site) -> tuple[Fill, bool]:
    return (lambda story: story.population.scene.company.upper()[:22]), True


def _version(site: Site) -> tuple[Fill, bool]:
    return (lambda story: str(1 + mix(story.bits, 27) % 60)), True


def _nothing(site: Site) -> tuple[Fill, bool]:
    return (lambda story: site.absent), True


def _optional_unknown(site: Site, words: set[str]) -> bool:
    return not site.required and bool(
        words
        & {"recurring", "recurrence", "line2", "etag", "token", "hash", "key", "secret", "cursor", "error"}
    )


_EXTENSIONS = (
    ("application/pdf", ".pdf"), ("application/vnd.google-apps.document", ""), ("text/csv", ".csv"),
    ("application/vnd.google-apps.spreadsheet", ""), ("image/png", ".png"), ("image/jpeg", ".jpg"),
    ("application/vnd.google-apps.presentation", ""), ("application/pdf", ".pdf"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
)  # fmt: skip
_SENDABLE = (0, 2, 4, 7, 8, 9, 0)


def mime(story: Story) -> str:
    """The media type of a story's file."""
    known = story.traits.get("mime")
    if known is None:
        draw = mix(story.bits, 19)
        place = draw % len(_EXTENSIONS) if story.family == "file" else _SENDABLE[draw % len(_SENDABLE)]
        pictures = any(word in story.title.lower() for word in ("photo", "mock-up"))
        if place in (4, 5) and not pictures or pictures and "photo" in story.title.lower():
            place = 5 if pictures else 0
        known = story.traits["mime"] = _EXTENSIONS[place][0]
    return str(known)


def file_name(story: Story) -> str:
    """The story's title as a file name whose ending fits its media type."""
    kind = mime(story)
    ending = next((tail for name, tail in _EXTENSIONS if name == kind), "")
    if not ending or story.title.endswith(ending):
        return story.title
    return story.title.replace("/", "-").replace(":", "").replace("?", "") + ending


_RULES: tuple[tuple[Callable[[Site, set[str]], bool], Callable[[Site], tuple[Fill, bool]]], ...] = (
    (lambda s, w: bool(w & {"timezone"}) or {"time", "zone"} <= w or s.facet == "time_zone", _scene("zone")),
    (lambda s, w: "currency" in w or s.facet == "currency", _scene("currency")),
    (lambda s, w: bool(w & {"filename"}) or {"file", "name"} <= w or s.facet == "file_name", _file_name),
    (
        lambda s, w: "mime" in w or s.facet == "mime" or {"file", "type"} <= w or {"content", "type"} <= w,
        _mime,
    ),
    (
        lambda s, w: (
            s.schema.get("format") == "uri" or bool(w & {"url", "link", "href", "uri"}) or s.facet == "url"
        ),
        url_leaf,
    ),
    (lambda s, w: "snippet" in w or "preview" in w or "excerpt" in w, _snippet),
    (lambda s, w: w <= {"city", "location", "town"} and s.own and looked_for(s.entity.noun), city_leaf),
    (
        lambda s, w: (
            bool(w & {"line1", "street", "city", "country", "postal", "zip", "postcode"})
            or "address" in s.around
            and bool(w & {"state", "line2", "line", "town"})
            or in_address(s)
        ),
        address_leaf,
    ),
    (lambda s, w: s.facet == "city", city_leaf),
    (
        lambda s, w: (
            (bool(w & {"location", "place", "room", "venue"}) or s.facet == "place")
            and cloud_of(s.toolset, s.entity.toolkit) == "plain"  # clouds lie in regions, not in rooms
        ),
        place_leaf,
    ),
    (lambda s, w: bool(w & {"color", "colour"}), _color),
    (lambda s, w: bool(w & {"company", "organization", "organisation"}), _scene("company")),
    (lambda s, w: w >= {"merge", "sha"}, _merge_mark),
    (
        lambda s, w: bool(w & {"ref", "branch"}) or w == {"label"} and bool({"head", "base"} & s.around),
        branch_leaf,
    ),
    (lambda s, w: w == {"login"} and s.family == "house", _title),
    (lambda s, w: w == {"full", "name"} and s.family == "repo", _full_name),
    (lambda s, w: w == {"language"} and s.family == "repo", _code_language),
    (lambda s, w: w == {"number"} and s.family == "invoice", _bill_number),
    (_optional_unknown, _nothing),
    (lambda s, w: bool(w & {"locale", "language", "lang"}), _scene("locale")),
    (lambda s, w: w == {"string"} and "due" in s.around, _due_words),
    (lambda s, w: "statement" in w and len(w) > 1, _statement),
    (lambda s, w: w >= {"unit", "label"}, _nothing),
    (lambda s, w: w == {"version"} and "string" in s.types, _version),
    (lambda s, w: bool(s.schema.get("pattern")) and (s.required or not s.nullable), _styled),
    (_is_body, _body),
    (lambda s, w: w == {"summary"} and _beside_a_title(s), _more_told),
    (lambda s, w: bool(w & _TITLE) and (s.own or s.required), _title),
)
