"""Text messages: how they read, what they take, and a real gateway that answers as told."""

import json
from datetime import timedelta
from types import ModuleType

import pytest
from msgspec import structs

from parvis import clock
from parvis.notify.channels import channels_of
from parvis.notify.settings import Settings
from parvis.notify.telling import tell
from parvis.outbox import letters
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis_sdk import sms_segments
from parvis_sdk.channels import Channel, OutgoingMessage
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Rescheduled
from parvis_sdk.hooks import hookimpl
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text

from .test_plugin import NOTIFY

SHORT = "https://parvis.example/t/7K3M9QXT4qmf5vvdspmv7jwy8b4r7wk"
BY_TEXT = Requester(name="Zoé Côté", phone="+15145550101", preferred_channel="sms")


def channel(gateway, **more) -> Channel:
    given = {
        "sms_url": gateway.url,
        "sms_secret": "s3cret-of-the-town",
        "sms_sender": "+15145550100",
        "sms_headers": {"authorization": "Bearer {secret}"},
        "sms_seconds": 0.3,
        **more,
    }
    return channels_of(Settings(**given))[1]


@pytest.fixture
def text():
    return OutgoingMessage(
        id="01938f3e-0000-7000-8000-000000000001",
        channel="sms",
        to="+15145550101",
        subject="Requête 7K3M-9QXT-4 : c’est réglé",
        text='Ville de Parvis. "Réglé" à l’œil {secret}\n' + SHORT,
        language="fr",
        reference="7K3M-9QXT-4",
    )


async def test_the_gateway_gets_what_the_settings_say_and_its_number_is_the_receipt(gateway, text):
    assert await channel(gateway).send(text) == "SM42"
    [(method, path, headers, body)] = gateway.taken
    assert (method, path) == ("POST", "/v1/messages")
    assert headers["authorization"] == "Bearer s3cret-of-the-town"
    assert headers["idempotency-key"] == text.id
    assert headers["user-agent"].startswith("Parvis/")
    assert json.loads(body) == {"to": "+15145550101", "from": "+15145550100", "text": text.text}


async def test_other_gateways_take_forms_addresses_and_passwords(gateway, text):
    body = {"To": "{to}", "Body": "{text}", "options": "a=1&b=2"}
    await channel(gateway, sms_encoding="form", sms_body=body, sms_user="AC1", sms_headers={}).send(text)
    await channel(gateway, sms_encoding="query", sms_method="GET", sms_body={"m": "{text}", "n": "{to}"}).send(text)
    (_, _, headers, form), (method, address, _, nothing) = gateway.taken
    assert headers["authorization"].startswith("Basic ")
    assert b"To=%2B15145550101&Body=Ville+de+Parvis" in form
    assert b"options=a%3D1%26b%3D2" in form
    assert (method, nothing) == ("GET", b"")
    assert address.startswith("/v1/messages?m=Ville%20de%20Parvis") or address.startswith("/v1/messages?m=Ville+de")


async def test_a_busy_gateway_is_left_alone_as_long_as_it_asks(gateway, text):
    gateway.answers = [(503, {"Retry-After": "120"}, b"busy"), (429, {}, b""), (500, {}, b"")]
    waits = []
    for _ in range(3):
        with pytest.raises(Later) as later:
            await channel(gateway).send(text)
        waits.append(later.value.retry_after)
    assert waits == [timedelta(seconds=120), None, None]


async def test_a_date_to_come_back_at_is_understood(gateway, text):
    from datetime import UTC, datetime

    gateway.answers = [(503, {"Retry-After": "Wed, 25 Nov 2026 15:05:00 GMT"}, b"")]
    with clock.moved_to(datetime(2026, 11, 25, 15, 0, tzinfo=UTC)), pytest.raises(Later) as later:
        await channel(gateway).send(text)
    assert timedelta(minutes=4) < later.value.retry_after <= timedelta(minutes=5)


@pytest.mark.parametrize("trouble", ["drop", "silence"])
async def test_a_gateway_that_hangs_up_or_says_nothing_is_tried_later_only_if_it_takes_a_message_once(
    gateway, text, trouble
):
    gateway.answers = [trouble, trouble]
    with pytest.raises(Later):
        await channel(gateway, sms_once=True).send(text)
    with pytest.raises(Refused, match="may have arrived"):
        await channel(gateway).send(text)


