"""The whole file of a request taken away as one ZIP: what one may see, with its seals, and written down."""

import io
import json
import zipfile

from PIL import Image

from parvis.db import transaction
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import bind
from parvis.requests.attached.receiving import receive_file
from parvis.requests.history import entries_of
from parvis.requests.whole_file import FileLine, SectionSource
from parvis.requests.work.conversation import note
from parvis_sdk.text import Text
from parvis_testing.desk import ZOE, said

from .test_case import address

LUC = Actor(kind="agent", id="luc", name="Luc Roy")


async def take(who, record, **given):
    await who.get(address(record, "dossier"))
    return await who.post(address(record, "dossier/archive"), **given)


def opened(answer):
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.testzip() is None
    return packed, json.loads(packed.read("donnees.json")), packed.read("dossier.html").decode()


async def test_one_archive_holds_page_data_files_and_every_seal_and_the_story_says_who_took_it(desk):
    hole = await desk.request("hole", "roads", requester=ZOE | {"postal_address": "C. P. 5\nMagog"})
    photo = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(photo, "JPEG")
    file = await receive_file(desk.host, "h", "f", "trou.jpg", photo.getvalue())
    async with transaction(desk.host.engine):
        await bind(hole.id, "h", {file.id: "internal"})
    clerk = await desk.signed_in()
    packed, data, page = opened(await take(clerk, hole))
    entries = await entries_of(hole)
    assert [each["hash"] for each in data["history"]] == [each.hash for each in entries]
    assert [each["kind"] for each in data["history"]] == ["submitted", "assigned", "taken"]
    assert entries[-1].actor.name == "Ana Tremblay"
    assert data["contact"]["email"] == "zoe@exemple.ca"
    assert data["contact"]["postal_address"] == "C. P. 5\nMagog"
    assert "C. P. 5<br>Magog" in page
    (told,) = data["files"]
    assert packed.read(told["in_archive"]).startswith(b"\xff\xd8")
    assert f'href="{told["in_archive"]}"' in page
    assert entries[0].hash in page
    assert "src=" not in page


async def test_a_confidential_person_leaves_with_the_file_only_for_a_reason_that_is_written(desk):
    quarrel = await desk.request("quarrel")
    clerk, manager = await desk.signed_in("agent"), await desk.signed_in("manager")
    for who in (clerk, manager):
        _, data, page = opened(await take(who, quarrel))
        assert data["contact"] is None
        assert "Zoé" not in page + json.dumps(data, ensure_ascii=False)
    assert (await take(clerk, quarrel, _all="1", reason="Demande d’accès")).status_code == 403
    refused = await take(manager, quarrel, _all="1", reason="x")
    assert refused.status_code == 422
    assert 'href="#all-reason"' in refused.text
    _, data, _ = opened(await take(manager, quarrel, _all="1", reason="Demande d’accès"))
    assert data["contact"]["name"] == "Zoé Côté"
    last = (await entries_of(quarrel))[-1]
    assert (last.kind, last.body) == ("taken", {"sensitive": True, "reason": "Demande d’accès"})
    await manager.get(address(quarrel))
    assert "Requête exportée au complet" in manager.text


async def test_of_what_one_may_not_read_there_is_the_seal_alone(desk):
    quarrel = await desk.request("quarrel")
    await note(desk.host, quarrel.reference, "Un mot", actor=LUC)
    manager = await desk.signed_in("manager")
    await manager.post(address(quarrel, "identite"), reason="Demande d’accès")
    _, data, _ = opened(await take((await desk.signed_in("agent")), quarrel))
    entries = await entries_of(quarrel)
    assert len(data["history"]) == len(entries)
    for told, entry, before in zip(data["history"][1:], entries[1:], data["history"], strict=False):
        assert told["previous_hash"] == before["hash"] == entry.previous_hash


async def test_who_does_not_see_the_request_gets_nothing_and_nothing_is_written(desk):
    hole = await desk.request("hole", "roads")
    parks = await desk.signed_in("agent", "parks")
    assert (await take(parks, hole)).status_code == 404
    assert [each.kind for each in await entries_of(hole)] == ["submitted", "assigned"]


async def test_what_owners_add_to_the_file_of_a_request_stands_in_all_of_it_and_says_where_one_fails(desk, monkeypatch):
    async def lines(host, record, language):
        return (FileLine(words=Text(fr="Arbre mesuré"), by="Luc", at=record.submitted_at, data={"height": 7}),)

    async def fails(host, record, language):
        raise RuntimeError("no tree is there")

    sources = (
        SectionSource(name="trees", title=Text(fr="Arbres", en="Trees"), lines=lines),
        SectionSource(name="dogs", title=Text(fr="Chiens", en="Dogs"), lines=fails),
    )
    heard = desk.host.modules.heard
    monkeypatch.setattr(
        desk.host.modules, "heard", lambda noun, town=None: sources if noun is SectionSource else heard(noun, town)
    )
    hole, clerk = await desk.request("hole", "roads"), await desk.signed_in()
    _, data, page = opened(await take(clerk, hole))
    assert (data["trees"], data["dogs"]) == ([{"height": 7}], None)
    for shown in (page, (await clerk.get(address(hole, "dossier"))).text):
        assert "Arbre mesuré" in shown
        assert said("This part could not be exported.") in shown
