"""Files brought in: every row once, nothing started, found by its old number, taken back until it was touched."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.access_scope import Reach, Scope
from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.people_tables import OneTimeLink
from parvis.db.tables import Clock, Contact, Delivery, Entry, IdempotencyKey, ServiceRequest
from parvis.outbox.letters import Letter, keep, letters
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.chores import sweep
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import due_for_destruction, erase
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.module_figures import counted
from parvis.requests.lists.search import Filters, queue
from parvis.requests.relations.ties import keep_tie, ties_of
from parvis.requests.visibility import Viewer
from parvis.requests.work.conversation import note
from parvis.selection import Period, within
from parvis_migration import bringing
from parvis_migration.bringing import Order, begin, bring
from parvis_migration.figures import FIGURES
from parvis_migration.judging import Judge
from parvis_migration.origins import references_for
from parvis_migration.proposing import propose
from parvis_migration.running import lines_of_batches, lines_of_due, run_through, say_seen
from parvis_migration.sources import read_source
from parvis_migration.tables import MigrationBatch, MigrationOrigin
from parvis_migration.titles import CAME
from parvis_migration.trying import try_out
from parvis_migration.undoing import Undone, undo

pytestmark = pytest.mark.both_engines
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ROWS = (
    "number,type,state,submitted,closed,words,email",
    "P-17,Trou,Closed,2016-03-04 08:00,2016-03-09 10:00,Un trou devant la garderie,zoe@exemple.ca",
    "P-18,Trou,Open,2019-03-04 08:00,,Un autre trou,",
    "P-19,Trou,En attente,2019-03-04 08:00,2019-04-01,Encore un trou,",
)


def order(digest="a", most=0):
    return Order(named="old.csv", digest=digest, mapping_text="", by="Henri", most=most)


def written(tmp_path, *rows):
    file = tmp_path / "old.csv"
    file.write_text("\n".join(rows), "utf-8")
    return read_source(file)


def mapping_for(town, there, source):
    proposed = propose(town.host, there, source, "gestion-311").mapping
    return structs.replace(proposed, types={"*": "hole"})


async def run(town, there, source, digest="a", most=0, told=lambda row, reference: None):
    mapping = mapping_for(town, there, source)
    return await run_through(town.host, there, mapping, source, order(digest, most), lambda words: None, told)


async def found_by(town, **filters):
    """The references of a list at the desk."""
    reach = Reach(permissions=frozenset({"see"}), jurisdiction="parvis")
    viewer = Viewer(kind="agent", id="ana", reaches=(reach,))
    return [row.reference for row in (await queue(town.host, viewer, "parvis", Filters(**filters))).rows]


async def numbers():
    return sorted(row["number"] for row in await MigrationOrigin.select(MigrationOrigin.number))


async def test_a_request_of_the_past_has_its_dates_its_number_and_starts_nothing(town, there, tmp_path):
    done = await run(town, there, written(tmp_path, *ROWS))
    assert (done.trial.outcomes, done.trial.reasons) == ({"new": 3}, {})
    assert (done.batch, done.requests, done.is_over) == ("gestion-311-1", 3, True)
    [reference] = await references_for(there, "p 17")
    record = await town.record(reference)
    assert (record.state, record.submitted_at) == ("done", datetime(2016, 3, 4, 13, tzinfo=UTC))
    assert record.closed_at == datetime(2016, 3, 9, 15, tzinfo=UTC)
    assert record.retention_due_at == record.closed_at + timedelta(days=365)
    assert record.external_references == {"gestion-311": "P-17"}
    assert await found_by(town, text="p17") == [reference]
    assert await found_by(town, elsewhere=True) == []
    entries = await entries_of(record)
    assert [entry.kind for entry in entries] == ["submitted", "moved", "migrated"]
    assert entries[-1].personal["number"] == "P-17"
    assert "{number}" in CAME.fr
    assert await broken_at(record) is None
    [waiting] = await references_for(there, "P-19")
    assert (await town.record(waiting)).state == "waiting"
    assert (await Clock.count(), await Delivery.count()) == (0, 0)
    left = {"promised_at": None, "timer_due_at": None, "assignee": None}
    columns = [getattr(ServiceRequest, name) for name in left]
    assert await ServiceRequest.select(*columns) == [left] * 3
    with clock.moved_to(clock.now() + timedelta(days=60)):
        await sweep(town.host)
    assert (await town.record(waiting)).state == "waiting"


async def test_figures_say_how_much_of_them_comes_from_the_past(town, there, tmp_path):
    await town.submit()
    await run(town, there, written(tmp_path, *ROWS))
    everything = Scope(jurisdiction="parvis")

    async def of(year):
        bounds = (datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
        period = Period(since=bounds[0], until=bounds[1])
        return await counted([(each, within(everything, each.units)) for each in FIGURES], period)

    assert [await of(year) for year in (2016, 2019, clock.now().year)] == [(1, 1), (2, 0), (0, 0)]
    closed = (ROWS[0], "P-18,Trou,Closed,2019-03-04 08:00,2019-03-10,Un autre trou,")
    await run(town, there, written(tmp_path, *closed), "b")
    assert await of(2019) == (2, 1)
    [here] = await references_for(there, "P-19")
    await note(town.host, here, "Vu sur place.", actor=ANA)
    await undo(town.host, there, "gestion-311-1", "Henri")
    assert await of(2019) == (1, 0)


async def test_somebody_whose_name_nobody_wrote_down_comes_in_by_what_reaches_them(town, there, tmp_path):
    rows = (
        "number,type,state,submitted,closed,words,name,email",
        "1,Chicane,Open,2019-03-04,,Du bruit,,zoe@exemple.ca",
        f"2,Chicane,Open,2019-03-04,,Du bruit,{'Z' * 2_000},zoe@exemple.ca",
        "3,Chicane,Open,2019-03-04,,Du bruit,Zoé Côté,zoe@exemple.ca",
        "4,Chicane,Open,2019-03-04,,Du bruit,,aucun",
    )
    source = written(tmp_path, *rows)
    mapping = structs.replace(mapping_for(town, there, source), types={"*": "quarrel"})
    done = await run_through(town.host, there, mapping, source, order(), lambda words: None, lambda row, _: None)
    assert done.trial.outcomes == {"new": 4}
    assert done.trial.reasons == {("dropped", "name"): 1, ("dropped", "email"): 1}
    records = [await town.record((await references_for(there, number))[0]) for number in "1234"]
    assert [each.identity for each in records] == ["anonymous", "anonymous", "named", "anonymous"]
    contacts = {row["request"]: (row["name"], row["email"]) for row in await Contact.select()}
    zoe = "zoe@exemple.ca"
    assert [contacts.get(each.id) for each in records] == [("", zoe), ("", zoe), ("Zoé Côté", zoe), None]
    assert [entry.kind for entry in await entries_of(records[3])] == ["submitted", "note", "migrated"]


async def test_the_old_number_finds_the_request_at_the_desk_and_for_programs(town, there, tmp_path):
    await run(town, there, written(tmp_path, *ROWS))
    found = await queue(town.host, town.agent(), "parvis", Filters(text="P-18"))
    assert [row.reference for row in found.rows] == list(await references_for(there, "P-18"))
    assert await references_for(there, "P-20") == ()
    assert await references_for(there, " - ") == ()


@pytest.mark.parametrize(("name", "rows"), [("montreal.csv", 40), ("new-york.csv", 60), ("koeln.json", 12)])
async def test_a_real_file_that_was_stopped_at_forty_percent_is_brought_in_to_its_end_and_taken_back(
    town, there, files, name, rows
):
    source = read_source(files / name)
    mapping = mapping_for(town, there, source)
    batch = await begin(town.host, there, mapping, order())
    many = rows * 2 // 5
    judge = Judge(town.host, there, mapping, source)
    stopped = bring(town.host, there, mapping, judge, batch, 0, lambda words: None)
    for _ in range(many):
        await anext(stopped)
    await stopped.aclose()
    assert await ServiceRequest.count() == many
    references = set()
    done = await run(town, there, source, told=lambda row, reference: references.add(reference))
    assert (done.batch, done.requests) == (batch.name, rows)
    assert done.trial.outcomes == {"same": many, "new": rows - many}
    assert len(references) == len(await numbers()) == await ServiceRequest.count() == rows
    assert (await try_out(town.host, there, mapping, source, lambda *row: None)).outcomes == {"same": rows}
    back = await undo(town.host, there, batch.name, "Henri")
    assert (back.gone, back.stay) == (rows, ())
    with pytest.raises(Unusable, match="already taken back by Henri"):
        await undo(town.host, there, batch.name, "Zoé")
    for table in (ServiceRequest, Entry, Contact, IdempotencyKey, MigrationOrigin, Clock):
        assert await table.count() == 0, table
    assert (await run(town, there, source)).trial.outcomes == {"new": rows}


async def test_a_later_file_brings_what_is_new_or_changed_and_leaves_what_was_touched(town, there, tmp_path):
    await run(town, there, written(tmp_path, *ROWS))
    [touched] = await references_for(there, "P-19")
    await note(town.host, touched, "Vu sur place.", actor=ANA)
    later = (
        *ROWS[:2],
        "P-18,Trou,Closed,2019-03-04 08:00,2019-05-01,Un autre trou. Réparé.,",
        "P-19,Trou,Closed,2019-03-04 08:00,2019-05-01,Encore un trou,",
        "P-20,Trou,Open,2020-03-04 08:00,,Le dernier,",
    )
    done = await run(town, there, written(tmp_path, *later), "b")
    assert done.trial.outcomes == {"same": 1, "changed": 1, "touched": 1, "new": 1}
    assert (done.batch, done.requests) == ("gestion-311-2", 1)
    [changed] = await references_for(there, "P-18")
    record = await town.record(changed)
    assert (record.state, record.closed_at) == ("done", datetime(2019, 5, 1, 4, tzinfo=UTC))
    assert [e.personal["words"] for e in await entries_of(record) if e.kind == "note"] == ["Un autre trou. Réparé."]
    assert (await town.record(touched)).state == "waiting"
    again = await run(town, there, written(tmp_path, *later), "c")
    assert again.trial.outcomes == {"same": 3, "touched": 1}
    assert await MigrationBatch.count() == 2


async def test_what_changed_and_is_not_taken_over_is_told_by_every_later_file(town, there, tmp_path):
    header = "number,type,state,submitted,closed,words,email,lon,lat,channel"
    before = (
        "1,Trou,Closed,2016-03-04,2016-03-09,Un,zoe@exemple.ca,-73.58,45.52,Phone",
        "2,Trou,Closed,2016-03-04,,,,,,",
    )
    after = ("1,Trou,Closed,2016-03-05,2016-03-10,Un,z@exemple.ca,-73.59,45.52,Web", "2,Trou,Open,2016-03-04,,Deux,,,,")
    await run(town, there, written(tmp_path, header, *before))
    [first] = await references_for(there, "1")
    as_it_was = await town.record(first)
    told = []
    done = await run(town, there, written(tmp_path, header, *after), "b", told=lambda row, _: told.append(row))
    assert [(row.outcome, [each.code for each in row.findings]) for row in told] == [
        ("differs", ["left_submitted", "left_ended", "left_place", "left_contact", "left_entry"]),
        ("changed", []),
    ]
    assert [(each.column, each.value) for each in told[0].findings][2:4] == [
        ("lon, lat", "-73.59, 45.52"),
        ("email", "z@exemple.ca"),
    ]
    assert (await town.record(first)).version == as_it_was.version
    again = await run(town, there, written(tmp_path, header, *after), "c")
    assert again.trial.outcomes == {"differs": 1, "same": 1}
    assert again.trial.reasons == done.trial.reasons
    [second] = await references_for(there, "2")
    reopened = await town.record(second)
    assert (reopened.state, reopened.closed_at, reopened.retention_due_at) == ("received", None, None)


async def test_requests_that_somebody_worked_on_stay_when_their_batch_is_taken_back(town, there, tmp_path):
    await run(town, there, written(tmp_path, *ROWS))
    [moved], [noted] = await references_for(there, "P-18"), await references_for(there, "P-19")
    await make_move(town.host, moved, "start", {}, actor=ANA, mover="agent")
    await note(town.host, noted, "Vu sur place.", actor=ANA)
    back = await undo(town.host, there, "gestion-311-1", "Henri")
    assert (back.gone, back.stay) == (1, tuple(sorted((moved, noted))))
    assert await numbers() == ["P-18", "P-19"]
    [line] = [each async for each in lines_of_batches(there)]
    assert line.en.endswith("by Henri; requests: 2; taken back by Henri")
    assert line.fr.endswith("par Henri\u00a0; requêtes\u00a0: 2\u00a0; retiré par Henri")
    with pytest.raises(Unusable, match="no batch"):
        await undo(town.host, there, "gestion-311-9", "Henri")


async def test_a_request_that_one_of_today_goes_on_with_stays_with_what_ties_them(town, there, tmp_path):
    await run(town, there, written(tmp_path, *ROWS))
    [old] = await references_for(there, "P-17")
    today = await town.record((await town.submit()).reference)
    async with transaction(town.host.engine):
        await keep_tie(today, "about", await town.record(old), clock.now())
    assert await undo(town.host, there, "gestion-311-1", "Henri") == Undone(gone=2, stay=(old,))
    assert [each.record.reference for each in await ties_of(today)] == [old]


async def test_nothing_is_due_for_destruction_before_somebody_has_seen_the_list(town, there, tmp_path):
    await run(town, there, written(tmp_path, *ROWS))
    [old] = await references_for(there, "P-17")
    assert await due_for_destruction(town.host) == ()
    assert await erase(town.host, old, actor=SYSTEM, only="due") is None
    lines = [each async for each in lines_of_due(there, "gestion-311-1")]
    assert [each.en for each in lines] == [
        f"{old}  hole  gestion-311 P-17  since 2017-03-09",
        "past their retention: 1",
    ]
    assert lines[1].fr == "conservation écoulée\u00a0: 1"
    read_at = clock.now()
    await say_seen(town.host, there, "gestion-311-1", "Henri", read_at)
    assert [each.reference for each in await due_for_destruction(town.host)] == [old]
    closed = (ROWS[0], "P-18,Trou,Closed,2016-03-04 08:00,2016-03-10,Un autre trou,")
    assert (await run(town, there, written(tmp_path, *closed), "b")).trial.outcomes == {"changed": 1}
    assert [each.reference for each in await due_for_destruction(town.host)] == [old]
    await say_seen(town.host, there, "gestion-311-1", "Henri", read_at)  # who read the list before that
    assert [each.reference for each in await due_for_destruction(town.host)] == [old]
    await say_seen(town.host, there, "gestion-311-1", "Henri", clock.now())
    assert len(await due_for_destruction(town.host)) == 2


async def test_what_was_erased_does_not_come_back_with_its_file(town, there, tmp_path):
    source = written(tmp_path, *ROWS)
    await run(town, there, source)
    [old] = await references_for(there, "P-17")
    await erase(town.host, old, actor=SYSTEM)
    assert await references_for(there, "P-17") == ()
    assert (await town.record(old)).external_references == {}
    assert await numbers() == ["", "P-18", "P-19"]
    assert (await run(town, there, source, "b")).trial.outcomes == {"same": 3}
    assert await ServiceRequest.count() == 3


async def test_a_run_that_takes_so_many_at_most_leaves_the_rest_to_the_next(town, there, tmp_path):
    source = written(tmp_path, *ROWS)
    first = await run(town, there, source, most=2)
    assert (first.batch, first.requests, first.is_over) == ("gestion-311-1", 2, False)
    second = await run(town, there, source, most=2)
    assert (second.batch, second.requests, second.is_over) == ("gestion-311-2", 1, True)
    assert await numbers() == ["P-17", "P-18", "P-19"]


async def test_two_runs_at_once_bring_each_row_in_once(town, there, files):
    source = read_source(files / "koeln.json")
    both = await asyncio.gather(run(town, there, source), run(town, there, source))
    assert all(done.trial.is_whole for done in both)
    assert len(await numbers()) == await ServiceRequest.count() == 12


async def test_a_request_of_before_1970_keeps_its_date_and_a_row_that_raises_stops_no_other(
    town, there, tmp_path, monkeypatch
):
    arrive = bringing._arrive

    async def raising(host, record, step):
        if step.state == "done":
            raise ZeroDivisionError("no such day")
        return await arrive(host, record, step)

    monkeypatch.setattr(bringing, "_arrive", raising)
    old = ("P-1,Trou,Open,1931-03-04,,Un vieux trou,",)
    told = []
    source = written(tmp_path, *ROWS, *old)
    done = await run(town, there, source, told=lambda row, reference: told.append(row))
    assert (done.trial.outcomes, done.requests) == ({"refused": 1, "new": 3}, 3)
    [finding] = told[0].findings
    assert "no such day" in finding.reason.fr
    [reference] = await references_for(there, "P-1")
    assert (await town.record(reference)).submitted_at.year == 1931
    monkeypatch.undo()
    assert (await run(town, there, source)).trial.outcomes == {"same": 3, "new": 1}


async def test_a_file_that_brings_nothing_takes_no_name_from_the_next(town, there, tmp_path):
    nothing = await begin(town.host, there, mapping_for(town, there, written(tmp_path, *ROWS)), order("n"))
    await run(town, there, written(tmp_path, *ROWS), "a")
    assert await bringing.end(town.host, nothing) == 0
    done = await run(town, there, written(tmp_path, ROWS[0], "P-30,Trou,Open,2019-03-04,,Un,"), "b")
    assert done.batch == "gestion-311-3"


async def test_a_run_beside_one_of_the_same_file_that_brought_nothing_goes_on(town, there, tmp_path):
    source = written(tmp_path, *ROWS)
    mapping = mapping_for(town, there, source)
    idle, batch = [await begin(town.host, there, mapping, order("two")) for _ in range(2)]
    assert await bringing.end(town.host, idle) == 0
    judge = Judge(town.host, there, mapping, source)
    rows = [row async for row in bring(town.host, there, mapping, judge, batch, 0, lambda words: None)]
    assert [judged.outcome for judged, _ in rows] == ["new"] * 3
    assert await bringing.end(town.host, batch) == 3
    [line] = [each async for each in lines_of_batches(there)]
    assert batch.name in line.to("fr")


async def test_a_run_into_a_batch_that_is_taken_back_stops(town, there, tmp_path):
    source = written(tmp_path, *ROWS)
    mapping = mapping_for(town, there, source)
    batch = await begin(town.host, there, mapping, order())
    going = bring(town.host, there, mapping, Judge(town.host, there, mapping, source), batch, 0, lambda words: None)
    await anext(going)
    assert (await undo(town.host, there, batch.name, "Henri")).gone == 1
    with pytest.raises(Unusable, match="taken back meanwhile"):
        await anext(going)
    assert await ServiceRequest.count() == 0


async def test_nothing_of_a_resident_is_left_of_a_batch_and_who_asked_for_a_link_keeps_the_request(
    town, there, tmp_path
):
    await run(town, there, written(tmp_path, *ROWS))
    [first], [second] = await references_for(there, "P-17"), await references_for(there, "P-18")
    await keep(
        Letter(
            id="a",
            channel="email",
            to="zoe@exemple.ca",
            subject="",
            text="",
            html="",
            headers={},
            language="fr",
            reference=first,
            at=clock.now(),
        )
    )
    async with transaction(town.host.engine):
        await OneTimeLink.insert(
            OneTimeLink(
                token_digest="d",
                kind="request",
                jurisdiction="parvis",
                sent_to="zoe@exemple.ca",
                language="fr",
                request=(await town.record(second)).id,
                ends_at=clock.now() + timedelta(days=1),
            )
        )
    back = await undo(town.host, there, "gestion-311-1", "Henri")
    assert back.stay == (second,)
    assert await letters() == ()
