"""What the counter takes in, and what it gives back."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.db.tables import Delivery, Entry, ServiceRequest
from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.declarations import Declarations, type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.intake import take_in
from parvis.requests.references import is_key, new_reference
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Workflow


async def ready(answer):
    return answer


async def test_a_submission_becomes_a_request_with_a_receipt(town):
    receipt = await town.submit()
    record = await town.record(receipt.reference)
    assert record.state == "received"
    assert record.unit == "citizens"
    assert record.zone
    assert is_key(town.host.secret, record.id, receipt.key)
    assert receipt.tracking_url == f"http://127.0.0.1:8000/fr/suivi/{receipt.reference}?cle={receipt.key}"


async def test_the_promise_is_told_in_business_days(town):
    with clock.moved_to(datetime(2026, 12, 22, 15, tzinfo=UTC)):
        receipt = await town.submit()
    # 22 December is a Tuesday; Christmas and the town's closed days do not count.
    assert receipt.promised_at > datetime(2026, 12, 30, tzinfo=UTC)


async def test_a_danger_is_promised_within_a_day(town):
    with clock.moved_to(datetime(2026, 12, 22, 15, tzinfo=UTC)):
        receipt = await town.submit(answers={"danger": True})
    assert receipt.promised_at == datetime(2026, 12, 23, 15, tzinfo=UTC)


async def test_the_same_sending_twice_gives_the_same_receipt(town):
    first = await town.submit(idempotency_key="draft-1")
    again = await town.submit(idempotency_key="draft-1", answers={"danger": True})
    assert again == first
    assert await ServiceRequest.count() == 1


async def test_a_repeat_gets_its_receipt_although_its_files_wait_no_longer(town, picture):
    photo = await receive_file(town.host, "h", "photos", "plan.jpg", picture)
    given = {"answers": {"danger": False, "photos": [photo.id]}, "holder": "h", "idempotency_key": "draft-1"}
    first = await town.submit(**given)
    assert await town.submit(**given) == first
    assert await ServiceRequest.count() == 1


async def test_a_file_that_went_with_another_submission_is_missed_and_nothing_is_kept(town, picture, monkeypatch):
    photo = await receive_file(town.host, "h", "photos", "plan.jpg", picture)
    given = {"answers": {"danger": False, "photos": [photo.id]}, "holder": "h"}
    still_there = await waiting("h")
    await town.submit(**given)
    monkeypatch.setattr("parvis.requests.request_service.waiting", lambda holder: ready(still_there))
    problems = await town.submit(**given)
    assert [each.code for each in problems.found] == ["file_missing"]
    assert await ServiceRequest.count() == await Entry.count() == 1


async def test_one_key_in_two_towns_is_two_submissions(town, hole, jurisdictions):
    raw = {"answers": {"danger": True}, "place": {"words": "ici"}, "requester": {"mode": "anonymous"}}
    here, there = (
        jurisdictions.jurisdiction("parvis"),
        structs.replace(jurisdictions.jurisdiction("rivemont"), plugins=None),
    )
    one, other = [
        await take_in(town.host, each, hole.read(raw, channel="api"), idempotency_key="1") for each in (here, there)
    ]
    assert one.reference != other.reference


@pytest.mark.parametrize(("asked", "kept"), [("fr", "fr"), ("en", "en"), ("fr-CA", "fr"), ("en-CA", "en")])
async def test_a_language_of_the_town_is_kept_without_its_region(town, asked, kept):
    receipt = await town.submit(language=asked)
    assert (await town.record(receipt.reference)).language == kept


@pytest.mark.parametrize("asked", ["es", "xx", "EN!", "..", "_fr"])
async def test_a_language_in_which_the_town_does_not_write_is_refused(town, asked):
    problems = await town.submit(language=asked)
    assert [(each.path, each.code) for each in problems.found] == [("language", "language")]


async def test_a_submission_that_was_rolled_back_takes_the_declaration_of_no_later_one_along(town, hole):
    async def fails(record):
        await type_of_record(town.host, record)
        raise ZeroDivisionError

    raw = {
        "language": "fr",
        "answers": {"danger": False},
        "place": {"lon": -73.58, "lat": 45.52},
        "requester": {"mode": "anonymous"},
    }
    there = town.host.jurisdictions.jurisdiction("parvis")
    with pytest.raises(ZeroDivisionError):
        await take_in(town.host, there, hole.read(raw, channel="api"), idempotency_key="a", past=fails)
    record = await town.record((await town.submit()).reference)
    town.host.of(Declarations).by_digest.clear()  # as another process, or this one after a restart
    assert (await type_of_record(town.host, record)).code == "hole"


async def test_a_reference_that_is_taken_is_drawn_again(town, monkeypatch):
    taken = (await town.submit()).reference
    draws = iter([taken, taken, new_reference()])
    monkeypatch.setattr("parvis.requests.intake.new_reference", lambda: next(draws))
    assert (await town.submit()).reference != taken
    assert await ServiceRequest.count() == await Entry.count() == 2


async def test_a_request_fulfilled_by_coming_in_keeps_its_promise_at_once(town_of, hole):
    done = State(code="done", title=Text(fr="Notée", en="Noted"), phase=Phase.CLOSED)
    town = town_of(structs.replace(hole, workflow=Workflow(states=(done,), transitions=())))
    record = await town.record((await town.submit()).reference)
    assert (record.promise, record.closed_at) == ("met", record.submitted_at)


async def test_everything_wrong_is_said_at_once(town):
    problems = await town.submit(answers={}, place={}, requester={"mode": "named"})
    assert isinstance(problems, Problems)
    assert {each.path for each in problems.found} == {
        "answers.danger",
        "place",
        "requester.name",
        "requester.email",
    }
    assert await ServiceRequest.count() == 0


async def test_a_place_outside_the_town_is_refused_with_its_reason(town):
    problems = await town.submit(place={"lon": -71.2, "lat": 46.8})
    assert [each.code for each in problems.found] == ["outside"]


@pytest.mark.parametrize("inside", [True, False])
async def test_latitude_before_longitude_is_refused_and_never_turned_in_silence(town_of, hole, inside):
    town = town_of(structs.replace(hole, place=structs.replace(hole.place, inside=inside, shapes=("point", "polygon"))))
    [problem] = (await town.submit(place={"lon": 45.5236, "lat": -73.5807})).found
    assert (problem.path, problem.code) == ("place", "turned")
    ring = [[-73.581, 45.523], [45.523, -73.580], [-73.580, 45.524], [-73.581, 45.523]]
    [drawn] = (await town.submit(place={"geometry": {"type": "Polygon", "coordinates": [ring]}})).found
    assert drawn.code == "turned"
    assert await ServiceRequest.count() == 0


async def test_an_area_whose_lines_cross_is_drawn_again_before_it_is_charged_by_its_size(town_of, hole):
    town = town_of(structs.replace(hole, place=structs.replace(hole.place, shapes=("polygon",))))
    ring = [[-73.581, 45.523], [-73.580, 45.524], [-73.580, 45.523], [-73.581, 45.524], [-73.581, 45.523]]
    [problem] = (await town.submit(place={"geometry": {"type": "Polygon", "coordinates": [ring]}})).found
    assert (problem.path, problem.code) == ("place", "crossing")
    assert problem.message.fr == "Les lignes de la zone dessinée se croisent\u00a0: dessinez-la de nouveau."


async def test_a_type_that_the_town_does_not_offer_is_refused(town):
    problems = await town.submit(type="unknown")
    assert [each.code for each in problems.found] == ["not_offered"]


async def test_the_first_entry_begins_a_whole_chain(town):
    record = await town.record((await town.submit()).reference)
    (entry,) = await entries_of(record)
    assert (entry.kind, entry.number, entry.hash) == ("submitted", 1, record.last_hash)
    assert await broken_at(record) is None


async def test_no_personal_data_lies_in_the_outbox(town):
    await town.submit(answers={"danger": True, "witness": "Léo Roy"})
    bodies = " ".join(row["event"] for row in await Delivery.select(Delivery.event))
    assert "submitted" in bodies
    assert "zoe@" not in bodies
    assert "Léo" not in bodies


async def test_a_confidential_request_never_has_a_public_page(town):
    record = await town.record((await town.submit("quarrel")).reference)
    assert not record.public
