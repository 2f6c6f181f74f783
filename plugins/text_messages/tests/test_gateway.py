"""A gateway that stands in a server of its own: what it signs is taken in, what anybody else says is not."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import httpx
import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, OwedContact
from parvis.http_client import Clients
from parvis.outbox.deliveries import write_message
from parvis.requests.attached.attachments import kept_of
from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis.sections import OutgoingSettings
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.signatures import signature
from parvis_testing.modules import switch
from parvis_text_messages.chores import go_on
from parvis_text_messages.media import _content
from parvis_text_messages.providers import twilio_signature
from parvis_text_messages.settings import Settings
from parvis_text_messages.statuses import standing_of
from parvis_text_messages.stops import stopped_among
from parvis_text_messages.tables import IncomingText, TextStatus

from .conftest import SECRET, SETTINGS

PATH = "/api/v1/text-messages"
NUMBER = "+15145550101"
ZOE = {"mode": "named", "name": "Zoé Côté", "phone": NUMBER, "preferred_channel": "sms"}
ADDRESS = "https://ville.example/api/v1/text-messages"
MESSAGE = {"type": "message", "id": "in-1", "from": NUMBER, "text": "Oui"}
pytestmark = pytest.mark.usefixtures("gateway")


@pytest.fixture
def gateway(api):
    """The town believes this gateway."""
    api.host.memory[Settings] = SETTINGS


async def calls(api, said, *, at=0, secret=SECRET, id="call-1"):
    """A call by the standard for webhooks."""
    body, now = msgspec.json.encode(said), int(clock.now().timestamp()) + at
    headers = {"webhook-id": id, "webhook-timestamp": str(now), "webhook-signature": signature(secret, id, now, body)}
    return await api.http.post(PATH, content=body, headers=headers)


async def by_twilio(api, form, *, secret="token", query="", address=ADDRESS):
    told = f"{address}?{query}" if query else address
    signed = twilio_signature(secret, told, {name: [value] for name, value in form.items()})
    headers = {"x-twilio-signature": signed, "content-type": "application/x-www-form-urlencoded"}
    return await api.http.post(f"{PATH}?{query}" if query else PATH, content=urlencode(form), headers=headers)


async def received(api, reference):
    record = await find(api.host, reference)
    return [each for each in await entries_of(record) if each.kind == "received"]


async def sent_out(api, reference, receipt="out-7"):
    """A text message that went out, and was taken by the gateway."""
    record = await find(api.host, reference)
    message = OutgoingMessage(
        channel="sms", to=NUMBER, subject="Réglée", text="Réglée.", language="fr", recipient="requester"
    )
    async with transaction(api.host.engine):
        id = await write_message(message, request=record.id, reference=reference)
        done = {Delivery.state: "done", Delivery.done_at: clock.now(), Delivery.external_reference: receipt}
        await Delivery.update(done).where(Delivery.id == id)
    return id


async def test_a_signed_message_stands_on_its_request_once(api):
    reference = (await api.filed(requester=ZOE))["reference"]
    for id in ("call-1", "call-1", "call-2"):
        assert (await calls(api, MESSAGE, id=id)).status_code == 200
    (entry,) = await received(api, reference)
    assert entry.personal["words"] == "Oui"


async def test_what_is_forged_old_huge_or_no_message_is_refused(api):
    other = "whsec_" + "QkJC" * 11
    refused = [
        await calls(api, MESSAGE, secret=other),
        await calls(api, MESSAGE, at=-900),
        await calls(api, MESSAGE, at=900),
        await api.http.post(PATH, json=MESSAGE),
        await calls(api, MESSAGE | {"text": "x" * 70_000}),
        await calls(api, {"type": "message", "id": "in-1"}),
        await calls(api, {"type": "status", "id": ""}),
        await calls(api, MESSAGE | {"part": {"group": "g", "number": 3, "of": 2}}),
    ]
    assert [answer.status_code for answer in refused] == [401, 401, 401, 401, 413, 422, 422, 422]
    api.host.memory[Settings] = Settings()
    assert (await calls(api, MESSAGE)).status_code == 404
    assert await IncomingText.count() == 0


async def test_twilio_is_believed_by_its_own_signature(api):
    api.host.memory[Settings] = Settings(provider="twilio", secret="token", address=ADDRESS)
    reference = (await api.filed(requester=ZOE))["reference"]
    form = {"MessageSid": "SM1", "From": NUMBER, "To": "+14505550100", "Body": "Déjà réglé", "NumMedia": "0"}
    answer = await by_twilio(api, form, address=ADDRESS.replace(".example/", ".example:443/"))
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert (await by_twilio(api, form, secret="other")).status_code == 401
    assert (await by_twilio(api, form, query="delivery=1", address=ADDRESS)).status_code == 200
    assert (await by_twilio(api, {f"field{number}": "" for number in range(201)})).status_code == 422
    (entry,) = await received(api, reference)
    assert entry.personal["words"] == "Déjà réglé"


async def test_stop_is_taken_where_the_module_is_off(api):
    await switch(api.host, "off")
    assert (await calls(api, MESSAGE | {"text": "STOP"})).status_code == 200
    assert await stopped_among([NUMBER]) == {NUMBER}
    api.host.memory[Settings] = Settings()
    assert (await calls(api, MESSAGE)).status_code == 404


async def test_what_failed_is_told_by_the_next_way_once_and_seen_on_its_delivery(api):
    reference = (await api.filed(requester=ZOE))["reference"]
    delivery = await sent_out(api, reference)
    for status in ("sent", "failed", "failed", "delivered"):
        said = {"type": "status", "id": "out-7", "status": status, "code": "30003", "reason": "unreachable"}
        assert (await calls(api, said)).status_code == 200
    standing = await standing_of(delivery)
    assert (standing.status, standing.reason) == ("failed", "30003 unreachable")
    (owed,) = await OwedContact.select()
    assert (owed["way"], owed["request"]) == ("phone", (await find(api.host, reference)).id)
    entries = await entries_of(await find(api.host, reference))
    assert [each.body["channel"] for each in entries if each.kind == "undelivered"] == ["sms"]


async def test_twilio_says_by_our_own_id_what_was_delivered(api):
    api.host.memory[Settings] = Settings(provider="twilio", secret="token", address=ADDRESS)
    delivery = await sent_out(api, (await api.filed(requester=ZOE))["reference"], receipt="")
    form = {"MessageSid": "SM9", "MessageStatus": "delivered", "To": NUMBER}
    assert (await by_twilio(api, form, query=f"delivery={delivery}")).status_code == 200
    assert (await standing_of(delivery)).status == "delivered"
    assert await OwedContact.count() == 0


async def test_a_failure_told_before_its_message_is_written_down_is_found_by_the_next_pass(api):
    reference = (await api.filed(requester=ZOE))["reference"]
    await calls(api, {"type": "status", "id": "out-7", "status": "failed", "reason": "unreachable"})
    await sent_out(api, reference)
    await go_on(api.host)
    assert await OwedContact.count() == 1
    assert (await TextStatus.select().first())["delivery"] is not None


@asynccontextmanager
async def stand_in(pages):
    """The server of a gateway, with its photos."""

    async def answer(reader, writer):
        asked = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        status, headers, body = pages.get(asked, ("404 Not Found", "", b""))
        writer.write(f"HTTP/1.1 {status}\r\n{headers}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode())
        writer.write(body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_photos_are_fetched_from_the_gateway_and_examined(api, picture):
    api.host.memory[Clients] = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    api.host.memory[Settings] = Settings(secret=SECRET, media_hosts=("127.0.0.1",))
    reference = (await api.filed(requester=ZOE))["reference"]
    pages = {
        "/moved": ("307 Temporary Redirect", "location: /photo\r\n", b""),
        "/photo": ("200 OK", "content-type: image/jpeg\r\n", picture),
        "/program": ("200 OK", "content-type: image/jpeg\r\n", b"MZ\x90\0" * 100),
    }
    async with stand_in(pages) as at:
        elsewhere = ["http://elsewhere.example/photo", "http://[::1"]
        media = [f"{at}/moved", f"{at}/program", f"{at}/nothing", *elsewhere]
        assert (await calls(api, MESSAGE | {"media": media})).status_code == 200
        assert await received(api, reference) == []
        await go_on(api.host)
    (entry,) = await received(api, reference)
    assert [each.attachment.kind for each in await kept_of(await find(api.host, reference))] == ["image/jpeg"]
    assert len(entry.personal["left_out"]) == 4


async def test_our_name_is_told_to_the_gateway_itself_and_never_in_the_clear():
    told = {}

    def answer(request):
        told[str(request.url)] = "authorization" in request.headers
        leads = {"/a": "/b", "/b": "http://gateway.example/c"}.get(request.url.path)
        return httpx.Response(307, headers={"location": leads}) if leads else httpx.Response(200, content=b"photo")

    settings = Settings(secret=SECRET, account="AC1")
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        assert await _content(client, settings, "https://gateway.example/a") == b"photo"
    assert told == {
        "https://gateway.example/a": True,
        "https://gateway.example/b": True,
        "http://gateway.example/c": False,
    }


async def test_photos_inside_a_network_are_never_fetched(api, picture):
    api.host.memory[Settings] = Settings(secret=SECRET, media_hosts=("127.0.0.1",))
    reference = (await api.filed(requester=ZOE))["reference"]
    async with stand_in({"/photo": ("200 OK", "", picture)}) as at:
        await calls(api, MESSAGE | {"media": [f"{at}/photo"]})
        await go_on(api.host)
        with clock.moved_to(clock.now().replace(year=clock.now().year + 1)):
            await go_on(api.host)
    (entry,) = await received(api, reference)
    assert entry.personal["words"] == "Oui"
    assert await kept_of(await find(api.host, reference)) == ()
