"""What people and assistants may not say: names of tools and parameters, and words of another language."""

from __future__ import annotations

import pytest
from tests.made import first_request, rows, user_texts

from callsmith.recipes.leaks import leaked
from callsmith.tongue import foreign

TOOLS = [
    {
        "name": "gmail_messages_send",
        "parameters": {"type": "object", "properties": {"thread_id": {}, "to": {}}},
    },
    {"name": "getWeather", "parameters": {"type": "object", "properties": {"maxResults": {}, "city": {}}}},
    {"name": "search", "parameters": {}},
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("use gmail_messages_send for it", "gmail_messages_send"),
        ("Gmail_Messages_Send it", "gmail_messages_send"),
        ("call getWeather for Porto", "getWeather"),
        ("the thread_id is 5", "thread_id"),
        ("with maxResults of 5", "maxResults"),
        ("search for the city, to get weather", ""),
        ("mail thread_id@corvid.example", ""),
        ("my gmail_messages_sender", ""),
    ],
)
def test_names_as_a_schema_spells_them_are_leaks(text: str, name: str) -> None:
    assert leaked(text, TOOLS) == name


def test_people_of_the_embedded_voice_leak_nothing_and_speak_english() -> None:
    for row in rows():
        for text in user_texts(row.conversation):
            assert not leaked(text, row.conversation.tools), first_request(row.conversation)
            assert not foreign(text, "en-GB"), text


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("Können Sie mir bitte zeigen, was noch auf der Liste ist?", "de"),
        ("Est-ce que vous pouvez envoyer le devis à Marie avec les plans ?", "fr"),
        ("¿Puede enviar el presupuesto a María para que lo vea con las otras?", "es"),
        ("帮我看看后天从上海飞北京的票", "Cjk"),
        ("Could you send Zoë the “Angebot für die Firma” PDF from yesterday?", ""),
        ("Der, Die, Das GmbH", ""),
        ("ok", ""),
        ("Email 王小明 at wang@corvid.example about the lease, please.", ""),
    ],
)
def test_another_language_is_noticed(text: str, tongue: str) -> None:
    assert foreign(text, "en-GB") == tongue
