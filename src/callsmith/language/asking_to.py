"""How users ask for things to be made, changed, removed and connected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.sorts import mark_of
from callsmith.language.addressing import lying
from callsmith.language.asking_for import REMARKS
from callsmith.language.breath import due, goods, in_order, one_person, plainly_set, to_be_done, to_whom, ware
from callsmith.language.grammar import mark, unmarked
from callsmith.language.joining import connection, made_of, name_parts, said_alone, with_later, within
from callsmith.language.moods import mood, mood_first, scope_words
from callsmith.language.named_details import how_many, moment_of, names_firm, plain_title
from callsmith.language.ordering import order_request, ordered
from callsmith.language.relating import chosen, kept_for
from callsmith.language.routes import end_of, ends_first, from_before_to, holder_end
from callsmith.language.spans import at_a_time
from callsmith.language.voicing import Voicing
from callsmith.language.words import UNCOUNTED, humanised, lexicon, listed, number_word, with_article
from callsmith.meaning import Ask, Detail
from callsmith.plan.bearing import bearer_of
from callsmith.plan.known import COPYING, takes_place

_CONTINUING = re.compile(r" (?:[a-z]+\b|[\"(]|$)|$")


def family(noun: str) -> str:
    table = {
        "event": ("event", "meeting", "appointment", "invitation"), "task": ("task", "subtask", "todo", "reminder"),
        "document": ("document", "doc", "file", "folder", "spreadsheet", "sheet"),
        "money": ("invoice", "payment", "refund", "coupon", "price", "subscription", "charge", "invoice item"),
        "issue": ("issue", "ticket", "bug", "pull request"), "person": ("customer", "contact", "user"),
    }  # fmt: skip
    return next((name for name, nouns in table.items() if noun in nouns), "")


def create_request(voice: Voicing, ask: Ask) -> str:
    if (lines := ordered(ask)) is not None:
        return order_request(voice, ask, lines)
    details = one_person(voice, ask.details)
    voice.rng.shuffle(details)
    details.sort(
        key=lambda item: (
            not (item.facet == "title" or names_it(voice, ask, item)) or item.role != "sets",
            item.role == "names" and voice.chance(0.6),
        )
    )
    main = details[: voice.pick((1, 2, 2, 3, 3)) if len(details) > 1 else 1]
    # When and where belong to the thing itself and are no afterthought.
    main += [item for item in details if item not in main and (item.role == "names" or item.shape == "span")]
    main += [item for item in details if item not in main and moment_of(item) in ("from", "until")]
    main.sort(key=lambda item: {"from": 1, "until": 2}.get(moment_of(item), 0))
    own = name_parts(voice, ask)
    main += [
        item for item in details if item not in main and (item in own or end_of(item.parameter, item.facet))
    ]
    main = ends_first(main)
    _, said = goods(ask.noun, details, partial(plainly_set, voice))
    if said:  # what, for whom and when, in one breath
        whom = [item for item in details if item.facet == "person" and voice.related(item)]
        whom = [
            item for item in details if to_whom(item, ask.noun) or any(due(item.parameter)) or item in whom
        ]
        main += [item for item in [*said, *whom] if item not in main]
    main += [item for item in details if item not in main and not _left_for_later(voice, item)]
    np = made_noun(voice, ask, main)
    living = voice.personal(ask.noun) or any(map(is_itself, details))  # nobody makes a dog
    kind = "person" if living else family(ask.noun)
    verbs = f"create.V.{kind}" if kind and (living or voice.chance(0.7)) else "create.V"
    verb = ask.verb if ask.verb and voice.chance(0.15) else making(voice, ask, verbs)
    bare = voice.chance(0.4) and not re.search(r"\band (?:label|tag|give|assign|let|have) ", unmarked(np))
    text = _wished(voice, ask, np, verb) if bare else mood(voice, sent_for(verb, np))
    return with_later(voice, text, [item for item in details if item not in main])


def _wished(voice: Voicing, ask: Ask, np: str, verb: str) -> str:
    """A new thing asked for by name alone: a meeting is wanted, a member is there to be signed up."""
    if voice.personal(ask.noun) or any(map(is_itself, ask.details)):
        there = "add" if verb in ("create", "make") else verb
        return str(voice.say("create.state.person", np=np, verb=there))
    wanted = family(ask.noun) not in ("", "money") or kept_for(ask.noun) or takes_place(ask.noun)
    return str(voice.say("create.state" if wanted else "create.state.kept", np=np))


def sent_for(verb: str, thing: str) -> str:
    """A verb with its object: a document is sent for signature, and nobody sends for signature a document."""
    head, joint, end = verb.partition(" for ")
    return f"{head} {thing}{joint}{end}" if joint else f"{verb} {thing}"


def making(voice: Voicing, ask: Ask, verbs: str) -> str:
    """How one asks for something to be made: by the tool's own verb where that is what people say, as with a report."""
    own = ask.verb in lexicon("making") or " " in ask.verb
    return ask.verb if own else voice.say(verbs)


