"""Incidents at the desk, by a person without scripts: declared, worked on, written about, closed with what belongs."""

import html
import re
from collections import Counter

import msgspec
from shapely.geometry import shape

from parvis import clock
from parvis.db import counted
from parvis.db.tables import Delivery
from parvis.requests.advice import count
from parvis_incidents.incidents import incidents_of
from parvis_incidents.matching import Circle, Rule, drawn
from parvis_sdk.contact_methods import EMAIL
from parvis_testing.desk import HERE, ZOE, said
from parvis_testing.modules import switch

FAR = {"lon": -73.56, "lat": 45.555, "address": "1, rue Loin"}
DRAWN = (
    '{"type":"Polygon","coordinates":[[[-73.59,45.52],[-73.57,45.52],[-73.57,45.53],[-73.59,45.53],[-73.59,45.52]]]}'
)


def boxes(page: str) -> dict[str, str]:
    """The hidden boxes of the last form that has any of ours."""
    form = next(part for part in re.findall(r"(?s)<form.*?</form>", page) if "_sure" in part)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)

    return {name: html.unescape(value) for name, value in found if name != "_csrf"}


async def declared(desk, clerk, **answers) -> str:
    """Declared through its pages; its reference."""
    await clerk.get("/bureau/incidents/nouveau?what=water_main")
    given = {"answers__what": "water_main", "place__geometry": DRAWN} | answers
    await clerk.post("/bureau/incidents/nouveau", **given)
    assert clerk.page.status_code == 200, clerk.text[:400]
    await clerk.post("/bureau/incidents/nouveau", **boxes(clerk.page.text), _sure="1")
    assert said("The incident is declared.") in clerk.text
    (one, *_) = await incidents_of(desk.host, desk.host.jurisdictions.jurisdiction("parvis"))
    return one.record.reference


async def test_an_incident_is_declared_after_seeing_what_it_matches(desk):
    for _ in range(2):
        await desk.request()
    await desk.request(place=FAR)
    clerk = await desk.signed_in()
    await clerk.get("/bureau/incidents")
    assert said("No incident in progress.") in clerk.text
    assert "/bureau/incidents/nouveau?what=storm" in clerk.page.text
    assert said("Something else") in clerk.text
    await clerk.get("/bureau/incidents/nouveau?what=storm")
    await clerk.post("/bureau/incidents/nouveau", answers__what="storm", place__geometry=DRAWN)
    assert "2 requêtes correspondent" in clerk.text
    assert await incidents_of(desk.host, desk.host.jurisdictions.jurisdiction("parvis")) == ()
    pressed = boxes(clerk.page.text)
    await clerk.post("/bureau/incidents/nouveau", **pressed, _sure="1")
    await clerk.post("/bureau/incidents/nouveau", **pressed, _sure="1")  # the same press again
    (one,) = await incidents_of(desk.host, desk.host.jurisdictions.jurisdiction("parvis"))
    new = await desk.request()
    await clerk.get(f"/bureau?incident={one.record.reference}")
    assert "3 requêtes" in clerk.text
    await clerk.get(f"/bureau/requete/{new.reference}")
    assert f"/bureau/incidents/{one.record.reference}" in clerk.page.text


async def test_where_nobody_can_follow_declaring_an_incident_speaks_only_of_its_page(desk):
    await switch(desk.host, "off", "following")
    clerk = await desk.signed_in()
    await clerk.get("/bureau/incidents/nouveau?what=storm")
    assert "Diriger les gens vers l’incident" in clerk.text
    assert "suivre" not in clerk.text.lower()
    await clerk.post("/bureau/incidents/nouveau", answers__what="storm", answers__instead="true", place__geometry=DRAWN)
    assert said("The portal directs people to the incident instead of a new request.") in clerk.text
    assert "suivre" not in clerk.text.lower()
    await clerk.post("/bureau/compte/preferences", language="en")
    await clerk.get("/bureau/incidents/nouveau?what=storm")
    assert "Direct people to the incident instead of a new request?" in clerk.text
    assert "to follow" not in clerk.text.lower()
    await switch(desk.host, "on", "following")


