"""How reports stand there: states that move and states that nobody knows, numbers for tokens, broken lists."""

import tomllib
from datetime import datetime, timedelta

import httpx
import msgspec
import pytest
from msgspec import structs

from parvis_open311_connector.connector import connector_for
from parvis_open311_connector.proposing import Proposal
from parvis_open311_connector.settings import Service
from parvis_sdk.commands import CommandRun
from parvis_sdk.errors import Later, Refused

from .conftest import NOW, as_json, neighbour, service, settings

FILED = {"service": "pothole", "since": "2026-11-20T12:00:00Z", "id": "R-1"}
ROW = {
    "service_request_id": "R-1",
    "status": "open",
    "status_notes": "",
    "updated_datetime": "2026-11-25T06:00:00-05:00",
}
MOVES = {"services": (service(moves={"closed": "resolve"}, given={"closed": {"reason": "{words}"}}),)}


def asked(connection, cursor="", **more):
    return connector_for(neighbour(**{**MOVES, **more}), {}).changes(connection, cursor)


def says(*rows):
    return lambda asked: as_json(list(rows))


async def news_of(lend, *rows, held=FILED, **more):
    return (await asked(lend(says(*rows), {"TEST-0001": held}), **more)).updates


async def test_a_new_state_is_noted_and_moves_once(lend):
    closed = ROW | {"status": "Closed", "status_notes": "Bouché"}
    (update,) = await news_of(lend, closed)
    assert (update.reference, update.move, update.given) == ("TEST-0001", "resolve", {"reason": "Bouché"})
    assert update.at == datetime.fromisoformat("2026-11-25T06:00:00-05:00")
    assert update.note.fr == "Ville de Rivemont, R-1\u00a0: «\u00a0closed · Bouché\u00a0»"
    assert await news_of(lend, closed, held=update.remember["filed"]) == ()
    (changed,) = await news_of(lend, closed | {"status_notes": "Bien bouché"}, held=update.remember["filed"])
    assert (changed.move, changed.key != update.key) == ("", True)


async def test_the_first_open_says_nothing(lend):
    (update,) = await news_of(lend, ROW)
    assert (update.note, update.move) == (None, "")


async def test_a_state_that_is_in_no_mapping_is_shown_and_never_guessed(lend):
    detailed = {"services": (service(read="extended_attributes.detailed_status", moves={"FIXED": "resolve"}),)}
    (update,) = await news_of(lend, ROW | {"extended_attributes": {"detailed_status": "PENDING"}}, **detailed)
    assert "«\u00a0PENDING\u00a0»" in update.note.fr
    assert "pas dans la correspondance" in update.note.fr
    assert update.move == ""
    (update,) = await news_of(lend, ROW | {"extended_attributes": {"detailed_status": "FIXED"}}, **detailed)
    assert update.move == "resolve"


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-11-25T06:00:00", datetime.fromisoformat("2026-11-25T06:00:00-05:00")),
        ("2026-11-25T11:00:00.123Z", datetime.fromisoformat("2026-11-25T11:00:00.123+00:00")),
        ("2026-12-25T11:00:00Z", NOW),
        *((wrong, None) for wrong in ("", "hier", "0001-01-01T00:00:00", "99999-01-01", 1764072000, None)),
    ],
)
async def test_times_come_with_and_without_a_zone_and_from_clocks_that_are_wrong(lend, given, at):
    (update,) = await news_of(lend, ROW | {"status": "closed", "updated_datetime": given})
    assert update.at == at


async def test_what_was_not_asked_for_is_nobodys_and_of_a_number_twice_the_last_change_counts(lend):
    stranger = ROW | {"service_request_id": "R-9", "status": "closed"}
    newer = ROW | {"status": "closed", "updated_datetime": "2026-11-25T11:30:00Z"}
    kept = {"TEST-0001": FILED, "TEST-0002": FILED | {"id": "R-2"}}
    second = ROW | {"service_request_id": "R-2"}
    news = await asked(lend(says(newer, stranger, second, ROW), kept))
    assert [(each.reference, each.move) for each in news.updates] == [("TEST-0001", "resolve"), ("TEST-0002", "")]