def create_several(voice: Voicing, asks: Sequence[Ask]) -> str:
    """Things of one sort in one breath: "a label called Clients and one called Travel"."""
    nouns: list[str] = []
    for ask in asks:
        details = one_person(voice, ask.details)
        voice.rng.shuffle(details)
        details.sort(key=lambda item: not names_it(voice, ask, item) or item.role != "sets")
        phrase = made_noun(voice, ask, ends_first(details))
        for head in (with_article(ask.noun), f"a new {ask.noun}"):
            if nouns and phrase.startswith(head):
                rest = phrase[len(head) :]
                rest = rest if _CONTINUING.match(unmarked(rest)) else f" called{rest}"  # "another Leo"
                phrase = voice.pick(("one", "another", "another one")) + rest
        nouns.append(phrase)
    kind = family(asks[0].noun)
    verb = making(voice, asks[0], f"create.V.{kind}" if kind else "create.V")
    joiner = voice.pick((" and ", ", and ", " and also ", ", plus "))
    return mood(voice, f"{verb} {joiner.join(nouns)}")


def made_noun(voice: Voicing, ask: Ask, details: Sequence[Detail], of: str = "") -> str:
    title = next((item for item in details if item.role == "sets" and names_it(voice, ask, item)), None)
    noun = ask.noun
    posts: list[str] = []
    attrs: list[str] = []
    whole = name_parts(voice, ask)
    itself = next(filter(is_itself, details), None)
    noun = voice.spoken(itself) if itself is not None else noun
    ordered_so, told = goods(noun, details, partial(plainly_set, voice))
    kept = [item for item in details if item not in told]
    for item in in_order(kept) if ordered_so else kept:
        if (
            item is title
            or item is itself
            or title in whole
            and item in whole
            or how_many(item)
            and itself is None
        ):
            continue
        post = voice.put(item, "post", noun)
        attr = voice.put(item, "attr") if post is None or voice.chance(0.4) else None
        if attr:
            attrs.append(attr)
        else:
            posts.append(post or "")
    noun, attrs = _by_sort(
        noun, sorted(attrs, key=lambda attr: unmarked(attr)[:1].isupper())
    )  # a male Beagle dog
    many = next((item for item in kept if how_many(item) and noun == ask.noun and ask.plural), None)
    posts.sort(key=lambda post: bool(_IN_THE_DAY.match(unmarked(post))))  # on Friday in the evening
    posts = from_before_to([_at_its_time(ask, post) for post in to_be_done(_with_once(posts))])
    one = " ".join(mark(str(part.values[0]), part.parameter) for part in whole) if title in whole else ""
    named = title_phrase(voice, ask, title, one) if title is not None else ""
    whole_noun = " ".join([*attrs, noun])
    plain = not voice.chance(0.15) or noun.endswith(UNCOUNTED)
    head = with_article(whole_noun) if plain else f"a new {whole_noun}"
    if many is not None:
        count = int(many.values[0])
        said = mark(number_word(count) if count == 1 else str(count), many.parameter)
        head = " ".join([said, *attrs, noun if count == 1 else ask.plural])
    if title is not None and not attrs and noun in ("event", "meeting", "appointment") and voice.chance(0.5):
        head, named = mark(f"{title.values[0]}", title.parameter), ""
        head = f'"{head}"' if len(str(title.values[0]).split()) > 3 else voice.pick((f'"{head}"', head))
    whole_said = " ".join(part for part in (head, named, ordered_so, of, *posts) if part)
    return whole_said.replace(") (", ", ")