async def test_the_questions_come_back_with_what_is_wrong_and_what_was_typed(desk):
    clerk = await desk.signed_in()
    await clerk.get("/bureau/incidents/nouveau")
    page = await clerk.post("/bureau/incidents/nouveau", answers__words="panne, outage", answers__metres="abc")
    assert page.status_code == 422
    assert "panne, outage" in page.text
    assert 'href="#what"' in page.text


async def test_a_request_is_taken_out_and_put_in_from_the_page_and_beside_it(desk):
    near, far = await desk.request(), await desk.request(place=FAR)
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await clerk.post(f"/bureau/incidents/{reference}/retirer", request=near.reference)
    assert said("The request has been permanently removed.") in clerk.text
    await clerk.post(f"/bureau/incidents/{reference}/ajouter", request=far.reference.lower())
    assert said("The request is attached.") in clerk.text
    await clerk.post(f"/bureau/incidents/{reference}/ajouter", request="nothing")
    assert said("You have no request with this number.") in clerk.text
    await clerk.get(f"/bureau/requete/{near.reference}")
    await clerk.post(f"/bureau/incidents/{reference}/ajouter", request=near.reference, **{"from": "case"})
    assert said("Remove it permanently") in clerk.text


async def test_an_incident_is_offered_beside_a_request_of_its_type_and_place_only(desk):
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk, answers__types="hole")
    near, far, other = await desk.request("quarrel"), await desk.request(place=FAR), await desk.request("hole")
    await clerk.post(f"/bureau/incidents/{reference}/retirer", request=other.reference)
    offer = f"/bureau/incidents/{reference}/ajouter"
    for record, fits in ((near, False), (far, False), (other, True)):
        assert (offer in (await clerk.get(f"/bureau/requete/{record.reference}")).text) is fits


async def test_one_message_is_shown_with_whom_it_reaches_and_sent_once(desk):
    await desk.request()
    await desk.request()
    await desk.request(requester={"mode": "named", "name": "Harold", "phone": "514 555-0163"})
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    page = await clerk.post(f"/bureau/incidents/{reference}/message", words_fr="L’eau revient.")
    assert page.status_code == 422
    assert said("Write the message in English too.") in clerk.text
    assert "L’eau revient." in page.text
    await clerk.post(f"/bureau/incidents/{reference}/message", words_fr="L’eau revient.", words_en="Water is back.")
    assert "2 personnes" in clerk.text
    pressed = boxes(clerk.page.text)
    for _ in range(2):
        await clerk.post(f"/bureau/incidents/{reference}/message", **pressed, _sure="1")
    assert said("The message is being sent, once to each person.") in clerk.text
    assert await _told() == 2


async def close_all(clerk, reference: str, **given) -> None:
    """Through the pages for many: what is open of an incident is resolved."""
    page = await clerk.get(f"/bureau/plusieurs?incident={reference}&tous=1")
    chosen = re.search(r'name="chosen" value="([^"]+)"', page.text)[1]
    key = next(key for key in re.findall(r'name="_do" value="([^"]+)"', page.text) if key.startswith("resolve"))
    await clerk.post("/bureau/plusieurs", chosen=chosen, incident=reference, _do=key, **given)


