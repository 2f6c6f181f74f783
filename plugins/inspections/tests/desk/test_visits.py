"""Visits at the desk and on site without scripts: planned, moved, made, corrected, by those who may and nobody else."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from msgspec import structs
from PIL import Image

from parvis import clock
from parvis.db import counted, transaction
from parvis.jurisdictions.calendars import local_day, next_business_day
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import kept_of
from parvis.requests.lifecycle import make_move
from parvis.requests.references import key_for
from parvis.requests.remaining_parts import RemainingParts, has_part
from parvis_inspections.inspecting import plan_visit
from parvis_inspections.inspections_due import mark_overdue
from parvis_inspections.slots import read_slot
from parvis_inspections.tables import Inspection, InspectionResult
from parvis_inspections.visits import results_of, visits_of
from parvis_my_requests.archive import as_data, gather
from parvis_sdk.inspections import Inspection as DeclaredInspection
from parvis_testing.desk import ANA, HERE, said
from parvis_testing.modules import switch


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "blue").save(content, "JPEG")
    return content.getvalue()


def next_day(desk) -> str:
    calendar = desk.host.jurisdictions.jurisdiction("parvis").calendar
    return next_business_day(calendar, local_day(calendar, clock.now())).isoformat()


async def begun(desk, unit="permits", **given):
    """Works that have begun, with their visits."""
    record = await desk.request("works", unit, answers={"danger": False}, **given)
    await make_move(desk.host, record.reference, "begin", {}, actor=ANA, mover="agent")
    record = await desk.record(record.reference)
    return record, {each.code: each for each in await visits_of(record.id)}


async def planned(desk, record, visit, person=None, day=None):
    slot = read_slot(
        desk.host.jurisdictions.jurisdiction("parvis"), {"day": day or next_day(desk), "slot": "morning"}, clock.now()
    )
    who = UUID(person.id) if person else None
    actor = Actor(kind="agent", id="ana", name="Ana Tremblay")
    name = person.name if person else ""
    await plan_visit(desk.host, visit, record.reference, slot, inspector=who, inspector_name=name, actor=actor)
    return next(each for each in await visits_of(record.id) if each.id == visit.id)


async def test_those_ticked_are_planned_together_and_what_must_wait_cannot_be_ticked(desk):
    (one, ones), (two, twos) = await begun(desk), await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    page = await clerk.get("/bureau/visites")
    assert page.status_code == 200
    ticks = re.findall(r'name="ticked" value="([^"]+)"', page.text)
    assert {each.partition(":")[0] for each in ticks} == {str(ones["footing"].id), str(twos["footing"].id)}
    assert "Semelles" in clerk.text
    sent = {"ticked": ticks, "day": next_day(desk), "slot": "afternoon", "inspector": clerk.person.id}
    page = await clerk.post("/bureau/visites", **sent)
    assert "2" in re.search(r"banner--ok.*?</div>\s*</div>", page.text, re.S)[0]
    for record in (one, two):
        visit = next(each for each in await visits_of(record.id) if each.code == "footing")
        assert (visit.state, visit.slot, visit.inspector_name) == ("planned", "afternoon", "Ana Tremblay")
    # Sent once more, from a page that is no longer true.
    page = await clerk.post("/bureau/visites", **sent)
    assert page.status_code == 409
    assert one.reference in clerk.text
    page = await clerk.post("/bureau/visites", day="", slot="morning", inspector="nobody")
    assert page.status_code == 422


async def test_visits_made_before_stay_in_reach_where_nothing_that_is_offered_has_any(desk):
    plugins = desk.host.plugins
    del plugins.request_types["works"]
    plugin = plugins.by_name["town"]
    offered = tuple(each for each in plugin.request_types if each != "works")
    plugins.by_name["town"] = structs.replace(plugin, request_types=offered)
    clerk = await desk.signed_in("agent", "permits")
    assert 'href="/bureau/visites"' not in (await clerk.get("/bureau")).text
    desk.host.of(RemainingParts).add(("parvis", "inspection"))
    assert 'href="/bureau/visites"' in (await clerk.get("/bureau")).text


async def test_what_remains_is_looked_for_again_when_another_module_is_on(desk):
    await begun(desk)
    town, remaining = desk.host.jurisdictions.jurisdiction("parvis"), desk.host.of(RemainingParts)
    await remaining.look(desk.host)
    for state, left in (("off", {("parvis", "inspection")}), ("on", set())):
        await switch(desk.host, state, "inspections")
        await remaining.look(desk.host)
        assert remaining & {("parvis", "inspection")} == left
        assert has_part(desk.host, town, DeclaredInspection)


async def test_a_visit_is_planned_moved_cancelled_and_found_needless(desk):
    record, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/visites/{visits['footing'].id}"
    await clerk.get(path)
    await clerk.post(f"{path}/plan", version=1, day=next_day(desk), slot="hours", **{"from": "09:00", "to": "10:30"})
    assert clerk.page.status_code == 200
    assert "entre 9" in clerk.text
    page = await clerk.post(f"{path}/annulation", version=1, reason="Pluie")
    assert page.status_code == 409
    page = await clerk.post(f"{path}/annulation", version=2, reason="")
    assert page.status_code == 422
    await clerk.post(f"{path}/annulation", version=2, reason="Pluie")
    assert said("not planned yet") in clerk.text
    await clerk.post(f"{path}/inutile", version=3, reason="Déjà vérifié")
    assert said("no longer needed") in clerk.text
    await clerk.get(f"/bureau/requete/{record.reference}")
    assert "Semelles" in clerk.text
    assert "Pluie" in clerk.text


async def test_a_checklist_is_a_plain_form_that_is_kept_once(desk):
    record, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/terrain/{visits['footing'].id}"
    page = await clerk.get(path)
    key = re.search(r'name="_key" value="([^"]+)"', page.text)[1]
    page = await clerk.post(path, _key=key, _corrects="0", outcome="made", **{"points.depth.finding": "not_ok"})
    assert page.status_code == 422
    assert said("Error:") in clerk.text
    sent = {
        "points.depth.finding": "not_ok",
        "points.depth.note": "Il manque 20 cm",
        "points.drain.finding": "ok",
        "notice": "yes",
        "outcome": "made",
        "_key": key,
        "_corrects": "0",
    }
    for _ in range(2):
        page = await clerk.post(path, files=[("points.depth.photos", ("a.jpg", picture(), "image/jpeg"))], **sent)
        assert page.status_code == 200
        assert "resultat" in str(page.url)
    assert "Il manque 20 cm" in clerk.text
    assert await InspectionResult.count() == 1
    assert [each.audience for each in await kept_of(record)] == ["requester"]
    again = [each for each in await visits_of(record.id) if each.code == "footing"][-1]
    page = await clerk.get(f"/bureau/terrain/{again.id}")
    assert "Il manque 20 cm" in clerk.text
    assert 'name="points.drain.finding"' not in page.text


async def test_a_result_is_corrected_from_its_own_page_with_its_photos(desk):
    _, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/terrain/{visits['footing'].id}"
    await clerk.get(path)
    sent = {"points.depth.finding": "not_ok", "points.depth.note": "x", "points.drain.finding": "ok", "outcome": "made"}
    photo = [("points.depth.photos", ("a.jpg", picture(), "image/jpeg"))]
    await clerk.post(path, files=photo, _key="first-of-all", _corrects="0", **sent)
    page = await clerk.get(path)
    kept = re.search(r'name="points.depth.photos" value="([^"]+)" checked', page.text)[1]
    change = sent | {"points.depth.note": "Autre mot", "points.depth.photos": kept}
    page = await clerk.post(path, _key="second-of-all", _corrects="1", **change)
    assert page.status_code == 200, clerk.text
    results = (await results_of([visits["footing"].id]))[visits["footing"].id]
    assert [each.found["depth"].note for each in results] == ["x", "Autre mot"]
    assert results[0].found["depth"].photos == results[1].found["depth"].photos
    # Somebody with an older page is told what stands.
    other = await desk.signed_in("agent", "permits", name="Marc Roy")
    await other.get(path)
    page = await other.post(path, _key="third-of-all", _corrects="1", **change)
    assert page.status_code == 409
    assert "Ana Tremblay" in other.text


@pytest.mark.parametrize("after", [1, 40], ids=["before the day", "after it"])
async def test_a_note_is_corrected_without_touching_the_notice_or_its_day(desk, after):
    record, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/terrain/{visits['footing'].id}"
    await clerk.get(path)
    sent = {"points.depth.finding": "not_ok", "points.depth.note": "x", "points.drain.finding": "ok", "outcome": "made"}
    photo = [("points.depth.photos", ("a.jpg", picture(), "image/jpeg"))]
    due = (clock.now() + timedelta(days=30)).date().isoformat()
    await clerk.post(path, files=photo, _key="first-of-all", _corrects="0", notice="yes", due=due, **sent)
    with clock.moved_to(clock.now() + timedelta(days=after)):
        clerk = await desk.signed_in("agent", "permits", name="Marc Roy")
        await mark_overdue(desk.host)
        before = next(each for each in await visits_of(record.id) if each.id == visits["footing"].id)
        page = await clerk.get(path)
        kept = re.search(r'name="points.depth.photos" value="([^"]+)" checked', page.text)[1]
        shown = {"due": re.search(r'name="due"[^>]* value="([^"]*)"', page.text)[1]}
        shown |= {"notice": "yes"} if re.search(r'name="notice"[^>]* checked', page.text) else {}
        change = sent | shown | {"points.depth.note": "Autre mot", "points.depth.photos": kept}
        page = await clerk.post(path, _key="second-of-all", _corrects="1", **change)
        assert page.status_code == 200, clerk.text
        now = next(each for each in await visits_of(record.id) if each.id == visits["footing"].id)
    assert (now.notice, now.due, now.overdue) == (True, due, after == 40)
    assert (before.notice, before.due, before.overdue) == (now.notice, now.due, now.overdue)
    results = (await results_of([now.id]))[now.id]
    assert [each.found["depth"].note for each in results] == ["x", "Autre mot"]


async def test_a_phone_is_answered_in_its_own_words(desk):
    _, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/terrain/{visits['footing'].id}"
    told = (await clerk.http.get("/bureau/terrain/jeton", headers={"accept": "application/json"})).json()
    assert told["person"] == clerk.person.id
    headers = {"accept": "application/json", "x-csrf-token": told["csrf"]}

    async def post(where, data, files=None, **more):
        return await clerk.http.post(where, data=data, files=files, headers=headers | more)

    photo = {"photo": ("a.jpg", picture(), "image/jpeg")}
    first = await post(f"{path}/photo", {"_key": "k1", "mark": "m1"}, photo)
    again = await post(f"{path}/photo", {"_key": "k1", "mark": "m1"}, photo)
    assert first.json() == again.json()
    sent = {
        "_key": "k1",
        "outcome": "made",
        "points.depth.finding": "not_ok",
        "points.depth.note": "x",
        "points.depth.photos": first.json()["id"],
        "points.drain.finding": "ok",
    }
    assert (await post(path, sent | {"points.drain.finding": ""})).json()["problems"][0][
        "path"
    ] == "points.drain.finding"
    answer = await post(path, sent)
    assert answer.json()["state"] == "kept"
    assert (await post(path, sent)).json() == answer.json()
    assert (await post(f"{path}/photo", {"_key": "k1", "mark": "m1"}, photo)).json()["kept"] is True
    assert (await post(path, sent | {"_key": "k2"})).status_code == 409
    other = {"_key": "k3", "outcome": "made", "points.depth.finding": "ok", "points.drain.finding": "ok"}
    refused = await post(path, other)
    assert (refused.status_code, refused.json()["state"]) == (409, "refused")
    assert (await post(path, other, **{"x-csrf-token": "no"})).status_code == 403
    clerk.http.cookies.clear()
    assert (await post(path, other)).status_code == 401
    assert await InspectionResult.count() == 1


async def test_a_seal_is_one_for_each_person_and_stays_theirs(desk):
    seals = []
    for name in ("Ana Tremblay", "Marc Roy"):
        clerk = await desk.signed_in("agent", "permits", name=name)
        for _ in range(2):
            seals.append(
                (await clerk.http.get("/bureau/terrain/jeton", headers={"accept": "application/json"})).json()["seal"]
            )
    assert seals[0] == seals[1] != seals[2] == seals[3]


async def test_only_those_who_work_for_its_unit_or_that_of_the_request_find_a_visit(desk):
    record, visits = await begun(desk)
    visit = await planned(desk, record, visits["footing"])
    for role, over, sees in (
        ("agent", "permits", True),
        ("agent", "planning", True),
        ("agent", "", True),
        ("agent", "roads", False),
        ("observer", "permits", False),
    ):
        clerk = await desk.signed_in(role, over)
        for path in (f"/bureau/visites/{visit.id}", f"/bureau/terrain/{visit.id}"):
            assert (await clerk.get(path)).status_code == (200 if sees else 404), (role, over, path)
        await clerk.get("/bureau/compte")
        answer = await clerk.post(f"/bureau/terrain/{visit.id}", outcome="missed", words="x", _key="zz")
        assert (answer.status_code == 404) is not sees
    lost = await desk.signed_in("agent", "permits")
    assert (await lost.get("/bureau/visites/not-an-id")).status_code == 404


async def test_the_round_is_a_list_and_the_same_map_in_constant_queries(desk):
    clerk = await desk.signed_in("agent", "permits")
    day = next_day(desk)

    async def add(lon):
        record, visits = await begun(desk, place=HERE | {"lon": lon})
        await planned(desk, record, visits["footing"], clerk.person, day)

    async def asked(path):
        with counted() as queries:
            page = await clerk.get(path)
        assert page.status_code == 200
        return queries.count, page.text

    await add(-73.57)
    paths = (
        f"/bureau/visites/tournee?jour={day}",
        "/bureau/visites",
        "/bureau/visites?vue=prevues",
        f"/bureau/terrain?jour={day}",
    )
    before = {path: (await asked(path))[0] for path in paths}
    for lon in (-73.56, -73.60, -73.58):
        await add(lon)
    after = {path: await asked(path) for path in paths}
    assert {path: count for path, (count, _) in after.items()} == before
    text = after[paths[0]][1]
    listed = re.findall(r'data-visit="([^"]+)"', text)
    pinned = re.findall(r"/bureau/visites/([0-9a-f-]{36})", re.search(r'data-markers="([^"]+)"', text)[1])
    assert listed == pinned
    assert len(listed) == 4
    assert re.findall(r'data-marker="(\d)"', text) == ["0", "1", "2", "3"]


async def test_a_round_is_that_of_one_inspector_or_of_all(desk):
    clerk, other = await desk.signed_in("agent", "permits"), await desk.signed_in("agent", "permits", name="Marc Roy")
    record, visits = await begun(desk)
    visit = await planned(desk, record, visits["footing"], other.person)
    path = f"/bureau/terrain?jour={visit.day}"
    assert str(visit.id) not in (await clerk.get(path)).text
    assert str(visit.id) in (await clerk.get(f"{path}&a=tous")).text
    assert str(visit.id) in (await other.get(path)).text


async def test_an_inspector_of_another_unit_makes_the_visit_that_the_town_gives_it(desk):
    record, visits = await begun(desk, "permits")
    async with transaction(desk.host.engine):
        await Inspection.update({Inspection.unit: "environment"}).where(Inspection.id == visits["footing"].id)
    clerk = await desk.signed_in("agent", "environment")
    page = await clerk.get(f"/bureau/terrain/{visits['footing'].id}")
    assert page.status_code == 200
    assert f"/bureau/requete/{record.reference}" not in page.text
    assert (await clerk.get(f"/bureau/requete/{record.reference}")).status_code == 404
    assert (await clerk.get(f"/bureau/terrain/{visits['final'].id}")).status_code == 404


async def test_a_requester_reads_of_visits_suggests_times_and_takes_one_into_a_calendar(desk):
    record, visits = await begun(desk)
    visit = await planned(desk, record, visits["footing"])
    resident = desk.browser()
    key = key_for(desk.host.secret, record.id)
    own = f"/fr/suivi/{record.reference}"
    assert (await resident.get(f"{own}/inspections/footing")).url.path == "/fr/suivi"
    await resident.get(f"{own}?cle={key}")
    assert "Semelles" in resident.text
    assert "Laissez le coffrage ouvert." in resident.text
    assert ANA.name not in resident.text
    event = (await resident.get(f"{own}/inspections/{visit.id}/agenda.ics")).text
    assert f"UID:{visit.id}@" in event
    assert f"SUMMARY:Visite\u00a0: Semelles\\, Ville de Parvis ({record.reference})" in event
    assert f"DTSTART:{visit.starts_at:%Y%m%dT%H%M%SZ}" in event
    assert f"DTEND:{visit.ends_at:%Y%m%dT%H%M%SZ}" in event
    assert f"SEQUENCE:{visit.version}" in event
    page = await resident.get(f"{own}/inspections/footing")
    assert said("Suggest another time") in resident.text
    page = await resident.post(f"{own}/inspections/footing")
    assert page.status_code == 422
    year, month, day = next_day(desk).split("-")
    wish = {"first_day.day": day, "first_day.month": month, "first_day.year": year, "first_part": "afternoon"}
    page = await resident.post(f"{own}/inspections/footing", words="Par la ruelle", **wish)
    assert page.status_code == 200
    assert "Par la ruelle" in resident.text
    now = next(each for each in await visits_of(record.id) if each.id == visit.id)
    assert now.wishes.times == ((next_day(desk), "afternoon"),)
    assert now.version == visit.version + 1
    assert (await resident.get(f"{own}/inspections/roof")).status_code == 404
    assert (await resident.get(f"{own}/inspections/{visits['final'].id}/agenda.ics")).status_code == 404
    english = await resident.get(f"/en/track/{record.reference}?cle={key}")
    assert "Footings" in english.text


async def test_the_archive_of_a_person_holds_their_visits_and_what_was_found(desk):
    record, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/terrain/{visits['footing'].id}"
    await clerk.get(path)
    await clerk.post(path, _key="k", outcome="missed", words="Chien dans la cour")
    archive = await gather(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), "zoe@exemple.ca", "fr")
    said_of = json.loads(as_data(archive))["requests"][0]["inspections"]
    found = next(each for each in said_of if each["state"] == "missed")
    assert (found["title"], found["results"][0]["words"]) == ("Semelles", "Chien dans la cour")
    assert "Ana Tremblay" not in json.dumps(said_of)
    assert record.reference in as_data(archive).decode()


async def test_what_was_found_stays_to_be_read_where_visits_are_switched_off(desk):
    record, visits = await begun(desk)
    clerk = await desk.signed_in("agent", "permits")
    path = f"/bureau/terrain/{visits['footing'].id}"
    await clerk.get(path)
    await clerk.post(path, _key="k", outcome="missed", words="Chien dans la cour")
    await switch(desk.host, "off", "inspections")
    told = (said("What was filed"), "Semelles : la visite n’a pas pu se faire", "Chien dans la cour")
    try:
        for address in ("", "/dossier"):
            await clerk.get(f"/bureau/requete/{record.reference}{address}")
            assert [words for words in told if words not in unescape(clerk.text)] == []
    finally:
        await switch(desk.host, "on", "inspections")
