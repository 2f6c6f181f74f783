"""A town connected to ArcGIS: its requests are features of a layer, and what crews do there is here within a poll."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO

import msgspec
import pytest
from PIL import Image

import parvis_reports.plugin
from parvis import clock
from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.outbox import listing
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.amendments import Conflict, amend
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.receiving import receive_file
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.locating import address_at, find_places
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.sections import OutgoingSettings
from parvis.worker import Limits, Relay
from parvis_connectors.calls import check
from parvis_connectors.comparing import compare
from parvis_connectors.exchanges import exchanges_of
from parvis_connectors.polling import poll_now
from parvis_connectors.unmatched_updates import strays
from parvis_gis_arcgis import plugin as gis_arcgis
from parvis_gis_arcgis.mapping import global_id_of
from parvis_merging.merging import merge, part
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Place
from parvis_sdk.virus_scanners import Clean
from parvis_testing.antivirus import AnsweringScanner
from parvis_testing.jurisdictions import example_towns
from parvis_virus_scanning.rounds import FileScanner

from ..counterparts.arcgis import Access, Address, Field, Layer, arcgis_server
from ..counterparts.esri_client import esri_client, file_of
from ..counterparts.koop import koop
from ..counterparts.line import HANG, RESET, SWALLOW, Reply, broken, busy, polite_error, rubbish

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
DAY = datetime(2026, 11, 25, 15, tzinfo=UTC)
HOLDER = "h" * 64
STATES = {"recue": "Reçue", "en_cours": "En cours", "faite": "Faite", "fermee": "Fermée", "bloquee": "Bloquée"}
POTHOLES = Layer(
    "Nids-de-poule",
    fields=(
        Field("REFERENCE", length=20, nullable=False),
        Field("TAILLE", length=1, domain={"P": "Petit", "G": "Grand"}),
        Field("ADRESSE", length=24),
        Field("ETAT", length=12, domain=STATES),
        Field("RECUE_LE", "Date"),
        Field("COMMENTAIRE", length=500),
    ),
    max_record_count=10,
)
LIGHTS = Layer("Lampadaires", fields=(Field("REF", length=20), Field("ETAT", length=12)))
MAPPING = {
    "to": "Nids-de-poule",
    "types": ["pothole"],
    "columns": {
        "REFERENCE": "reference",
        "TAILLE": {"source": "answers.size", "codes": {"small": "P", "medium": "P", "large": "G"}},
        "ADRESSE": "place.address",
        "ETAT": {
            "source": "state",
            "codes": {"received": "recue", "in_progress": "en_cours", "resolved": "faite", "reopened": "recue"},
            "otherwise": "fermee",
        },
        "RECUE_LE": "submitted_at",
    },
    "read": "ETAT",
    "moves": {"en_cours": "start", "faite": "resolve"},
    "note": "COMMENTAIRE",
    "told_as": "reason",
}
LAMPS = {
    "to": "1",
    "types": ["street_light"],
    "columns": {"REF": "reference", "ETAT": "phase"},
}
PASSWORD = {"username": "integration", "password": "secret-de-la-ville"}
APPLICATION = {"client_id": "application", "client_secret": "secret-de-l-application"}
KEY = {"api_key": "AAPK-cle-de-la-ville"}
SPOT = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est, Montréal"}


class Town:
    """The town, its worker, and its ArcGIS."""

    def __init__(self, host):
        self.host = host
        self.counter = RequestService(host)
        self.relay = Relay(host, Limits(seconds=10), luck=lambda: 0.0)
        self.connector = host.plugins.connectors.get("gis_arcgis")

    async def submit(self, type="pothole", photo=None, **given):
        answers = {"size": "large", "surface": "lane", "danger": False} if type == "pothole" else {}
        if photo:
            answers["photos"] = [photo]
        raw = {
            "language": "fr",
            "answers": answers,
            "place": SPOT,
            "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
        }
        receipt = await self.counter.submit("parvis", type, raw | given, channel="portal", holder=HOLDER)
        assert hasattr(receipt, "reference"), receipt
        return receipt.reference

    async def picture(self, colour="grey"):
        return (await receive_file(self.host, HOLDER, "photos", "trou de Zoé.jpg", jpeg(colour))).id

    async def move(self, reference, transition, **given):
        await make_move(self.host, reference, transition, given, actor=ANA, mover="agent")

    async def poll(self):
        return await poll_now(self.host, self.connector, "worker")

    async def record(self, reference):
        return await find(self.host, reference)

    async def told(self, reference):
        """The notes that came from ArcGIS."""
        record = await self.record(reference)
        entries = await entries_of(record)
        return [entry.personal["note"]["fr"] for entry in entries if entry.kind == "external" and entry.personal]

    async def dead(self):
        return [str(line.trouble) for line in await listing(["dead"])]


@pytest.fixture(scope="session")
def jurisdictions():
    return example_towns()


@pytest.fixture
async def make_town(database, jurisdictions, tmp_path, reading):
    opened = []

    def make(server, **settings):
        given = {"features_url": server.features_url, "mappings": [MAPPING]} | settings
        plugins = [DiscoveredPlugin.of("reports", parvis_reports.plugin), DiscoveredPlugin.of("gis_arcgis", gis_arcgis)]
        plugin_registry = load_plugins(plugins, settings_from({"gis_arcgis": given}, {}))
        assert not plugin_registry.troubles, [str(trouble) for trouble in plugin_registry.troubles]
        clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
        opened.append(clients)
        return Town(
            Host(
                engine=database,
                jurisdictions=jurisdictions,
                plugins=plugin_registry,
                files=LocalFiles(tmp_path / "files"),
                secret=b"a secret of thirty-two characters",
                base_url="http://127.0.0.1:8000",
                modules=reading,
            ).having(clients)
        )

    yield make
    for clients in opened:
        await clients.close()


@pytest.fixture(autouse=True)
async def time():
    """Stands still until a test moves it, here and there."""
    with clock.moved_to(DAY) as moved:
        yield moved


@pytest.fixture
def serve(time):
    """An ArcGIS by the same clock."""
    return partial(arcgis_server, clock=lambda: time.instant)


@pytest.fixture
def server(serve):
    with serve([POTHOLES, LIGHTS]) as served:
        yield served


@pytest.fixture
def layer(server):
    return server.layer("Nids-de-poule")


def jpeg(colour="grey"):
    held = BytesIO()
    Image.new("RGB", (32, 24), colour).save(held, "JPEG")
    return held.getvalue()


# --- from here to there and back


async def test_a_pothole_is_a_feature_with_its_photo_and_the_crew_resolves_it_there(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit(photo=await town.picture())
    await town.relay.drain()
    [feature] = layer.features
    assert (await town.record(reference)).external_references == {"gis_arcgis": "0/1"}
    assert feature["GlobalID"] == global_id_of(reference)
    assert (feature["REFERENCE"], feature["TAILLE"], feature["ETAT"]) == (reference, "G", "recue")
    assert feature["ADRESSE"] == "1234, rue Rachel Est, Mo"
    assert feature["RECUE_LE"] == int(DAY.timestamp() * 1000)
    assert (feature.geometry["x"], feature.geometry["y"]) == (SPOT["lon"], SPOT["lat"])
    [photo] = layer.attachments
    assert (photo.object_id, photo.content_type, photo.name[:7]) == (1, "image/jpeg", "parvis-")
    assert "Zoé" not in photo.name

    time.forward(timedelta(hours=2))
    layer.attach(1, "apres.jpg", "image/jpeg", jpeg("black"))
    layer.change(1, ETAT="faite", COMMENTAIRE="Trou comblé à l’asphalte chaude.")
    assert await town.poll() == 2
    record = await town.record(reference)
    assert record.state == "resolved"
    assert await town.told(reference) == ["Note de l’équipe dans ArcGIS\u00a0: Trou comblé à l’asphalte chaude."]
    moved = [entry for entry in await entries_of(record) if entry.kind == "moved"][-1]
    assert "asphalte chaude" in str(msgspec.to_builtins(moved))
    files = [entry.body["files"] for entry in await entries_of(record) if entry.body.get("files")]
    assert len(files) == 1

    await town.relay.drain()
    assert layer.feature(1)["ETAT"] == "faite"
    time.forward(timedelta(minutes=1))
    assert await town.poll() == 0
    assert await town.dead() == []


async def test_what_changes_here_changes_there_and_is_no_news_when_it_is_read_back(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    await town.move(reference, "start")
    await town.relay.drain()
    assert layer.feature(1)["ETAT"] == "en_cours"
    [sent] = [msgspec.json.decode(asked["updates"]) for asked in server.asked("applyEdits") if "updates" in asked]
    assert sent == [{"attributes": {"OBJECTID": 1, "ETAT": "en_cours"}}]
    assert await town.poll() == 0
    assert await town.told(reference) == []


async def test_a_change_that_we_sent_and_whose_answer_was_lost_is_no_news(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    await town.move(reference, "start")
    server.next(SWALLOW, path="applyEdits")
    await town.relay.drain()
    assert layer.feature(1)["ETAT"] == "en_cours"
    assert await town.poll() == 0
    assert await town.told(reference) == []


async def test_what_the_crew_said_and_nobody_read_yet_is_not_written_over(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    layer.change(1, ETAT="faite")
    await town.move(reference, "start")
    await town.relay.drain()
    assert layer.feature(1)["ETAT"] == "faite"
    await town.poll()
    assert (await town.record(reference)).state == "resolved"


async def test_a_crew_that_says_it_again_after_we_reopened_is_heard_again(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    for _ in range(2):
        time.forward(timedelta(minutes=5))
        layer.change(1, ETAT="faite")
        await town.poll()
        assert (await town.record(reference)).state == "resolved"
        await town.relay.drain()
        time.forward(timedelta(minutes=5))
        await town.move(reference, "reopen", reason="Le trou est revenu.")
        await town.relay.drain()
        assert layer.feature(1)["ETAT"] == "recue"


async def test_a_state_of_theirs_that_asks_for_nothing_is_noted_by_its_name(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    layer.change(1, ETAT="bloquee")
    await town.poll()
    await town.poll()
    assert (await town.record(reference)).state == "received"
    assert await town.told(reference) == ["État dans ArcGIS\u00a0: Bloquée"]


async def test_a_crew_that_takes_its_state_back_and_says_it_again_is_heard_twice(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    for state in ("bloquee", "recue", "bloquee"):
        time.forward(timedelta(minutes=5))
        layer.change(1, ETAT=state)
        await town.poll()
    assert await town.told(reference) == ["État dans ArcGIS\u00a0: Bloquée"] * 2


async def test_a_change_of_ours_that_is_on_its_way_is_not_undone_by_what_is_still_there(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.move(reference, "start")
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    await town.move(reference, "resolve", reason="Comblé.")
    layer.change(1, COMMENTAIRE="Nous y étions.")
    await town.poll()
    assert await town.told(reference) == ["Note de l’équipe dans ArcGIS\u00a0: Nous y étions."]


async def test_a_photo_that_comes_after_the_change_comes_too(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    layer.change(1, ETAT="en_cours")
    await town.poll()
    time.forward(timedelta(minutes=20))
    layer.attach(1, "chantier.jpg", "image/jpeg", jpeg())
    assert await town.poll() == 1
    assert await town.poll() == 0
    record = await town.record(reference)
    assert len([entry for entry in await entries_of(record) if entry.body.get("files")]) == 1


async def test_a_thousand_edits_of_one_instant_are_read_once_each(server, layer, make_town, time):
    town = make_town(server)
    references = [await town.submit() for _ in range(23)]
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    layer.fill(({"REFERENCE": None, "ETAT": "faite"}, None) for _ in range(40))
    for number in range(1, 24):
        layer.change(number, ETAT="en_cours")
    assert await town.poll() == 23
    assert [(await town.record(reference)).state for reference in references] == ["in_progress"] * 23
    time.forward(timedelta(minutes=1))
    assert await town.poll() == 0
    asked = len(server.asked("query"))
    assert await town.poll() == 0
    assert len(server.asked("query")) - asked == 2


async def test_a_second_edit_of_the_same_second_is_read_too(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    layer.change(1, COMMENTAIRE="Nous y sommes.")
    await town.poll()
    layer.change(1, ETAT="faite")
    await town.poll()
    assert (await town.record(reference)).state == "resolved"


async def test_a_feature_with_a_reference_that_nobody_knows_is_kept_for_an_operator(server, layer, make_town, time):
    town = make_town(server)
    layer.add({"REFERENCE": "AAAA-AAAA-A", "ETAT": "faite", "COMMENTAIRE": "Réparé"})
    layer.add({"REFERENCE": "", "ETAT": "faite"})
    await town.poll()
    assert [stray.update.reference for stray in await strays()] == ["AAAA-AAAA-A"]


async def test_a_copy_of_a_feature_that_bears_our_reference_closes_nothing(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    time.forward(timedelta(minutes=5))
    layer.add({"REFERENCE": reference, "ETAT": "faite", "COMMENTAIRE": "Copie"})
    await town.poll()
    assert (await town.record(reference)).state == "received"
    assert (await town.record(reference)).external_references == {"gis_arcgis": "0/1"}
    [stray] = await strays()
    assert (stray.reason, stray.external_reference, stray.update.reference) == ("foreign", "0/2", reference)


@pytest.mark.parametrize("changing", [False, True], ids=["as it is made", "as it is changed"])
async def test_the_feature_of_somebody_else_is_never_stored_as_ours_or_written_into(
    server, layer, make_town, time, changing
):
    town = make_town(server)
    theirs = await town.submit()
    await town.relay.drain()
    ours = await town.submit()
    if changing:
        await town.relay.drain()
        row = {"OBJECTID": 1, "GlobalID": global_id_of(theirs), "REFERENCE": theirs, "ETAT": "recue"}
        body = {"features": [{"attributes": row}]}
        server.next(Reply(status=200, body=msgspec.json.encode(body)), path="query")
        await town.move(ours, "start")
    else:
        body = {"addResults": [{"success": True, "objectId": 1, "globalId": global_id_of(theirs)}]}
        server.next(Reply(status=200, body=msgspec.json.encode(body)), path="applyEdits")
    await town.relay.drain()
    [said] = await town.dead()
    assert f"about something other than {ours}: 0/1" in said
    assert (await town.record(ours)).external_references == ({"gis_arcgis": "0/2"} if changing else {})
    assert (layer.feature(1)["REFERENCE"], layer.feature(1)["ETAT"]) == (theirs, "recue")


def says(**body):
    return Reply(status=200, body=msgspec.json.encode(body))


async def two_features(make_town, server):
    """A town with the feature of a stranger, which is the first one, and ours."""
    town = make_town(server)
    theirs = await town.submit()
    await town.relay.drain()
    ours = await town.submit()
    await town.relay.drain()
    return town, theirs, ours


async def test_nothing_is_written_into_the_feature_of_a_stranger_that_comes_back_under_our_reference(
    server, layer, make_town, time
):
    """Our reference with the object id of another feature: its state was overwritten."""
    town, theirs, ours = await two_features(make_town, server)
    row = {"OBJECTID": 1, "GlobalID": global_id_of(ours), "REFERENCE": ours, "ETAT": "recue"}
    server.next(says(features=[{"attributes": row}]), path="query")
    await town.move(ours, "start")
    await town.relay.drain()
    [said] = await town.dead()
    assert f"about something other than {ours}: 0/1" in said
    assert (layer.feature(1)["REFERENCE"], layer.feature(1)["ETAT"]) == (theirs, "recue")


async def test_no_photo_is_hung_on_the_feature_of_a_stranger_whose_number_comes_back_for_ours(
    server, layer, make_town, time
):
    town = make_town(server, photos=True)
    await town.submit()
    await town.relay.drain()
    ours = await town.submit(photo=await town.picture())
    server.next(says(addResults=[{"success": True, "objectId": 1, "globalId": global_id_of(ours)}]), path="applyEdits")
    await town.relay.drain()
    assert len(await town.dead()) == 1
    assert layer.attached(1) == []


@pytest.mark.parametrize("answer", ["another", "two", "nobody", "empty"])
async def test_a_change_that_is_answered_about_another_feature_waits_for_a_person(
    server, layer, make_town, time, answer
):
    town, theirs, ours = await two_features(make_town, server)
    stranger, mine = {"success": True, "objectId": 1, "globalId": global_id_of(theirs)}, {"success": True}
    results = {"another": [mine | stranger], "two": [mine, stranger], "nobody": [mine], "empty": [mine]}[answer]
    server.next(says(updateResults=results), path="applyEdits")
    rows = [{"attributes": {"OBJECTID": 2, "GlobalID": global_id_of(theirs), "REFERENCE": theirs}}]
    if answer in ("nobody", "empty"):
        server.next(says(features=rows if answer == "nobody" else []), path="OBJECTID+%3D+2")
    await town.move(ours, "start")
    await town.relay.drain()
    [said] = await town.dead()
    assert "nothing of it was kept" in said
    assert (layer.feature(1)["REFERENCE"], layer.feature(1)["ETAT"]) == (theirs, "recue")
    assert (await town.record(ours)).external_references == {"gis_arcgis": "0/2"}


async def test_a_request_of_another_type_leaves_its_layer_for_the_other(server, layer, make_town):
    town = make_town(server, mappings=[MAPPING, LAMPS])
    reference = await town.submit()
    await town.relay.drain()
    assert len(layer.features) == 1
    answers = {"lights": [{"fault": "out"}], "extent": "one", "danger": False}
    assert not isinstance(
        await amend(town.host, reference, type="street_light", answers=answers, actor=ANA), Problems | Conflict
    )
    await town.relay.drain()
    assert layer.features == []
    [lamp] = server.layer("Lampadaires").features
    assert lamp["REF"] == reference
    assert (await town.record(reference)).external_references == {"gis_arcgis": "1/1"}


async def test_the_feature_of_a_merged_request_says_so_until_it_is_taken_apart(server, layer, make_town):
    town = make_town(server, mappings=[MAPPING | {"merged": {"ETAT": "fermee"}}])
    one, kept = await town.submit(), await town.submit()
    await town.relay.drain()
    assert isinstance(await merge(town.host, SYSTEM_VIEWER, one, kept, actor=ANA), Record)
    await town.relay.drain()

    def states():
        return {feature["REFERENCE"]: feature["ETAT"] for feature in layer.features}

    assert states() == {one: "fermee", kept: "recue"}
    await town.move(kept, "start")
    await town.relay.drain()
    assert states() == {one: "fermee", kept: "en_cours"}
    await town.poll()
    assert await town.told(one) == []
    assert isinstance(await part(town.host, SYSTEM_VIEWER, one, actor=ANA), Record)
    await town.relay.drain()
    assert states() == {one: "recue", kept: "en_cours"}
    assert await town.dead() == []


async def test_a_photo_that_the_antivirus_held_follows_once_it_was_seen(server, layer, make_town):
    town = Town(make_town(server).host.having(UploadGuard(AnsweringScanner(Clean()))))
    await town.submit(photo=await town.picture())
    await town.relay.drain()
    assert (len(layer.features), layer.attachments) == (1, [])
    await FileScanner(town.host, town.host.of(UploadGuard).scanner).step()
    await town.relay.drain()
    assert len(layer.attachments) == 1


# --- once, whatever happens


async def test_an_answer_that_was_lost_makes_no_second_feature_and_no_second_photo(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit(photo=await town.picture())
    server.next(SWALLOW, path="applyEdits")
    server.next(SWALLOW, path="addAttachment")
    for _ in range(4):
        await town.relay.drain()
        time.forward(timedelta(minutes=10))
    assert (len(layer.features), len(layer.attachments)) == (1, 1)
    assert (await town.record(reference)).external_references == {"gis_arcgis": "0/1"}


async def test_without_global_ids_our_reference_is_looked_for_before_anything_is_added(
    serve, make_town, time, monkeypatch
):
    with serve([POTHOLES]) as server:
        layer = server.layer("Nids-de-poule")
        about = layer.described
        monkeypatch.setattr(layer, "described", lambda: {**about(), "supportsApplyEditsWithGlobalIds": False})
        town = make_town(server)
        await town.submit()
        server.next(SWALLOW, path="applyEdits")
        await town.relay.drain()
        time.forward(timedelta(minutes=10))
        await town.relay.drain()
        assert len(layer.features) == 1
        assert {asked["useGlobalIds"] for asked in server.asked("applyEdits")} == {"false"}


@pytest.mark.parametrize(
    "fault", [RESET, broken(), busy(seconds=7), rubbish(), polite_error(code=500, message="Error performing"), HANG]
)
async def test_whatever_goes_wrong_it_arrives_once_when_all_is_well_again(server, layer, make_town, time, fault):
    town = make_town(server, seconds=0.5)
    await town.submit()
    server.next(fault, path="applyEdits")
    await town.relay.drain()
    assert [line.state for line in await listing()] == ["postponed"]
    server.heal()
    time.forward(timedelta(minutes=10))
    await town.relay.drain()
    assert len(layer.features) == 1
    assert await town.dead() == []


async def test_resent_brings_up_to_date_whatever_is_there(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    layer.remove(1)
    found = await compare(town.host, town.connector, DAY - timedelta(hours=1), DAY + timedelta(hours=1))
    assert [(each.kind, each.reference) for each in found] == [("missing_there", reference)]
    await resend(town, reference)
    assert [feature["REFERENCE"] for feature in layer.features] == [reference]
    layer.change(2, ADRESSE="Ailleurs", TAILLE="P")
    await resend(town, reference)
    assert (layer.feature(2)["ADRESSE"], layer.feature(2)["TAILLE"]) == ("1234, rue Rachel Est, Mo", "G")
    assert await compare(town.host, town.connector, DAY - timedelta(hours=1), DAY + timedelta(hours=1)) == ()


async def resend(town, reference):
    from parvis_connectors import comparing

    await comparing.resend(town.host, town.connector, reference)
    await town.relay.drain()


async def test_news_that_never_came_is_found_by_comparing(server, layer, make_town, time):
    town = make_town(server)
    reference = await town.submit()
    await town.relay.drain()
    layer.change(1, ETAT="faite")
    [behind] = await compare(town.host, town.connector, DAY - timedelta(hours=1), DAY + timedelta(hours=1))
    assert (behind.kind, behind.reference, behind.update.move) == ("behind_here", reference, "resolve")


# --- refused


async def test_a_feature_that_the_layer_refuses_is_refused_with_its_reason(server, layer, make_town):
    about = layer.described
    layer.described = lambda: {**about(), "fields": [each for each in about()["fields"] if each["name"] != "TAILLE"]}
    columns = MAPPING["columns"] | {"TAILLE": "'Énorme'"}
    town = make_town(server, mappings=[MAPPING | {"columns": columns}])
    await town.submit()
    await town.relay.drain()
    [trouble] = await town.dead()
    assert "it refuses the feature (1000 String or binary data would be truncated." in trouble
    assert layer.features == []


async def test_a_code_that_the_domain_does_not_hold_is_refused_by_name_before_it_is_sent(server, layer, make_town):
    columns = MAPPING["columns"] | {"TAILLE": "'X'"}
    town = make_town(server, mappings=[MAPPING | {"columns": columns}])
    await town.submit()
    await town.relay.drain()
    [trouble] = await town.dead()
    assert "the column 'TAILLE' does not allow the code 'X'" in trouble
    assert server.asked("applyEdits") == []


async def test_a_request_that_is_wholly_bad_is_refused_with_its_reason(server, layer, make_town):
    town = make_town(server)
    await town.submit()
    server.next(polite_error(code=400, message="Invalid or missing input parameters.", details=[]), path="applyEdits")
    await town.relay.drain()
    [trouble] = await town.dead()
    assert "the system refuses (400 Invalid or missing input parameters.)" in trouble


async def test_a_photo_that_the_layer_does_not_take_is_noted_and_the_rest_arrives(serve, make_town):
    with serve([msgspec.structs.replace(POTHOLES, largest_attachment=10)]) as server:
        town = make_town(server)
        reference = await town.submit(photo=await town.picture())
        await town.relay.drain()
        assert await town.dead() == []
        [note] = await town.told(reference)
        assert "Maximum attachment size exceeded" in note
        await town.move(reference, "start")
        await town.relay.drain()
        assert len(server.asked("addAttachment")) == 1


# --- erased, without a place


async def test_what_is_erased_here_is_deleted_there(server, layer, make_town):
    town = make_town(server)
    reference = await town.submit(photo=await town.picture())
    await town.relay.drain()
    await erase(town.host, reference, actor=ANA)
    await town.relay.drain()
    assert (layer.features, layer.attachments, await town.dead()) == ([], [], [])


async def test_a_town_that_counts_keeps_the_feature_without_what_was_personal(server, layer, make_town):
    town = make_town(server, erased="blank")
    reference = await town.submit(photo=await town.picture())
    await town.relay.drain()
    layer.change(1, COMMENTAIRE="Parlé à Zoé Côté")
    await erase(town.host, reference, actor=ANA)
    await town.relay.drain()
    [feature] = layer.features
    assert (feature["REFERENCE"], feature["ETAT"]) == (reference, "recue")
    assert feature["COMMENTAIRE"] is None
    assert layer.attachments == []


@pytest.mark.parametrize(("fate", "features"), [("publish", 1), ("leave_out", 0)])
async def test_a_request_without_a_point_goes_where_the_settings_say(server, layer, make_town, fate, features):
    town = make_town(server, without_point=fate)
    reference = await town.submit(place={"words": "Derrière l’aréna"})
    await town.relay.drain()
    assert [feature.geometry for feature in layer.features] == [None] * features
    await amend(town.host, reference, place=Place(**SPOT), actor=ANA)
    await town.relay.drain()
    assert layer.features[0].geometry["x"] == SPOT["lon"]


# --- signing in


@pytest.mark.parametrize("way", [PASSWORD, APPLICATION, KEY, PASSWORD | {"portal_url": "portal"}])
async def test_each_way_of_signing_in_opens_and_no_secret_is_logged(serve, make_town, way):
    with serve([POTHOLES], access=Access()) as server:
        if way is not KEY and (way is APPLICATION or "portal_url" in way):
            way = way | {"portal_url": server.portal_url}
        town = make_town(server, **way)
        await town.submit()
        await town.relay.drain()
        layer = server.layer("Nids-de-poule")
        assert len(layer.features) == 1
        layer.attach(1, "apres.jpg", "image/jpeg", jpeg())
        assert await town.poll() == 1
        assert [call.status for call in server.heard if "/attachments/" in call.path] == [200]
        told = "".join(call.url + call.sent + call.received for call in await exchanges_of(connector="gis_arcgis"))
        assert "secret-de-la" not in told
        assert "secret-de-l-app" not in told
        assert "AAPK" not in told
        assert not any(token in told for token in server.gate.tokens)


async def test_a_token_that_ends_in_the_middle_is_renewed_once_for_all(serve, make_town):
    with serve([POTHOLES], access=Access()) as server:
        town = make_town(server, **PASSWORD)
        await town.submit()
        await town.relay.drain()
        server.expire_tokens()
        for _ in range(6):
            await town.submit()
        await town.relay.drain()
        assert len(server.layer("Nids-de-poule").features) == 7
        assert len(server.asked("generateToken")) == 2
        assert await town.dead() == []


async def test_a_token_is_renewed_before_it_ends(serve, make_town, time):
    with serve([POTHOLES], access=Access(longest_minutes=20)) as server:
        town = make_town(server, **PASSWORD)
        await town.submit()
        await town.relay.drain()
        time.forward(timedelta(minutes=19, seconds=30))
        await town.submit()
        await town.relay.drain()
        assert len(server.asked("generateToken")) == 2
        assert all('"code": 498' not in call.received for call in await exchanges_of(connector="gis_arcgis"))


async def test_a_wrong_password_waits_for_the_right_one_in_its_file(serve, make_town, tmp_path, time):
    (tmp_path / "secret").write_text("celui d’avant\n")
    with serve([POTHOLES], access=Access()) as server:
        town = make_town(server, username="integration", password_file=str(tmp_path / "secret"))
        await town.submit()
        await town.relay.drain()
        [line] = await listing(["postponed"])
        assert "sign-in failed" in str(line.trouble)
        settings, reachable, allowed = await check(town.host, town.connector)
        assert (settings.ok, reachable.ok, allowed.ok) == (False, True, False)
        (tmp_path / "secret").write_text("secret-de-la-ville\n")
        time.forward(timedelta(minutes=10))
        await town.relay.drain()
        assert len(server.layer("Nids-de-poule").features) == 1


# --- check


async def test_a_check_says_that_all_is_well(server, make_town):
    town = make_town(server)
    answers = await check(town.host, town.connector)
    assert [(each.code, each.ok) for each in answers] == [("settings", True), ("reachable", True), ("allowed", True)]


async def test_a_check_names_what_does_not_fit_and_what_is_not_allowed(serve, make_town):
    closed = msgspec.structs.replace(POTHOLES, capabilities=("Query",), attachments=False, edit_tracking=False)
    columns = MAPPING["columns"] | {"ADRESS": "place.address", "TAILLE": {"source": "'X'", "otherwise": "X"}}
    with serve([closed]) as server:
        town = make_town(server, mappings=[MAPPING | {"columns": columns, "note": "NOTE"}])
        settings, reachable, allowed = await check(town.host, town.connector)
    assert (settings.ok, reachable.ok, allowed.ok) == (False, True, False)
    assert "there is no column 'ADRESS' there" in settings.said.en
    assert "the code 'X' is not allowed there" in settings.said.en
    assert "there is no column 'NOTE' there" in settings.said.en
    for lacking in ("Create", "Update", "Delete", "editor tracking", "attachments"):
        assert lacking in allowed.said.en


async def test_a_check_says_that_nobody_answers(server, make_town):
    town = make_town(server)
    server.cut()
    answers = await check(town.host, town.connector)
    assert {each.code: each.ok for each in answers} == {"settings": False, "reachable": False}


async def test_a_check_names_the_layer_that_is_not_there_and_those_that_are(server, make_town):
    town = make_town(server, mappings=[MAPPING | {"to": "Nids-de-pule"}])
    settings, reachable = await check(town.host, town.connector)
    assert (settings.ok, reachable.ok) == (False, True)
    assert "it has no layer 'Nids-de-pule', only Nids-de-poule (0)" in settings.said.en


async def test_koop_only_reads_and_a_check_says_so(make_town, tmp_path):
    square = {"type": "Point", "coordinates": [-73.5, 45.5]}
    feature = {"type": "Feature", "properties": {"OBJECTID": 1, "REFERENCE": "A", "ETAT": "recue"}, "geometry": square}
    whole = {"type": "FeatureCollection", "metadata": {"idField": "OBJECTID", "name": "trous"}, "features": [feature]}
    (tmp_path / "trous.geojson").write_bytes(msgspec.json.encode(whole))
    columns = {"REFERENCE": "reference", "ETAT": "state"}
    with koop(tmp_path) as served:
        town = make_town(
            type("Served", (), {"features_url": served.service("trous")}),
            mappings=[{"to": "0", "types": ["pothole"], "columns": columns, "read": "ETAT"}],
        )
        _, reachable, allowed = await check(town.host, town.connector)
        assert (reachable.ok, allowed.ok) == (True, False)
        assert "Create" in allowed.said.en
        await town.submit()
        await town.relay.drain()
        [trouble] = await town.dead()
        assert "the system refuses (HTTP 404)" in trouble


# --- as Esri's own client


async def test_we_send_what_the_client_of_esri_sends(server, layer, make_town):
    town = make_town(server)
    await town.submit(photo=await town.picture())
    await town.relay.drain()
    [ours], [file] = server.asked("applyEdits"), server.asked("addAttachment")
    [added] = msgspec.json.decode(ours["adds"])
    copied = added | {"attributes": added["attributes"] | {"GlobalID": "{00000000-0000-4000-8000-000000000001}"}}
    with esri_client() as esri:
        esri("applyEdits", url=layer.url, adds=[copied], useGlobalIds=True, rollbackOnFailure=True)
        photo = file_of("trou.jpg", "image/jpeg", jpeg())
        esri("addAttachment", url=layer.url, featureId=2, attachment=photo)
    theirs, their_file = server.asked("applyEdits")[-1], server.asked("addAttachment")[-1]
    assert ours.keys() == theirs.keys()
    assert {name: value for name, value in ours.items() if name != "adds"} == {
        name: value for name, value in theirs.items() if name != "adds"
    }
    assert msgspec.json.decode(theirs["adds"]) == [copied]
    assert file == their_file
    ours_again, theirs_again = (layer.feature(number).geometry for number in (1, 2))
    assert ours_again == theirs_again


# --- finding addresses

QUEBEC = (
    Address(number="275", street="rue Notre-Dame Est", city="Montréal", postal="H2Y 1C6", x=-73.5540, y=45.5088,
            kind="", locator="RQA_Adresse"),
    Address(street="rue Notre-Dame Est", city="Montréal", x=-73.54, y=45.52, kind="", locator="RQA_Rue"),
)  # fmt: skip


@pytest.fixture
def lambert(serve):
    """A service in the manner of Adresses Québec: in Lambert's projection, no Addr_type, no suggestions."""
    with serve([POTHOLES], addresses=QUEBEC, geocoder_wkid=32198, suggests=False) as served:
        yield served