async def test_all_that_belongs_is_closed_at_once_and_told_by_the_closing_word_alone_where_somebody_ticks_that(desk):
    requests = [await desk.request(requester=ZOE | {"email": f"zoe{n}@exemple.ca"}) for n in range(3)]
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await clerk.post(
        f"/bureau/incidents/{reference}/message", words_fr="C’est réparé.", words_en="It is mended.", closing="yes"
    )
    await clerk.post(f"/bureau/incidents/{reference}/message", **boxes(clerk.page.text), _sure="1")
    assert said("The closing message is being sent and the incident has ended.") in clerk.text
    await clerk.get(f"/bureau/plusieurs?incident={reference}&tous=1")
    assert "Case non cochée : 3 personnes recevront un message." in clerk.text.replace("\u00a0", " ")
    assert "Case cochée : 0 personne recevra un message." in clerk.text.replace("\u00a0", " ")
    await close_all(clerk, reference, quiet="yes")
    assert said("No message is sent about this step.") in clerk.text
    assert "3 personnes ne reçoivent rien" in clerk.text
    await clerk.post("/bureau/plusieurs", **boxes(clerk.page.text), _sure="1")
    assert [(await desk.record(each.reference)).phase for each in requests] == ["closed"] * 3
    events = await _events()
    assert Counter(event["event"] for event in events if event.get("tell", True))["moved"] == 0
    assert await _told() == 3


async def test_nothing_that_silences_people_is_ticked_before_somebody_ticks_it(desk):
    await desk.request()
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    assert not await _ticked(clerk, reference)
    await clerk.post(f"/bureau/incidents/{reference}/message", words_fr="Fini.", words_en="Over.", closing="yes")
    await clerk.post(f"/bureau/incidents/{reference}/message", **boxes(clerk.page.text), _sure="1")
    assert not await _ticked(clerk, reference)


async def _ticked(clerk, reference: str) -> list[str]:
    page = await clerk.get(f"/bureau/plusieurs?incident={reference}&tous=1")
    assert "Trou" in page.text
    return re.findall(r"<input[^>]* checked[ >]", re.search(r"(?s)<main.*</main>", page.text)[0])


async def test_a_bulk_close_without_a_closing_word_writes_to_everybody_and_says_to_how_many(desk):
    people = [ZOE, ZOE | {"email": "luc@exemple.ca"}, {"mode": "named", "name": "Harold", "phone": "514 555-0163"}]
    for person in people:
        await desk.request(requester=person)
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    page = await clerk.get(f"/bureau/plusieurs?incident={reference}&tous=1")
    assert 'name="quiet"' not in page.text
    assert "3 personnes recevront un message sur l’étape" in clerk.text
    await close_all(clerk, reference, quiet="yes")  # somebody who sends it all the same silences nobody
    assert "3 personnes recevront un message sur cette étape" in clerk.text
    assert "1 sans message, à joindre autrement" in clerk.text  # nobody calls in this town
    await clerk.post("/bureau/plusieurs", **boxes(clerk.page.text), _sure="1")
    assert list((await _steps_told()).values()) == [True] * 3


async def test_whom_the_closing_word_has_not_told_is_told_of_the_step_although_silence_is_ticked(desk):
    await desk.request()
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await clerk.post(f"/bureau/incidents/{reference}/message", words_fr="Fini.", words_en="Over.", closing="yes")
    await clerk.post(f"/bureau/incidents/{reference}/message", **boxes(clerk.page.text), _sure="1")
    late = await desk.request(requester=ZOE | {"email": "tard@exemple.ca"})
    page = await clerk.get(f"/bureau/plusieurs?r={late.reference}&incident={reference}")
    assert "Case cochée : 1 personne recevra un message." in clerk.text.replace("\u00a0", " ")
    chosen = re.search(r'name="chosen" value="([^"]+)"', page.text)[1]
    key = next(key for key in re.findall(r'name="_do" value="([^"]+)"', page.text) if key.startswith("resolve"))
    await clerk.post("/bureau/plusieurs", chosen=chosen, incident=reference, quiet="yes", _do=key)
    assert "1 personne recevra un message sur cette étape" in clerk.text
    await clerk.post("/bureau/plusieurs", **boxes(clerk.page.text), _sure="1")
    assert (await _steps_told())[late.reference]


