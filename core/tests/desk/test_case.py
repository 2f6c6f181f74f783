"""A request's page: what is done from it, what stands against it, and that nothing typed is lost."""

import io
import re
from types import ModuleType
from uuid import UUID

import pytest
from PIL import Image

from parvis.app import create_app
from parvis.db import counted, transaction
from parvis.db.tables import Delivery, Entry
from parvis.plugins import DiscoveredPlugin
from parvis.requests.attached.attachments import kept_of
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.work.conversation import note, receive
from parvis_testing.desk import ANA, HERE, address, counted_as, running, said


@pytest.fixture
async def hole(desk):
    return await desk.request("hole", "roads")


async def test_the_page_tells_what_was_asked_where_and_by_whom(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    for words in (
        "Trou",
        hole.reference,
        "Un gros trou",
        "1234, rue Rachel Est",
        "Zoé Côté",
        "514\u00a0555-0101",
        "Voirie",
    ):
        assert words.replace("\u00a0", " ") in clerk.text.replace("\u00a0", " ")
    one, more = (
        "History intact: %(num)s sealed entry.",
        "History intact: %(num)s entries, each sealed to the one before it.",
    )
    assert counted_as(one, more, 2) in clerk.text


async def test_a_step_is_made_with_what_it_demands(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    moved = await clerk.post(address(hole, "etape", "start"), version=str(hole.version))
    assert moved.url.path == address(hole)
    assert said("The step is completed.") in clerk.text
    assert (await desk.record(hole.reference)).state == "working"
    refused = await clerk.post(address(hole, "etape", "ask"), version=str(hole.version + 1), ask__reason=" ")
    assert refused.status_code == 422
    assert 'href="#ask-reason"' in refused.text
    assert re.search(r'<details class="move[^"]*" open>\s*<summary>Questionner', refused.text)
    await clerk.post(address(hole, "etape", "ask"), version=str(hole.version + 1), ask__reason="De quel côté ?")
    record = await desk.record(hole.reference)
    assert record.state == "waiting"
    assert "De quel côté ?" in clerk.text
    deliveries = await Delivery.select().where(Delivery.request == record.id)
    assert [each for each in deliveries if "De quel côté ?" in each["event"]]


async def test_a_step_that_is_not_to_be_had_says_why(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    answer = await clerk.post(address(hole, "etape", "ask"), ask__reason="x", version=str(hole.version))
    assert answer.status_code == 409
    assert said("This step was not completed") in clerk.text
    assert "« Questionner » n’est pas possible" in clerk.text.replace("\u00a0", " ")
    assert (await clerk.post(address(hole, "etape", "unheard-of"))).status_code == 404


async def test_a_proof_photo_comes_with_the_step_and_is_shown_to_those_who_may_see_it(desk, hole):
    clerk = await desk.signed_in()
    await make_move(desk.host, hole.reference, "start", {}, actor=ANA, mover="agent")
    await clerk.get(address(hole))
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(drawn, "JPEG")
    files = {"resolve.proof": ("preuve.jpg", drawn.getvalue(), "image/jpeg")}
    version = str((await desk.record(hole.reference)).version)
    await clerk.post(address(hole, "etape", "resolve"), version=version, resolve__reason="Comblé", files=files)
    record = await desk.record(hole.reference)
    assert record.state == "done"
    (file,) = await kept_of(record)
    assert file.attachment.name == "preuve.jpg"
    shown = await clerk.http.get(f"/bureau/fichiers/{file.attachment.id}")
    assert shown.headers["content-type"] == "image/jpeg"
    saved = await clerk.http.get(f"/bureau/fichiers/{file.attachment.id}?telecharger")
    assert saved.headers["content-disposition"].startswith("attachment")
    stranger = await desk.signed_in("agent", "lighting", name="Luc")
    assert (await stranger.http.get(f"/bureau/fichiers/{file.attachment.id}")).status_code == 404


async def test_a_file_that_is_not_what_it_says_is_refused_with_the_rest_kept(desk, hole):
    clerk = await desk.signed_in()
    await make_move(desk.host, hole.reference, "start", {}, actor=ANA, mover="agent")
    await clerk.get(address(hole))
    files = {"resolve.proof": ("preuve.jpg", b"<script>alert(1)</script>", "image/jpeg")}
    answer = await clerk.post(address(hole, "etape", "resolve"), resolve__reason="Comblé à chaud", files=files)
    assert answer.status_code == 422
    assert "preuve.jpg" in clerk.text
    assert "Comblé à chaud" in answer.text
    assert (await desk.record(hole.reference)).state == "working"


async def test_ones_own_reply_sent_twice_goes_out_once_and_the_page_says_so(desk, hole):
    clerk, other = await desk.signed_in(), await desk.signed_in(name="Luc")
    sent = {"words": "Nous passons demain.", "_send": "1", "version": str(hole.version)}
    for _ in range(2):
        answer = await clerk.post(address(hole, "reponse"), **sent)
        assert answer.url.path == address(hole)
    assert said("You already sent this message a moment ago. It was sent only once.") in clerk.text
    assert (await other.post(address(hole, "reponse"), **sent)).status_code == 409
    assert (await clerk.post(address(hole, "reponse"), **{**sent, "words": "Ou jeudi."})).status_code == 409
    assert [entry.kind for entry in await entries_of(await desk.record(hole.reference))].count("reply") == 1


async def test_two_people_at_once_the_second_sees_who_changed_what_and_loses_nothing(desk, hole):
    first, second = await desk.signed_in(name="Ana"), await desk.signed_in(name="Luc")
    await first.get(address(hole))
    await second.get(address(hole))
    await first.post(address(hole, "etape", "start"), version=str(hole.version))
    stale = await second.post(address(hole, "note"), version=str(hole.version), words="Passer mardi matin")
    assert stale.status_code == 409
    assert said("Somebody else has changed this request") in second.text
    news = re.search(r'(?s)<div class="banner banner--warn" role="alert">.*?</ol>', stale.text)[0]
    assert "Commencer" in news
    assert "Ana" in news
    assert "Passer mardi matin" in stale.text
    version = re.search(r'name="version" value="(\d+)"', stale.text)[1]
    assert (await second.post(address(hole, "note"), version=version, words="Passer mardi matin")).status_code == 200
    told = [
        entry.personal["words"] for entry in await entries_of(await desk.record(hole.reference)) if entry.kind == "note"
    ]
    assert told == ["Passer mardi matin"]


async def test_a_message_is_shown_as_it_will_be_read_before_it_is_sent(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    preview = await clerk.post(address(hole, "reponse"), version=str(hole.version), words="Nous passons\n\nmardi.")
    assert preview.status_code == 200
    assert said("Message to the requester") in clerk.text
    assert "<p>mardi.</p>" in preview.text
    assert len(await entries_of(await desk.record(hole.reference))) == hole.entries
    await clerk.post(address(hole, "reponse"), version=str(hole.version), words="Nous passons\n\nmardi.", _send="1")
    last = (await entries_of(await desk.record(hole.reference)))[-1]
    assert (last.kind, last.audience, last.personal["words"]) == ("reply", "requester", "Nous passons\n\nmardi.")


def photo(color="grey"):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(drawn, "JPEG")
    return drawn.getvalue()


def ticked(page, name):
    """What the boxes of files already received hold."""
    return re.findall(rf'type="checkbox" id="[^"]*" name="{name}" value="([^"]+)" checked', page.text)


async def test_a_photo_sent_before_the_preview_of_a_step_comes_with_the_step(desk, hole):
    clerk = await desk.signed_in()
    await make_move(desk.host, hole.reference, "start", {}, actor=ANA, mover="agent")
    await clerk.get(address(hole))
    files = {"resolve.proof": ("preuve.jpg", photo(), "image/jpeg")}
    page = await clerk.post(address(hole, "etape", "resolve"), _preview="1", resolve__reason="Comblé", files=files)
    (id,) = ticked(page, "resolve.proof")
    await clerk.post(address(hole, "etape", "resolve"), resolve__reason="Comblé", resolve__proof=id)
    record = await desk.record(hole.reference)
    assert record.state == "done"
    assert [file.attachment.id for file in await kept_of(record)] == [id]


async def test_of_the_files_of_a_message_those_left_ticked_are_sent(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    files = [("files", (f"{name}.jpg", photo(name), "image/jpeg")) for name in ("red", "blue")]
    page = await clerk.post(address(hole, "reponse"), words="Voici.", files=files)
    _, blue = ticked(page, "files")
    assert "red.jpg, blue.jpg" in clerk.text
    sent = {"_csrf": clerk.token, "version": str(hole.version), "words": "Voici.", "files": [blue], "_send": "1"}
    answer = await clerk.http.post(address(hole, "reponse"), data=sent)
    assert answer.status_code == 200
    (sent,) = await kept_of(await desk.record(hole.reference))
    assert (sent.attachment.id, sent.attachment.name) == (blue, "blue.jpg")


@pytest.mark.usefixtures("rows_turned")
async def test_files_of_a_message_are_shown_in_the_order_in_which_they_were_chosen(desk, hole):
    """An agent who ticks the second of three photos must not send the first, wherever the database keeps its rows."""
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    files = [("files", (f"{name}.jpg", photo(name), "image/jpeg")) for name in ("red", "blue", "green")]
    await clerk.post(address(hole, "reponse"), words="Voici.", files=files)
    assert "red.jpg, blue.jpg, green.jpg" in clerk.text


async def test_a_file_of_a_message_that_cannot_be_kept_is_named_and_the_others_wait(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    files = [("files", ("a.jpg", photo(), "image/jpeg")), ("files", ("plan.pdf", b"%PDF-1.7 cut", "application/pdf"))]
    page = await clerk.post(address(hole, "reponse"), words="Voici.", _send="1", files=files)
    assert page.status_code == 422
    assert "plan.pdf" in clerk.text
    assert len(ticked(page, "files")) == 1
    assert len(await kept_of(await desk.record(hole.reference))) == 0


async def test_the_message_of_a_step_is_shown_before_the_step_is_made(desk, hole):
    clerk = await desk.signed_in()
    await make_move(desk.host, hole.reference, "start", {}, actor=ANA, mover="agent")
    await clerk.get(address(hole))
    answer = await clerk.post(address(hole, "etape", "ask"), _preview="1", ask__reason="De quel côté de la rue ?")
    assert answer.status_code == 200
    assert said("Message to the requester") in clerk.text
    assert clerk.text.count("De quel côté de la rue ?") == 2
    assert (await desk.record(hole.reference)).state == "working"


async def test_a_note_stays_among_colleagues(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    assert (await clerk.post(address(hole, "note"), words="   ", version=str(hole.version))).status_code == 422
    assert 'href="#note-words"' in clerk.page.text
    await clerk.post(address(hole, "note"), words="Voir <b>avec</b> Luc", version=str(hole.version))
    assert "Voir &lt;b&gt;avec&lt;/b&gt; Luc" in clerk.page.text
    assert (await entries_of(await desk.record(hole.reference)))[-1].audience == "internal"


async def test_what_a_caller_answers_sends_the_request_back_to_work(desk, hole):
    clerk = await desk.signed_in()
    await make_move(desk.host, hole.reference, "start", {}, actor=ANA, mover="agent")
    await make_move(desk.host, hole.reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
    await clerk.get(address(hole))
    await clerk.post(address(hole, "recu"), words="Devant la bibliothèque")
    record = await desk.record(hole.reference)
    assert record.state == "working"
    last = (await entries_of(record))[-1]
    assert (last.kind, last.actor.name) == ("received", clerk.person.name)


async def test_it_happened_again_is_written_down_where_the_type_keeps_a_log(desk, hole):
    clerk = await desk.signed_in()
    quarrel = await desk.request("quarrel", "noise")
    await clerk.get(address(quarrel))
    wrong = await clerk.post(address(quarrel, "evenement"), occurrence__when="")
    assert wrong.status_code == 422
    await clerk.post(address(quarrel, "evenement"), occurrence__when="Hier à 23 h")
    assert "Hier à 23 h" in clerk.text
    assert (await clerk.post(address(hole, "evenement"), occurrence__when="x")).status_code == 404


async def test_it_is_taken_given_and_handed_to_another_unit(desk, hole):
    clerk = await desk.signed_in("agent", "roads", name="Luc Roy")
    other = await desk.signed_in("agent", "lighting", name="Eva Lu")
    await clerk.get(address(hole))
    await clerk.post(address(hole, "attribution"), _take="1", version=str(hole.version))
    record = await desk.record(hole.reference)
    assert record.assignee == UUID(clerk.person.id)
    nobody = await clerk.post(address(hole, "attribution"), unit="roads", assignee="x", version=str(record.version))
    assert nobody.status_code == 422
    runs_machines = await desk.signed_in("operator", name="Oscar")
    assert "Oscar" not in (await clerk.get(address(hole))).text
    refused = await clerk.post(
        address(hole, "attribution"), unit="roads", assignee=runs_machines.person.id, version=str(record.version)
    )
    assert refused.status_code == 422
    unknown = await clerk.post(address(hole, "attribution"), unit="unheard_of", version=str(record.version))
    assert unknown.status_code == 422
    gone = await clerk.post(
        address(hole, "attribution"), unit="lighting", assignee=other.person.id, version=str(record.version)
    )
    assert gone.url.path == "/bureau"
    assert (await clerk.get(address(hole))).status_code == 404
    assert "Eva Lu" in (await other.get(address(hole))).text


async def test_a_confidential_person_is_seen_once_for_a_reason_that_stays(desk):
    quarrel = await desk.request("quarrel", "noise")
    manager = await desk.signed_in("manager", "noise", name="Hélène")
    await manager.get(address(quarrel))
    short = await manager.post(address(quarrel, "identite"), reason="ok")
    assert short.status_code == 422
    assert "Zoé Côté" not in short.text
    seen = await manager.post(address(quarrel, "identite"), reason="Plainte au tribunal")
    assert "Zoé Côté" in seen.text
    assert "zoe@exemple.ca" in seen.text
    again = await manager.get(address(quarrel))
    assert "Zoé Côté" not in again.text
    assert "Plainte au tribunal" in again.text
    last = (await entries_of(await desk.record(quarrel.reference)))[-1]
    assert (last.kind, last.actor.name, last.body) == ("revealed", "Hélène", {"reason": "Plainte au tribunal"})


async def test_open_requests_nearby_and_of_the_same_person_stand_beside_it(desk, hole):
    near = await desk.request("hole", "roads", place=HERE | {"lon": -73.5803}, requester={"mode": "anonymous"})
    theirs = await desk.request("hole", "lighting", place={"lon": -73.62, "lat": 45.55})
    secret = await desk.request("quarrel", "noise", place={"lon": -73.62, "lat": 45.55})
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole))
    assert near.reference in page.text
    assert theirs.reference in page.text
    assert secret.reference not in page.text
    narrow = await desk.signed_in("agent", "roads", name="Luc")
    page = await narrow.get(address(hole))
    assert near.reference in page.text
    assert theirs.reference not in page.text


async def test_a_history_altered_from_outside_is_noticed(desk, hole):
    clerk = await desk.signed_in()
    async with transaction(desk.host.engine):
        await Entry.update({Entry.body: "{}"}).where((Entry.request == hole.id) & (Entry.number == 1))
    await clerk.get(address(hole))
    altered = "Entry %(number)s of the history was altered outside Parvis. Tell the operator."
    assert said(altered, number=1) in clerk.text


async def test_a_long_history_costs_no_more_questions_to_the_database(desk, hole):
    clerk = await desk.signed_in()
    await desk.request("hole", "roads")  # by the same person, as those below
    await clerk.get(address(hole))
    with counted() as short:
        await clerk.get(address(hole))
    for number in range(15):
        await note(desk.host, hole.reference, f"Note {number}", actor=ANA)
        await receive(desk.host, hole.reference, f"Message {number}")
        await desk.request("hole", "roads")
    with counted() as long:
        await clerk.get(address(hole))
    assert short.count == long.count <= 9


@pytest.mark.parametrize(
    ("left", "why"),
    [
        ([], "The plugin for this request type is no longer installed"),
        (
            [DiscoveredPlugin.of("town", ModuleType("town_without_types"))],
            "The plugin for this request type is not working at the moment",
        ),
    ],
)
async def test_a_request_whose_plugin_is_gone_is_read_and_not_moved(settings, town_plugin, left, why):
    async with running(create_app(settings, plugins=[town_plugin])) as desk:
        hole = await desk.request("hole", "roads")
    async with running(create_app(settings, plugins=left)) as desk:
        clerk = await desk.signed_in()
        page = await clerk.get(address(hole))
        assert page.status_code == 200
        assert said(why) in clerk.text
        assert "Un gros trou" in clerk.text
        assert "/etape/" not in page.text
        moved = await clerk.post(address(hole, "etape", "start"), version=str(hole.version))
        assert moved.status_code == 409
        assert (await desk.record(hole.reference)).state == "received"


async def test_what_cannot_be_shown_leaves_the_menu_of_the_desk_at_hand(desk):
    clerk = await desk.signed_in()
    gone = await clerk.get("/bureau/requete/7K3M-9QXT-4")
    assert gone.status_code == 404
    assert said("We cannot find this page") in clerk.text
    assert 'action="/deconnexion"' in gone.text
    stranger = await desk.signed_in("observer", name="Luc")
    refused = await stranger.get("/bureau/non-remis")
    assert refused.status_code == 403
    assert 'href="/bureau"' in refused.text
    for_programs = await clerk.http.get("/bureau/requete/7K3M-9QXT-4", headers={"accept": "application/json"})
    assert for_programs.headers["content-type"] == "application/problem+json"