def with_locator(town):
    return msgspec.structs.replace(town.host.jurisdictions.jurisdiction("parvis"), locator="gis_arcgis")


async def test_the_very_address_comes_before_the_street_that_has_a_better_score(lambert, make_town):
    town = make_town(lambert, geocoders=[{"url": lambert.geocoder_url}])
    found = await find_places(town.host, with_locator(town), "275 Notre-Dame Est Montreal")
    assert [each.text for each in found] == ["275 rue Notre-Dame Est, Montréal", "rue Notre-Dame Est, Montréal"]
    assert (found[0].lon, found[0].lat) == (pytest.approx(-73.5540), pytest.approx(45.5088))
    assert found[0].postal_code == "H2Y 1C6"
    [asked] = lambert.asked("findAddressCandidates")
    assert msgspec.json.decode(asked["outSR"]) == {"wkid": 4326}
    at = await address_at(town.host, with_locator(town), -73.55401, 45.50881)
    assert at.text == "275 rue Notre-Dame Est, Montréal"
    assert await address_at(town.host, with_locator(town), -73.70, 45.50) is None


async def test_a_beginning_is_completed_where_the_service_suggests(serve, make_town):
    addresses = [msgspec.structs.replace(each, kind="PointAddress") for each in QUEBEC]
    with serve([POTHOLES], addresses=addresses) as server:
        town = make_town(server, geocoders=[{"url": server.geocoder_url, "least_score": 95}])
        found = await find_places(town.host, with_locator(town), "275 not")
        assert [each.text for each in found] == ["275 rue Notre-Dame Est, Montréal"]