async def test_whoever_has_one_unit_sees_incidents_and_of_them_only_their_own(desk):
    mine, other = await desk.request(unit="lighting"), await desk.request()
    whole = await desk.signed_in()
    reference = await declared(desk, whole)
    clerk = await desk.signed_in("agent", "lighting", name="Luc")
    await clerk.get(f"/bureau/incidents/{reference}")
    assert mine.reference in clerk.page.text
    assert other.reference not in clerk.page.text
    assert said("Write to everyone concerned") not in clerk.text
    for path in ("nouveau", f"{reference}/message"):
        assert (await clerk.post(f"/bureau/incidents/{path}", words_fr="x", words_en="x")).status_code == 403
    before = (await desk.record(other.reference)).version
    await clerk.get(f"/bureau/incidents/{reference}")
    assert (await clerk.post(f"/bureau/incidents/{reference}/retirer", request=other.reference)).status_code == 404
    assert (await desk.record(other.reference)).version == before


async def test_the_page_of_an_incident_costs_as_many_statements_however_much_belongs_to_it(desk):
    await desk.request()
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await clerk.get(f"/bureau/incidents/{reference}")
    with counted() as few:
        await clerk.get(f"/bureau/incidents/{reference}")
    for _ in range(6):
        await desk.request()
    with counted() as many:
        await clerk.get(f"/bureau/incidents/{reference}")
    assert few.count == many.count <= 12


async def _events() -> list[dict]:
    rows = await Delivery.select(Delivery.event).order_by(Delivery.id)
    return [msgspec.json.decode(row["event"]) for row in rows]


async def _steps_told() -> dict[str, bool]:
    """Of each request that moved, whether people are told."""
    return {each["reference"]: each.get("tell", True) for each in await _events() if each["event"] == "moved"}


async def _told() -> int:
    events = [event for event in await _events() if event["event"] == "announced"]
    return sum(event.get("requester", False) + len(event.get("followers", ())) for event in events)


async def test_residents_read_the_latest_word_on_the_page_of_the_incident_and_beside_their_request(desk):
    receipt = await desk.counter.submit(
        "parvis",
        "hole",
        {"language": "fr", "answers": {"danger": False}, "place": HERE, "requester": ZOE},
        channel="portal",
    )
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await clerk.post(f"/bureau/incidents/{reference}/message", words_fr="L’eau revient.", words_en="Water is back.")
    await clerk.post(f"/bureau/incidents/{reference}/message", **boxes(clerk.page.text), _sure="1")
    resident = desk.browser()
    assert "Water is back." in (await resident.get(f"/en/request/{reference}")).text
    own = await resident.get(receipt.tracking_url.removeprefix("http://127.0.0.1:8000"))
    assert "L’eau revient." in own.text
    assert f"/fr/requete/{reference}" in own.text


async def test_an_incident_is_a_notice_on_the_portal_that_leads_to_its_page_in_the_language_of_the_reader(desk):
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk, answers__shown="yes")
    resident = desk.browser()
    for path, page in (
        ("/fr", f"/fr/requete/{reference}"),
        ("/fr/services/rues/trou", f"/fr/requete/{reference}"),
        ("/en/services/streets/hole", f"/en/request/{reference}"),
    ):
        answer = await resident.get(path)
        assert answer.status_code == 200
        assert page in answer.text


async def sends(clerk, reference: str, **given: str) -> str:
    """One message through its pages; what the page before sending said."""
    path = f"/bureau/incidents/{reference}/message"
    await clerk.post(path, **({"words_fr": "Du nouveau.", "words_en": "News."} | given))
    seen = clerk.text.replace("\u00a0", " ")
    await clerk.post(path, **boxes(clerk.page.text), _sure="1")
    return seen


