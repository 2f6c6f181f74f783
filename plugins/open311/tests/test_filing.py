"""What clients of others post: reports with answers and pictures, and updates; by key, once, whole or not at all."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import Delivery, ServiceRequest
from parvis.http_client import Clients
from parvis.identifiers import new_id
from parvis.people.tokens import make_token, token_of
from parvis.requests.actors import Actor
from parvis.requests.applied_outcomes import News, take_effect
from parvis.requests.attached.attachments import kept_of
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis_open311.media import fetch_due
from parvis_open311.tables import Open311Media
from parvis_sdk.connectors import Connector
from parvis_sdk.text import Text


async def filed(client, **sent):
    answer = await client.hole(**sent)
    assert answer.status_code == 200, answer.text
    return await find(client.host, answer.json()[0]["service_request_id"])


async def key_names(client):
    token = await token_of(client.host.engine, client.key)
    return token.name


async def test_a_report_comes_in_by_the_one_intake(client):
    record = await filed(client, first_name="Zoé", last_name="Côté", email="zoe@exemple.ca", phone="450 555-0123")
    assert (record.channel, record.identity, record.type) == ("open311", "named", "hole")
    assert record.answers == {"danger": False, "words": "Gros trou"}
    assert (record.place.lon, record.place.lat) == (-73.5807, 45.5236)
    person = await contact_of(record)
    assert (person.name, person.email, person.phone) == ("Zoé Côté", "zoe@exemple.ca", "+14505550123")


async def test_the_same_report_again_has_the_first_number(client):
    first, again = await filed(client), await filed(client)
    assert first.reference == again.reference
    assert (await filed(client, description="Un autre")).reference != first.reference


async def test_a_report_with_the_reference_of_its_sender_is_taken_in_once_for_good(client):
    first = await filed(client, description="Trou\n\n[Parvis 2026-0001]")
    assert first.external_references == {"open311:" + (await key_names(client)): "2026-0001"}
    with clock.moved_to(clock.now() + timedelta(days=30)):
        again = await filed(client, description="Trou qui s’élargit\n\n[Parvis 2026-0001]")
    assert again.reference == first.reference
    assert (await filed(client, description="Trou\n\n[Parvis 2026-0001/2]")).reference != first.reference


async def test_the_same_reference_for_another_service_or_place_is_another_report(client):
    first = await filed(client, description="Trou\n\n[Parvis 2026-0002]")
    moved = await filed(client, description="Trou\n\n[Parvis 2026-0002]", lat="45.5250")
    assert moved.reference != first.reference
    assert (await filed(client, description="Trou\n\n[Parvis 2026-0002]")).reference == first.reference


async def test_a_reference_in_the_midst_of_what_somebody_wrote_joins_nothing(client):
    first = await filed(client, description="Comme [Parvis 2026-0003], ici")
    assert first.external_references == {}
    assert (await filed(client, description="Voir [Parvis 2026-0003] aussi")).reference != first.reference


@pytest.fixture
async def neighbour(client):
    """The next town, to which requests go, and which files here with the key of the client."""

    async def deliver(event, request, connection):
        return None

    connectors, title = client.host.plugins.connectors, Text(fr="Voisin")
    connectors["voisin"] = Connector(
        name="voisin", title=title, address="", deliver=deliver, events=(), files_here_as=await key_names(client)
    )
    yield connectors["voisin"]
    del connectors["voisin"]


async def forwarded(client, number="V-7", name="voisin"):
    """A request of ours that went to the next town, which gave it this number."""
    record = await filed(client, description=f"Au voisin {number} {name}")
    async with transaction(client.host.engine):
        await take_effect(client.host, record.reference, Actor(kind="plugin", name=name), News(external=number))
    return record


def comes_back(record, **more):
    return {"description": f"Au voisin\n\n[Parvis {record.reference}] [Parvis B-2]"} | more


async def test_a_report_of_ours_that_comes_back_is_the_same_request(client, neighbour):
    ours = await filed(client)
    assert (await filed(client, **comes_back(ours))).reference != ours.reference
    went = await forwarded(client)
    for _ in range(2):
        back = await filed(client, **comes_back(went))
        assert back.reference == went.reference
    told = [each for each in await entries_of(back) if "renvoyé cette requête" in str(each.personal)]
    assert len(told) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"description": "Voir [Parvis {}] [Parvis B-2]"},
        {"description": "[Parvis {}]\nautre chose"},
        {"lat": "45.5300"},
        {"service_code": "quarrel", "attribute[kind]": "noise", "first_name": "Zoé", "email": "zoe@exemple.ca"},
    ],
)
async def test_a_reference_of_ours_beside_another_report_is_not_believed(client, neighbour, more):
    went = await forwarded(client)
    sent = {name: value.format(went.reference) for name, value in more.items()}
    assert (await filed(client, **comes_back(went, **sent))).reference != went.reference
    assert len(await entries_of(went)) == 2


async def test_a_reference_of_ours_is_believed_of_the_neighbour_that_has_the_request(client, neighbour):
    went = await forwarded(client)
    elsewhere = await forwarded(client, name="autre")
    assert (await filed(client, **comes_back(elsewhere))).reference != elsewhere.reference
    scopes = {"jurisdiction": "parvis", "scopes": ("requests:write",)}
    other, _ = await make_token(client.host.engine, name="Autre clé", **scopes)
    assert (await filed(client, **comes_back(went, api_key=other))).reference != went.reference
    narrow, _ = await make_token(client.host.engine, name=neighbour.files_here_as, unit_code="parks", **scopes)
    assert (await filed(client, **comes_back(went, api_key=narrow))).reference != went.reference
    imported = await filed(client, description="De l’ancien système")
    numbers = {ServiceRequest.external_references: '{"voisin": "V-9"}'}
    async with transaction(client.host.engine):
        await ServiceRequest.update(numbers).where(ServiceRequest.id == imported.id)
    assert (await filed(client, **comes_back(imported))).reference != imported.reference


async def test_a_closed_request_of_ours_does_not_take_in_what_comes_back(client, neighbour):
    went = await forwarded(client)
    async with transaction(client.host.engine):
        await ServiceRequest.update({ServiceRequest.phase: "closed"}).where(ServiceRequest.id == went.id)
    assert (await filed(client, **comes_back(went))).reference != went.reference


async def test_what_comes_back_before_its_number_is_known_is_the_same_request(client, neighbour):
    ours = await filed(client, description="En route")
    row = {"id": new_id(), "request": ours.id, "reference": ours.reference, "subscriber": "connector:voisin"}
    row |= {"lane": "connector:voisin", "event_id": "e-1", "event": "{}", "state": "postponed", "attempts": 1}
    row |= {"blocked": 0, "done_at": None, "claimed_by": "", "trouble": "", "external_reference": ""}
    async with transaction(client.host.engine):
        await insert_values(Delivery, row | {"made_at": clock.now(), "due_at": clock.now() + timedelta(days=1)})
    assert (await filed(client, **comes_back(ours))).reference == ours.reference


async def test_a_report_without_a_person_is_anonymous(client):
    assert (await filed(client, first_name="Zoé")).identity == "anonymous"


async def test_who_leaves_an_address_alone_is_told_and_named_nowhere(client):
    record = await filed(client, email="zoe@exemple.ca")
    assert (record.identity, (await contact_of(record)).email) == ("anonymous", "zoe@exemple.ca")


async def test_an_address_that_the_town_knows_is_a_point(client):
    record = await filed(client, lat="", long="", address_string="1234, rue Rachel Est")
    assert record.place.address == "1234, rue Rachel Est"


async def test_every_fault_is_told_at_once_by_its_argument(client):
    answer = await client.post(service_code="hole", media_url="ftp://example.org/a")
    assert answer.status_code == 400
    said = " ".join(each["description"] for each in answer.json())
    assert len(answer.json()) >= 3
    for name in ("lat", "media_url", "attribute[danger]"):
        assert name in said


@pytest.mark.parametrize(
    ("sent", "status", "named"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "nothing"}, 404, "service_code"),
        ({"lat": "45,5"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "1e400"}, 400, "lat"),
        ({"long": ""}, 400, "long"),
        ({"lat": "10.0"}, 400, "lat"),
        ({"email": "nobody"}, 400, "email"),
        ({"attribute[danger]": "perhaps"}, 400, "attribute[danger]"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"address_id": "77", "lat": "", "long": ""}, 400, "address_id"),
        ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction_id"),
        *(({"media_url": each}, 400, "media_url") for each in ("http://[::1", "http://exa\u2100mple.com/x", "http://")),
    ],
)
async def test_what_cannot_be_taken_names_its_argument(client, sent, status, named):
    answer = await client.hole(**sent)
    assert (answer.status_code, answer.json()[0]["code"]) == (status, status)
    assert named in " ".join(each["description"] for each in answer.json())


async def test_a_key_comes_before_anything_else(client, api):
    for key, said in (("", "manque"), ("wrong", "valide"), ("parvis_wrong", "valide")):
        answer = await client.post(api_key=key, service_code="nothing")
        assert answer.status_code == 403
        assert said in answer.json()[0]["description"]
        assert key not in answer.text or not key
    reading = (await api.token("requests:read"))["Authorization"].removeprefix("Bearer ")
    assert (await client.hole(api_key=reading)).status_code == 403
    other = (await api.token("requests:write", jurisdiction="rivemont"))["Authorization"].removeprefix("Bearer ")
    assert (await client.hole(api_key=other)).status_code == 403
    agreeing = await client.http.post("/open311/v2/requests.json?api_key=wrong", data={"api_key": client.key})
    assert agreeing.status_code == 403


async def test_only_forms_in_utf8_are_read(client):
    assert (await client.http.post("/open311/v2/requests.json", json={})).status_code == 415
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client.http.post("/open311/v2/requests.json", content=b"description=%ff", headers=kind)
    assert answer.status_code == 400


async def test_extras_of_clients_are_ignored(client):
    sent = {"attribute[easting]": "1", "deviceid": "x", "page_size": "7", "title": "Trou"}
    assert (await filed(client, **sent)).answers == {"danger": False, "words": "Gros trou"}


async def test_pictures_in_a_multipart_form_are_files_of_the_request(client, picture):
    answer = await client.hole(files={"media": ("trou.jpg", picture, "image/jpeg")})
    record = await find(client.host, answer.json()[0]["service_request_id"])
    [kept] = await kept_of(record)
    assert (kept.attachment.name, record.answers["photos"]) == ("trou.jpg", [kept.attachment.id])
    again = await client.hole(files={"media": ("trou.jpg", picture, "image/jpeg")})
    assert again.json() == answer.json()
    refused = await client.hole(files={"media": ("trou.jpg", b"no picture", "image/jpeg")})
    assert (refused.status_code, "trou.jpg" in refused.json()[0]["description"]) == (400, True)


class Shelf(BaseHTTPRequestHandler):
    """Pictures of others on the web: some are there, some move, some are away for a while."""

    picture = b""
    broken = 1

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        if name == "away.jpg" and Shelf.broken:
            Shelf.broken -= 1
            self.send_response(503)
        elif name == "same.jpg":
            self.send_response(304)
        elif name == "packed.jpg":
            self.send_response(200)
            self.send_header("content-encoding", "gzip")
        elif name == "moved.jpg":
            self.send_response(302)
            self.send_header("location", "/trou.jpg")
        else:
            self.send_response(200 if name in ("trou.jpg", "away.jpg", "words.jpg") else 404)
        content = b"words" if name == "words.jpg" else self.picture
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said):
        pass


@pytest.fixture
def shelf(picture, client):
    """A server of pictures that this installation may reach although it is inside."""
    Shelf.picture, Shelf.broken = picture, 1
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    clients = client.host.of(Clients)
    before, clients.outgoing = clients.outgoing, structs.replace(clients.outgoing, private=("127.0.0.0/8",))
    yield f"http://127.0.0.1:{server.server_port}"
    clients.outgoing = before
    server.shutdown()
    server.server_close()


async def media_of(record):
    rows = await Open311Media.select().where(Open311Media.request == record.id).order_by(Open311Media.url)
    return {row["url"].rpartition("/")[2]: (row["state"], row["tries"]) for row in rows}


async def test_pictures_by_address_come_to_the_request_later(client, shelf):
    names = ("trou.jpg", "moved.jpg", "away.jpg", "words.jpg", "none.jpg")
    record = await filed(client, media_url=[f"{shelf}/{name}" for name in names])
    assert set((await media_of(record)).values()) == {("waiting", 0)}
    assert await fetch_due(client.host) == 2
    assert await media_of(record) == {
        **{"trou.jpg": ("kept", 0), "moved.jpg": ("kept", 0), "away.jpg": ("waiting", 1)},
        **{"words.jpg": ("refused", 0), "none.jpg": ("refused", 0)},
    }
    async with transaction(client.host.engine):
        await Open311Media.update({Open311Media.due_at: clock.now()}).where(Open311Media.state == "waiting")
    assert await fetch_due(client.host) == 1
    assert await fetch_due(client.host) == 0
    assert len(await kept_of(record)) == 3
    assert [each.kind for each in await entries_of(record)] == ["submitted", *["received"] * 3]


async def test_one_picture_holds_up_no_other(client, shelf):
    hostile = await filed(client, media_url=[f"{shelf}/{name}" for name in ("same.jpg", "packed.jpg")])
    other = await filed(client, description="Un autre", media_url=f"{shelf}/trou.jpg")
    assert await fetch_due(client.host) == 1
    assert await media_of(hostile) == {"same.jpg": ("refused", 0), "packed.jpg": ("refused", 0)}
    assert await media_of(other) == {"trou.jpg": ("kept", 0)}


async def test_an_address_inside_is_never_asked(client):
    record = await filed(client, media_url="http://169.254.169.254/latest/meta-data")
    assert await fetch_due(client.host) == 0
    [row] = await Open311Media.select().where(Open311Media.request == record.id)
    assert (row["state"], "an address inside a network" in row["said"]) == ("waiting", True)


async def test_an_update_is_a_note_once(client):
    record = await filed(client)
    for _ in range(2):
        answer = await client.post(
            path="servicerequestupdates.json",
            service_request_id=record.reference,
            update_id="7",
            status="fixed",
            description="Bouché",
        )
        assert answer.json() == [{"update_id": f"{record.reference}-2"}]
    notes = [each for each in await entries_of(record) if each.kind == "note"]
    assert [each.personal["words"] for each in notes] == ["[FIXED]\nBouché"]
    assert (await find(client.host, record.reference)).state == record.state


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"update_id": ""}, 400),
        ({"description": ""}, 400),
        ({"media_url": "http://[::1"}, 400),
        ({"status": "gone"}, 400),
        ({"updated_datetime": "now"}, 400),
        ({"service_request_id": "AAAA-AAAA-A"}, 404),
        ({"api_key": "wrong"}, 403),
    ],
)
async def test_an_update_that_cannot_be_taken_says_why(client, sent, status):
    record = await filed(client)
    told = {"service_request_id": record.reference, "update_id": "7", "description": "Bouché"} | sent
    assert (await client.post(path="servicerequestupdates.json", **told)).status_code == status


async def test_an_update_of_what_others_filed_is_taken_where_its_key_may_know_of_it(client):
    reference, told = (await client.api.filed())["reference"], {"update_id": "7", "description": "Bouché"}
    async with transaction(client.host.engine):
        await ServiceRequest.update({ServiceRequest.public: False}).where(ServiceRequest.reference == reference)
    for scopes, status in ((("requests:write",), 404), (("requests:read", "requests:write"), 200)):
        key = (await client.api.token(*scopes))["Authorization"].removeprefix("Bearer ")
        sent = {"service_request_id": reference, "api_key": key, **told}
        assert (await client.post(path="servicerequestupdates.json", **sent)).status_code == status