@pytest.mark.parametrize("fault", [RESET, HANG, broken(), rubbish(), polite_error(code=500, message="Oups")])
async def test_when_the_geocoder_is_away_people_choose_from_the_towns_own_list(lambert, make_town, fault, monkeypatch):
    monkeypatch.setattr("parvis_gis_arcgis.locating.LIMIT", 0.2)
    town = make_town(lambert, geocoders=[{"url": lambert.geocoder_url}])
    plain = await find_places(town.host, town.host.jurisdictions.jurisdiction("parvis"), "rachel")
    lambert.next(fault, times=9)
    assert await find_places(town.host, with_locator(town), "rachel") == plain
    assert plain


async def test_what_was_found_a_moment_ago_is_not_asked_again(lambert, make_town):
    town = make_town(lambert, geocoders=[{"url": lambert.geocoder_url}])
    for _ in range(3):
        await find_places(town.host, with_locator(town), "275 Notre-Dame Est")
        await asyncio.gather(*(address_at(town.host, with_locator(town), -73.5540, 45.5088) for _ in range(2)))
    assert len(lambert.asked("findAddressCandidates")) == 1


async def test_a_guarded_geocoder_gets_the_token_of_the_town(serve, make_town):
    with serve([POTHOLES], addresses=QUEBEC, access=Access()) as server:
        town = make_town(server, geocoders=[{"url": server.geocoder_url, "signed_in": True}], **PASSWORD)
        assert await find_places(town.host, with_locator(town), "275 Notre-Dame Est")
        assert len(server.asked("generateToken")) == 1