def _at_its_time(ask: Ask, post: str) -> str:
    """What takes place at a time of which no end is said is for then; what goes on from then is "starting"."""
    ends = any(moment_of(item) == "until" for item in ask.details)
    whole = (takes_place(ask.noun) or kept_for(ask.noun)) and not ends
    return at_a_time(post.removeprefix("starting ")) if whole and post.startswith("starting ") else post


_IN_THE_DAY = re.compile(r"in the (?:morning|afternoon|evening)$")


def is_itself(item: Detail) -> bool:
    """Whether a quality of something new says what it is, so that it stands for the noun: a dog called Yuki."""
    if item.facet != "enum" or item.role != "sets" or item.shape != "value":
        return False
    sort = humanised(str(item.values[0])).lower()
    return "itself" in chosen(item.phrase or item.parameter, item.values) and sort not in lexicon("no_sorts")


def _adjective(item: Detail) -> bool:
    """Whether a quality is said by its value alone and so stands before the noun: a female dog."""
    if item.facet != "enum" or item.role != "sets" or item.shape != "value":
        return False
    form = chosen(item.phrase or item.parameter, item.values)
    return "attr" in form and "post" not in form


def _left_for_later(voice: Voicing, item: Detail) -> bool:
    """Whether a detail may be said after the rest: it is no quality, and makes a sentence of its own."""
    when = item.facet in ("date", "date_time", "time") and item.role == "sets" and not moment_of(item)
    return not (when or is_itself(item) or _adjective(item) or how_many(item)) and said_alone(voice, item)


def _by_sort(noun: str, attrs: list[str]) -> tuple[str, list[str]]:
    """The noun and what stands before it, where the sort alone says what it is: a van, not a van car."""
    sorts = read("language/en/relating.yaml")["themselves"].get(noun, ())
    own = next((attr for attr in attrs if unmarked(attr) in sorts), "")
    return (own, [attr for attr in attrs if attr != own]) if own else (noun, attrs)


def names_it(voice: Voicing, ask: Ask, item: Detail) -> bool:
    if names_firm(ask, item):
        return True
    return (item.facet == "title" and item.shape != "list" and not bearer_of(item.phrase)) or (
        item.facet == "person"
        and (voice.personal(ask.noun.split(" ")[-1]) or voice.personal(ask.noun))
        and _OWN_NAME.search(item.parameter) is not None
    )


_OWN_NAME = re.compile(r"names?$", re.IGNORECASE)


def _with_once(posts: Sequence[str]) -> list[str]:
    """What follows a noun, "with" said once: "for Ana with a note and the number 7"."""
    several = [post for post in posts if post.startswith("with ")]
    if len(several) < 2:
        return list(posts)
    rest = [post for post in posts if post not in several]
    return [*rest, "with " + listed([post.removeprefix("with ") for post in several])]