async def test_a_correction_says_on_its_page_how_many_heard_the_error_and_are_concerned_no_more(desk):
    taken = await desk.request()
    await desk.request(requester=ZOE | {"email": "luc@exemple.ca"})
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    assert 'name="only_now"' not in clerk.page.text  # nobody was told anything yet
    assert "Le message sera envoyé à 2 personnes" in await sends(clerk, reference)
    await clerk.post(f"/bureau/incidents/{reference}/retirer", request=taken.reference)
    main = re.search(r"(?s)<main.*</main>", clerk.page.text)[0]
    assert not re.findall(r"<input[^>]* checked[ >]", main)
    seen = await sends(clerk, reference, only_now="yes")
    assert "Le message sera envoyé à 1 personne" in seen
    assert "1 autre personne déjà avisée ne reçoit pas ce message" in seen
    seen = await sends(clerk, reference, correction="yes", emergency="yes")
    assert "Le message sera envoyé à 2 personnes" in seen
    assert "n’est plus touchée" in seen
    assert "deux heures" in seen
    assert said("correction") in clerk.text
    assert said("Emergency") in clerk.text


async def test_the_ledger_is_a_page_and_a_sheet_of_who_was_told_by_which_way_and_what_became_of_it(desk):
    request = await desk.request()
    await desk.request(requester={"mode": "named", "name": "Harold", "phone": "514 555-0163"}, unit="lighting")
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await sends(clerk, reference)
    assert "2 en cours d’envoi" in clerk.text.replace("\u00a0", " ")
    page = await clerk.get(f"/bureau/incidents/{reference}/registre?message=1")
    assert page.status_code == 200
    assert "Zoé Côté" in clerk.text
    assert "Harold" in clerk.text
    assert EMAIL.by.fr in clerk.text
    sheet = (await clerk.get(f"/bureau/incidents/{reference}/registre.csv?message=1")).text
    assert request.reference in sheet
    assert "zoe@exemple.ca" in sheet
    assert len(sheet.strip().splitlines()) == 3
    await clerk.get(f"/bureau/incidents/{reference}/registre?etat=failed")
    assert said("No one matches these filters.") in clerk.text
    other = await desk.signed_in("agent", "lighting", name="Luc")
    await other.get(f"/bureau/incidents/{reference}/registre")
    assert "Harold" in other.text
    assert "Zoé Côté" not in other.text
    assert "zoe@exemple.ca" not in (await other.get(f"/bureau/incidents/{reference}/registre.csv")).text


async def test_the_page_draws_the_area_with_its_requests_and_counts_who_said_that_it_is_the_same(desk):
    await desk.request()
    clerk = await desk.signed_in()
    reference = await declared(desk, clerk)
    await clerk.get(f"/bureau/incidents/{reference}")
    frame = re.search(r'<div class="map-wrap[^>]*data-map="requests"[^>]*>', clerk.page.text)[0]
    (area,) = msgspec.json.decode(html.unescape(re.search(r'data-area="([^"]*)"', frame)[1]))
    assert area["rings"][0][0] == [-73.59, 45.52]
    points = html.unescape(re.search(r'data-groups="([^"]*)"', frame)[1])
    found = (await clerk.http.get(f"{points}&zoom=15")).json()
    assert len(found["groups"]) == 1
    assert "Est-ce le même bris?" not in clerk.text
    town = desk.host.jurisdictions.jurisdiction("parvis")
    for what in ("told", "told", "insisted"):
        await count(desk.host, town, "hole", [f"operation:incident-{reference.lower()}"], what)
    await clerk.get(f"/bureau/incidents/{reference}")
    assert "Est-ce le même bris?" in clerk.text
    assert "1 personne a dit non" in clerk.text
    assert "question posée 2 fois" in clerk.text


def test_an_area_is_drawn_as_rings_or_as_a_circle_and_zones_with_it():
    zone = shape({"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]})
    rule = Rule(since=clock.now(), zones=("a", "gone"), area=Circle(2.0, 3.0, 400))
    rings, circle = drawn(rule, {"a": zone})
    assert rings["rings"][0][0] == [0.0, 0.0]
    assert circle == {"lon": 2.0, "lat": 3.0, "metres": 400}