async def test_a_server_that_takes_no_list_is_asked_one_by_one_some_at_a_time(lend, endpoint):
    endpoint.takes_lists = False
    endpoint.filed = [ROW | {"service_request_id": f"R-{number}", "status": "closed"} for number in range(25)]
    kept = {f"TEST-{number:04}": FILED | {"id": f"R-{number}"} for number in range(25)}
    read, cursor = [], ""
    for _ in range(3):
        news = await asked(lend(kept=kept), cursor)
        read += [each.reference for each in news.updates]
        cursor = news.cursor
    assert (read, news.more, cursor) == (list(kept), False, "")


async def test_batches_go_on_where_the_last_one_ended(lend, endpoint):
    endpoint.filed = [ROW | {"service_request_id": f"R-{number}", "status": "closed"} for number in range(5)]
    kept = {f"TEST-{number:04}": FILED | {"id": f"R-{number}"} for number in range(5)}
    first = await asked(lend(kept=kept), batch=3)
    assert (len(first.updates), first.more, first.cursor) == (3, True, "TEST-0002")
    last = await asked(lend(kept=kept), first.cursor, batch=3)
    assert (len(last.updates), last.more, last.cursor) == (2, False, "")


async def test_a_number_replaces_a_token(lend):
    token = {"service": "pothole", "since": "2026-11-20T12:00:00Z", "token": "77"}
    (update,) = await news_of(lend, {"token": "77", "service_request_id": 4711}, held=token)
    assert (update.external_reference, update.remember["filed"]["id"]) == ("4711", "4711")
    assert await news_of(lend, {"token": "77"}, held=token) == ()
    assert await news_of(lend, {"token": "78", "service_request_id": "1"}, held=token) == ()
    gone = lend(lambda asked: httpx.Response(404, json=[]), {"TEST-0001": token})
    assert "jeton" in (await asked(gone)).updates[0].note.fr