def title_phrase(voice: Voicing, ask: Ask, title: Detail, whole: str = "") -> str:
    text = str(title.values[0])
    value = whole or mark(text, title.parameter)
    if (
        ask.noun in ("task", "todo", "subtask", "reminder")
        and text[:1].isupper()
        and voice.chance(0.55)
        and _imperative(text)
    ):
        return f"to {mark(text[0].lower() + text[1:], title.parameter)}"
    namelike = ask.noun in lexicon("namelike") or voice.called_by_name(ask.noun) or names_firm(ask, title)
    bare = title.phrase.rpartition(" ")[2] in ("name", "nickname", "key")  # nobody speaks of its title
    symbol = "titled.name" if namelike else "titled.thing" if bare else "titled"
    symbol = f"titled.{ask.noun}" if voice.known(f"titled.{ask.noun}") else symbol
    said: str = voice.say(symbol, v=value)
    contact = _CONTACT.search(text) is not None  # somebody with their address, who is not quoted
    for _ in range(6):  # a title that would break the sentence stands in quotation marks
        if '"' not in said if contact else '"' in said or plain_title(text):
            break
        said = voice.say(symbol, v=value)
    return said


_CONTACT = re.compile(r" \([^() ]+@[^() ]+\)$")


def _imperative(text: str) -> bool:
    first = text.split()[0].lower()
    return first in lexicon("imperatives")


def connect_request(voice: Voicing, ask: Ask) -> str:
    assert ask.container is not None
    thing, place = voice.record(ask.targets[0]), voice.record(ask.container)
    kind = connection(voice, ask, ask.container)
    if kind in ("person", "follower", "label") and ask.container.label:
        place = mark(ask.container.label, "label")
    if kind == "person" and ask.container.title == voice.plan.scene.user.name:
        kind = "me"
    verb = "add" if ask.verb in ("", "update", "modify", "patch", "edit") else ask.verb
    return mood(voice, voice.say(f"connect.{kind}", T=thing, C=place + scope_words(voice, ask), V=verb))


def _prose(item: Detail) -> bool:
    """Whether what is set is written by people, and not read off a thing as a licence plate is."""
    text = item.facet in ("body", "text") and item.role == "sets"
    return text and not mark_of(name_words(item.parameter))


_PAPERS = ("credit note", "debit note", "delivery note", "dispatch note", "consignment note", "advice note",
           "promissory note", "sick note", "release note")  # fmt: skip
_OWN = (
    "title",
    "file_name",
    "amount",
    "amount_minor",
    "number",
    "count",
    "enum",
)  # what is more than its text


def _remark(ask: Ask) -> bool:
    """Whether what is made is its text and nothing else: a comment is left on a thing, and a ticket is not."""
    named = any(item.facet in _OWN for item in ask.details if item.role == "sets")
    remark = ask.noun.rpartition(" ")[2] in REMARKS and ask.noun not in _PAPERS
    booked = kept_for(ask.noun) or takes_place(ask.noun)  # its place is no remark
    return not (named or booked) and ask.noun not in _PAPERS or remark or ask.verb in ("reply", "respond")


def under_request(voice: Voicing, ask: Ask) -> str:
    """Making something inside, or attached to, another thing."""
    lines = ordered(ask)
    return _under(voice, ask) if lines is None else order_request(voice, ask, lines)