@pytest.mark.parametrize("status", [401, 403, 404, 302])
async def test_what_the_town_can_cure_is_no_fault_of_the_message(gateway, text, status):
    gateway.answers = [(status, {"location": "http://127.0.0.1:1/"}, b"who are you, s3cret-of-the-town?")]
    with pytest.raises(Later, match="does not know us") as later:
        await channel(gateway).send(text)
    assert "s3cret" not in str(later.value)


async def test_a_number_that_the_gateway_does_not_take_is_refused(gateway, text):
    gateway.answers = [(422, {}, b"landline")]
    with pytest.raises(Refused, match="422 landline"):
        await channel(gateway).send(text)
    for number in ("5145550101", "+1", "+1514555010x"):
        with pytest.raises(Refused, match="not one"):
            await channel(gateway).send(structs.replace(text, to=number))
    assert len(gateway.taken) == 1


async def test_a_long_answer_is_not_read_to_its_end(gateway, text):
    gateway.answers = [(200, {}, b'{"id": "' + b"x" * 2_000_000)]
    assert await channel(gateway).send(text) == "HTTP 200"


async def test_plain_letters_are_sent_where_the_town_says_so(gateway, text):
    await channel(gateway, sms_letters="plain").send(text)
    sent = json.loads(gateway.taken[0][3])["text"]
    assert "à l'oeil" in sent
    assert sms_segments.count(sent).alphabet == "GSM-7"


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("é" * 160, "GSM-7", 160, 1),
        ("é" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("ê" * 70, "UCS-2", 70, 1),
        ("ê" * 71, "UCS-2", 71, 2),
        ("ê" * 134, "UCS-2", 134, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_parts_are_counted_as_they_are_paid(text, alphabet, units, parts):
    assert sms_segments.count(text) == sms_segments.Count(alphabet=alphabet, units=units, parts=parts)


def test_plain_letters_lose_only_what_the_alphabet_lacks():
    assert sms_segments.plain("Ça « été » reçu : forêt, œuf… 5 € 😀") == 'Ça " été " recu : foret, oeuf... 5 € ?'
    assert sms_segments.count(sms_segments.plain("Ωêîôûçëï’\u202f")).alphabet == "GSM-7"


def by_text(request_with, **more):
    request = request_with(requester=BY_TEXT, followers=(), short_url=SHORT, **more)
    town = structs.replace(request.jurisdiction, channels=("email", "sms"))
    return structs.replace(request, jurisdiction=town)


async def test_a_text_message_is_short_and_carries_both_links(submitted, moved, replied, request_with):
    texts = {"plan": (Text(fr="Signalement {reference} : travaux prévus"), Text(fr="{reason}\n\nSuivre : {link}"))}
    why = "Le trou sera comblé à chaud dès que la météo le permet, au plus tard mardi matin, et la rue restera ouverte."
    [message] = (await tell.handler(moved(given={"reason": why}), by_text(request_with, texts=texts))).messages
    assert (message.channel, message.to, message.html) == ("sms", "+15145550101", "")
    first, link, stop = message.text.split("\n")
    assert first.startswith("Ville de Parvis. Signalement 7K3M-9QXT-4 : travaux prévus. Le trou sera comblé")
    assert link == SHORT
    assert stop == f"Arrêter\u00a0: {SHORT}/stop"
    assert sms_segments.count(message.text).parts <= 5
    assert sms_segments.count(sms_segments.plain(message.text)).parts <= 3
    [english] = (await tell.handler(submitted, by_text(request_with, language="en"))).messages
    assert english.text.startswith("Town of Parvis. Request 7K3M-9QXT-4 received. Promised by December 2, 2026")
    assert f"Stop: {SHORT}/stop" in english.text
    [answer] = (await tell.handler(replied, by_text(request_with, words="mot " * 100))).messages
    assert "mot mot…" in answer.text
    assert "vous a écrit" not in answer.text
    asked = {"need": (Text(fr="Une question"), Text(fr="Pour continuer, il nous manque une précision :\n\n{reason}"))}
    event = moved("need", given={"reason": "De quel côté?"})
    [question] = (await tell.handler(event, by_text(request_with, texts=asked))).messages
    assert "Une question. De quel côté?\n" in question.text
    event = moved("need", given={"reason": "Le mien"}, actor="requester")
    [own] = (await tell.handler(event, by_text(request_with, texts=asked))).messages
    assert "Pour continuer" in own.text
    event = Rescheduled(id="e9", reference="7K3M-9QXT-4", at=submitted.at, actor="agent", entry=3)
    [later] = (await tell.handler(event, by_text(request_with, words="Le dégel tarde."))).messages
    assert "Nouvelle date promise : le 2 décembre 2026. Le dégel tarde." in later.text


async def test_a_confidential_text_message_says_nothing_of_the_matter(moved, request_with):
    request = by_text(request_with, type_title=Text(fr="Bruit", en="Noise"))
    hidden = structs.replace(request, requester=structs.replace(BY_TEXT, mode="confidential"))
    [message] = (await tell.handler(moved(given={"reason": "Le voisin a reçu une lettre"}), hidden)).messages
    for secret in ("Zoé", "Bruit", "voisin", "Saint-Urbain", "Travaux"):
        assert secret not in message.text + message.subject


async def test_who_wanted_text_messages_is_reached_otherwise_where_there_are_none(moved, request_with):
    outcome = await tell.handler(moved(), request_with(requester=BY_TEXT, followers=()))
    assert outcome.messages == ()
    assert outcome.by_hand.way == "phone"  # somebody of the town is to call
    both = structs.replace(BY_TEXT, email="zoe@exemple.ca")
    [mail] = (await tell.handler(moved(), request_with(requester=both, followers=()))).messages
    assert mail.channel == "email"


async def test_who_stopped_messages_gets_no_text_message(moved, submitted, request_with):
    request = by_text(request_with, stopped=True)
    assert await tell.handler(moved(), request) is None
    assert await tell.handler(submitted, request) is None


@pytest.mark.parametrize(
    ("settings", "channels"),
    [
        ({}, {"email"}),
        ({"mode": "mailbox"}, {"email", "sms"}),
        ({"mode": "console"}, {"email", "sms"}),
        ({"sms_url": "https://sms.example/send"}, {"email", "sms"}),
    ],
)
def test_text_messages_are_there_where_something_carries_them(settings, channels):
    plugins = load_plugins([NOTIFY], settings_from({"notify": settings}, {}))
    assert plugins.troubles == ()
    assert set(plugins.channels) == channels == set(plugins.channels_of(()))


@pytest.mark.parametrize(
    "settings",
    [{"sms_url": "sms.example"}, {"sms_body": {"to": "{to}"}}, {"sms_body": {"m": "{text}"}, "sms_headers": {}}],
)
def test_settings_that_could_send_nothing_are_told_when_the_house_opens(settings):
    plugins = load_plugins([NOTIFY], settings_from({"notify": {"sms_url": "https://sms.example/", **settings}}, {}))
    assert "notify" not in plugins.by_name
    assert any("sms_" in str(trouble) for trouble in plugins.troubles)


def test_a_plugin_may_bring_the_channel_to_the_towns_that_have_it():
    class Pigeon:
        name = "sms"

        async def send(self, message):
            return "released"

    module = ModuleType("pigeons")
    module.channels = hookimpl(lambda: [Pigeon()])
    pigeons = DiscoveredPlugin.of("pigeons", module)
    plugins = load_plugins([NOTIFY, pigeons], settings_from({}, {}))
    assert plugins.channels_of(None) == plugins.channels_of(("pigeons",)) == ("email", "sms")
    assert plugins.channels_of(()) == ("email",)
    both = load_plugins([NOTIFY, pigeons], settings_from({"notify": {"mode": "mailbox"}}, {}))
    assert both.channels_of(()) == ("email", "sms")
    assert both.by_name["pigeons"].channels == ()
    assert any("the channel 'sms'" in str(trouble) and trouble.plugin == "pigeons" for trouble in both.troubles)


async def test_the_secret_may_lie_in_a_file_and_the_body_in_the_environment(tmp_path):
    (tmp_path / "secret").write_text("hush\n")
    environ = {
        "PARVIS_NOTIFY_SMS_URL": "https://sms.example/",
        "PARVIS_NOTIFY_SMS_SECRET_FILE": str(tmp_path / "secret"),
        "PARVIS_NOTIFY_SMS_BODY": '{"dest": "{to}", "msg": "{text}", "flash": false}',
    }
    plugins = load_plugins([NOTIFY], settings_from({}, environ))
    settings = plugins.by_name["notify"].settings
    assert settings.sms_secret == "hush"
    assert settings.sms_body == {"dest": "{to}", "msg": "{text}", "flash": False}


async def test_a_text_message_lands_in_the_mailbox_with_what_it_takes(database, text):
    await channels_of(Settings(mode="mailbox"))[1].send(text)
    [letter] = await letters.letters(to="+15145550101")
    assert (letter.channel, letter.headers["Alphabet"], letter.headers["Parts"]) == ("sms", "UCS-2", "2")