async def test_what_is_not_shown_any_more_is_told_once_and_asked_about_for_a_while(lend):
    def unknown(asked):
        return httpx.Response(404, json=[{"code": 404, "description": "no"}])

    (update,) = (await asked(lend(unknown, {"TEST-0001": FILED}))).updates
    assert "n’affiche pas" in update.note.fr
    held = update.remember["filed"]
    assert (await asked(lend(unknown, {"TEST-0001": held}))).updates == ()
    long_ago = held | {"gone": "2026-10-01T12:00:00Z"}
    (over,) = (await asked(lend(unknown, {"TEST-0001": long_ago}))).updates
    assert (over.note, over.remember["filed"], over.remember["over"]["id"]) == (None, None, "R-1")
    fresh = FILED | {"since": (NOW - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert (await asked(lend(unknown, {"TEST-0001": fresh}))).updates == ()


async def test_a_number_that_now_means_another_request_of_ours_is_foreign(lend):
    (update,) = await news_of(lend, ROW | {"status": "closed", "description": "Trou\n\n[Parvis TEST-0009]"})
    assert (update.foreign, update.remember, update.move) == (True, {}, "")


@pytest.mark.parametrize("said", ["", "<html>", "[{", '{"service_requests": 7}', "<!DOCTYPE x [<!ENTITY a 'b'>]><a/>"])
async def test_what_cannot_be_read_is_asked_for_again(lend, said):
    kept = {"TEST-0001": FILED, "TEST-0002": FILED | {"id": "R-2"}}
    with pytest.raises(Later):
        await asked(lend(lambda asked: httpx.Response(200, text=said), kept))


async def test_what_they_publish_of_each_step_is_noted_once_by_its_id(lend, endpoint):
    said = {"update_id": 5, "service_request_id": "R-1", "status": "OPEN", "description": "Équipe en route"}
    read = []

    def answers(asked):
        if "servicerequestupdates" not in asked.url.path:
            return as_json([ROW])
        read.append(asked.url.params["start_date"])
        return as_json([said, said | {"update_id": "6", "service_request_id": "R-9"}, said | {"update_id": ""}])

    first = await asked(lend(answers, {"TEST-0001": FILED}), updates=True)
    assert [(each.key, each.note.en) for each in first.updates[1:]] == [
        ("update:5", "City of Rivemont, R-1: “Équipe en route”")
    ]
    assert first.remember == {"began": "2026-11-25T11:50:00Z", "read_until": "2026-11-25T11:50:00Z"}
    await asked(lend(answers, {"TEST-0001": FILED}, remembered=first.remember), updates=True)
    assert read == ["2026-11-24T12:00:00Z", "2026-11-25T11:50:00Z"]


async def test_settings_are_proposed_from_their_definitions(lend):
    written = []
    proposal = Proposal(settings()).command()
    run = CommandRun(arguments={"neighbour": "rivemont", "service": ""}, write=written.append, connection=lend())
    assert await proposal.run(run) == 0
    said = tomllib.loads("\n".join(written))["plugins"]["open311_connector"]["neighbours"]["services"]
    (made,) = msgspec.convert(said, tuple[Service, ...])
    assert (made.to, made.types, list(made.columns)) == (
        "pothole",
        ("pothole",),
        ["attribute[size]", "attribute[sorts][]"],
    )
    checked = await connector_for(neighbour(services=(made,)), {"rivemont": "k"}).check(lend())
    assert [each.ok for each in checked] == [True, True, True]
    unknown = structs.replace(run, arguments={"neighbour": "rivemont", "service": "x"})
    assert await proposal.run(unknown) == 1
    with pytest.raises(Refused, match="rivemont"):
        await proposal.run(structs.replace(run, arguments={"neighbour": "x", "service": ""}))


async def test_what_they_hold_of_ours_is_listed_to_be_compared(lend, endpoint):
    words = ("Trou\n\n[Parvis TEST-0001]", "Trou\n\n[Parvis A-7] [Parvis TEST-0002/2]", "Trou", None)
    endpoint.filed = [{"service_request_id": f"R-{count}", "description": each} for count, each in enumerate(words)]
    listed = connector_for(neighbour(), {}).listed
    found = await listed(lend(), NOW - timedelta(days=200), NOW)
    assert [(each.external_reference, each.reference) for each in found] == [("R-0", "TEST-0001"), ("R-1", "TEST-0002")]
    spans = [(asked.url.params["start_date"], asked.url.params["end_date"]) for asked in endpoint.asked]
    assert len(spans) == 3
    assert spans[0][1] == spans[1][0]


async def test_xml_only_servers_are_read(lend):
    said = (
        '<?xml version="1.0"?><service_requests><request><service_request_id>R-1</service_request_id>'
        "<status>closed</status><status_notes>Bouché</status_notes></request></service_requests>"
    )
    calls = []

    def answers(asked):
        calls.append(asked.url.path)
        return httpx.Response(200, content=said.encode(), headers={"content-type": "application/xml"})

    news = await asked(lend(answers, {"TEST-0001": FILED}), format="xml")
    assert [each.given for each in news.updates] == [{"reason": "Bouché"}]
    assert calls == ["/v2/requests/R-1.xml"]


async def test_a_check_compares_the_mapping_with_their_definition(lend):
    wrong = service(columns={"attribute[siez]": "answers.size"})
    said = await connector_for(neighbour(services=(wrong,)), {"rivemont": "k"}).check(lend())
    assert [each.ok for each in said] == [False, True, True]
    assert "attribute[size]" in said[0].said.en
    codes = service(columns={"attribute[size]": {"source": "answers.size", "codes": {"l": "large", "h": "huge"}}})
    said = await connector_for(neighbour(services=(codes,)), {}).check(lend())
    assert "'huge' is not allowed" in said[0].said.en
    assert [each.ok for each in said] == [False, True, False]
    right = service(columns={"attribute[size]": "answers.size"})
    assert (await connector_for(neighbour(services=(right,)), {"rivemont": "k"}).check(lend()))[0].ok
    away = await connector_for(neighbour(), {}).check(lend(lambda asked: httpx.Response(503)))
    assert [each.ok for each in away] == [False, False]