def _under(voice: Voicing, ask: Ask) -> str:
    assert ask.container is not None
    place = voice.record(ask.container) + scope_words(voice, ask)
    text_item = next(filter(_prose, ask.details), None)
    if text_item is not None and _remark(ask):
        gist = mark(str(text_item.values[0]), text_item.parameter)
        verb = "reply" if ask.verb in ("reply", "respond") else "comment"
        vp = voice.say(
            f"{verb}.vp",
            noun=ask.noun if verb == "comment" else "reply",
            a_noun=with_article(ask.noun),
            C=place,
            gist=gist,
            gist_quoted=f'"{gist}"',
        )
        rest = [item for item in ask.details if item is not text_item and item.role == "sets"]
        return with_later(voice, mood_first(voice, vp), rest)
    details = one_person(voice, [item for item in ask.details if item.role == "sets"])
    if ask.verb == "forward":
        to = next((item for item in details if item.facet in ("email", "phone")), None)
        if to is None:
            return mood(voice, voice.say("forward.open", C=place))
        copied = [item for item in details if item is not to]
        return with_later(voice, mood(voice, voice.say("forward.vp", C=place, who=voice.spoken(to))), copied)
    if said := _response(voice, place, details):
        return said
    title = next((item for item in details if item.facet in ("title", "file_name")), None)
    if ask.verb in COPYING and title is not None:
        quoted = f'"{mark(str(title.values[0]), title.parameter)}"'
        rest = [item for item in details if item is not title]
        return with_later(voice, mood_first(voice, voice.say("copy.vp", C=place, q=quoted)), rest)
    relation = made_of(voice, ask)
    if relation == "copy":
        return with_later(voice, mood(voice, voice.say("copy.open", C=place)), details)
    main, of_it = _at_first(voice, ask, details)
    later = [item for item in details if item not in main]
    preposition = relation or within(voice, ask.container.noun)
    if (end := holder_end(ask)) and not voice.personal(ask.container.noun) and relation != "copy":
        preposition = end
    elif preposition == "in" or preposition == "to" and kept_for(ask.noun):
        others = any(item.role == "names" and voice.personal(item.phrase) for item in ask.details)
        preposition = lying(ask.noun, ask.container.noun, ask.container.signs)
        preposition = "of" if preposition == "for" and others and kept_for(ask.noun) else preposition
    verbs = "create.V.person" if any(map(is_itself, details)) else "create.V"
    verb, preposition = making(voice, ask, verbs), "of" if of_it else preposition
    near = preposition in ("for", "on", "of", "about")  # a lift out for Gannet, on Friday
    np = made_noun(voice, ask, ends_first(main), f"{preposition} {place}" if near else "")
    np += "" if near else f" {preposition} {place}"
    return with_later(voice, mood(voice, sent_for(verb, np)), later)


def _response(voice: Voicing, place: str, details: Sequence[Detail]) -> str:
    """How one accepts or declines; "" where nothing of the sort is asked."""
    response = next((item for item in details if "response" in item.parameter.lower()), None)
    if response is None or not voice.known(f"respond.{response.values[0]}"):
        return ""
    rest = [item for item in details if item is not response]
    return with_later(voice, mood(voice, voice.say(f"respond.{response.values[0]}", T=place)), rest)


def _at_first(voice: Voicing, ask: Ask, details: Sequence[Detail]) -> tuple[list[Detail], bool]:
    """What is said in one breath with what is made, and whether that is so much of what it is made under."""
    ends = {"from": 1, "until": 2}  # both ends of a time in one breath
    of_it = ordered_from(voice, ask, details)
    main = [*details[:2], *[i for i in details[2:] if moment_of(i) in ends or end_of(i.parameter, i.facet)]]
    soon = [
        item for item in details if of_it and any(due(item.parameter)) or not _left_for_later(voice, item)
    ]
    main += [item for item in soon if item not in main]
    return sorted(main, key=lambda item: ends.get(moment_of(item), 0)), of_it


def ordered_from(voice: Voicing, ask: Ask, details: Sequence[Detail]) -> bool:
    """Whether what is made is so much of the thing it is made under: an order of 3 pots of lavender."""
    assert ask.container is not None
    counts = goods(ask.noun, details, partial(plainly_set, voice))[1]
    return (
        bool(counts)
        and all(item.facet in ("number", "count") for item in counts)
        and ware(ask.container.noun)
    )


def create_if_request(voice: Voicing, ask: Ask) -> str:
    """Making something at a time, if the time is free."""
    when = next(item for item in ask.details if item.shape == "span")
    rest = [item for item in ask.details if item is not when]
    made = made_noun(voice, ask, rest)
    verb = voice.say(f"create.V.{family(ask.noun)}" if family(ask.noun) else "create.V")
    return voice.say("create_if", when=voice.spoken(when), vp=f"{verb} {made}")
