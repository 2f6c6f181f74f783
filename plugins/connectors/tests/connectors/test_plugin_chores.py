"""What plugins do on the calendar of a town: when it is due, what comes of it, what is said of it where it fails."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Chore as ChoreRow
from parvis.installation import ran
from parvis.outbox import memory
from parvis.plugins.trying import ENDS_ALL, Failure, Success
from parvis.worker.chores import do_due, end_chores
from parvis_connectors import alerting, plugin_chores
from parvis_connectors.chores import chores_of
from parvis_connectors.resting_chores import begin_again, deaths_of
from parvis_sdk.chores import Chore, Daily, Done, Every
from parvis_sdk.errors import Later
from parvis_sdk.finding import Scope
from parvis_sdk.text import Text
from parvis_testing.connectors import CREWED
from parvis_testing.modules import switch

TITLE = Text(fr="Comparaison", en="Comparison")
MONDAY = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)  # nine o’clock in Québec


def chore(work, turns=None, **more):
    return Chore(**{"code": "compare", "title": TITLE, "turns": turns or Every(minutes=30), "work": work, **more})


async def nothing(town, connection):
    return None


@pytest.fixture
def due(make_town, connector):
    """Makes a town whose plugin has these chores, and does what is due of them."""

    def make(*declared, **given):
        town = make_town(connector(), chores=declared, **given)

        async def do(worker="w"):
            ours = tuple(each for each in chores_of(town.host) if each.lane)
            return await do_due(town.host.engine, ours, worker)

        return town, do

    return make


async def said():
    return {each.name: each for each in await ran() if "." in each.name}


async def test_it_is_done_for_each_town_every_so_many_minutes(due):
    told = []

    async def work(town, connection):
        told.append((town.code, town.languages, town.time_zone))
        return Done(count=3)

    _, do = due(chore(work, towns=("parvis",)))
    with clock.moved_to(MONDAY) as moved:
        assert await do() == ("erp.compare@parvis",)
        moved.forward(minutes=29)
        assert await do() == ()
        moved.forward(minutes=1)
        assert await do() == ("erp.compare@parvis",)
    assert len(told) == 2
    assert (await said())["erp.compare@parvis"].said == "3"


@pytest.mark.parametrize(("business_days", "later"), [(False, timedelta(days=1)), (True, timedelta(days=3))])
async def test_it_is_done_at_an_hour_of_the_town_on_the_days_that_are_meant(due, business_days, later):
    friday = MONDAY + timedelta(days=4)
    town, do = due(chore(nothing, Daily(at=time(4, 30), business_days=business_days), towns=("parvis",)))
    with clock.moved_to(friday):
        assert await do() == ("erp.compare@parvis",)  # missed, or never done: at once
        [one] = [each for each in chores_of(town.host) if each.lane]
        [run] = (await said()).values()
        following = one.next_turn(run.ran_at, False, clock.now())
        assert following == friday.replace(hour=8, minute=30) + later
    assert one.due_since(following - timedelta(seconds=1)) < run.ran_at
    assert run.ran_at < one.due_since(following) < following


async def test_one_of_the_day_that_failed_is_tried_again_within_the_hour(due):
    async def away(town, connection):
        raise Later(Text(fr="l’ERP est arrêté", en="the ERP is down"))

    _, do = due(chore(away, Daily(at=time(4, 30)), towns=("parvis",)))
    with clock.moved_to(MONDAY) as moved:
        assert await do()
        [run] = (await said()).values()
        assert run.trouble.to("en") == (
            "erp (parvis-erp 1.2) · chores() · chore 'compare' · the ERP is down · this run is lost"
            " · check the other system: the task will run again next time"
        )
        assert "l’ERP est arrêté" in run.trouble.to("fr")
        moved.forward(minutes=59)
        assert await do() == ()
        moved.forward(minutes=1)
        assert await do()


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("words", "it answered str instead of Done"),
        (Done(count=-1), "-1 things cannot be counted"),
        (Done(count="many"), "count · it is 'many' instead of int"),
        (Done(remember={"key": object()}), "remember is not made of JSON"),
    ],
)
async def test_an_answer_that_is_none_is_told_with_its_line_and_keeps_nothing(due, answer, what):
    async def work(town, connection):
        return answer

    _, do = due(chore(work, towns=("parvis",)))
    assert await do()
    [run] = (await said()).values()
    assert what in run.trouble.to("en")
    assert "test_plugin_chores.py:" in run.trouble.to("en")
    assert await memory.recall_all("erp") == {}


async def test_what_it_raises_harms_nothing_else(due):
    async def broken(town, connection):
        raise LookupError("no list")

    async def works(town, connection):
        return Done(count=1, remember={"seen": [1]})

    _, do = due(chore(broken, towns=("parvis",)), chore(works, code="other", towns=("parvis",)))
    assert len(await do()) == 2
    runs = await said()
    assert "it raised LookupError: no list" in runs["erp.compare@parvis"].trouble.to("en")
    assert runs["erp.other@parvis"].said == "1"
    assert await memory.recall_all("erp") == {"seen": [1]}


async def test_its_updates_are_news_of_its_connector_and_move_the_request_once(due, news):
    async def work(town, connection):
        return Done(count=1, updates=(news("1", external_reference="WO-1", move="start"),), remember={"at": "1"})

    town, do = due(chore(work, connector="orders", towns=("parvis",)))
    reference = (await town.submit()).reference
    await town.relay().drain()
    with clock.moved_to(clock.now()) as moved:
        assert await do()
        assert (await town.record(reference)).state == "working"
        moved.forward(minutes=31)
        assert await do()
    assert await memory.recall_all("orders") == {"at": "1"}
    assert (await town.record(reference)).state == "working"


async def test_a_connector_of_somebody_else_lends_it_nothing(due):
    _, do = due(chore(nothing, connector="others", towns=("parvis",)))
    assert await do()
    [run] = (await said()).values()
    assert "the plugin has no connector 'others'" in run.trouble.to("en")


async def test_where_the_module_is_off_nothing_is_done(due):
    town, do = due(chore(nothing, towns=("parvis",)))
    await switch(town.host, "off", "connectors")
    assert await do() == ()
    await switch(town.host, "on", "connectors")
    assert await do() == ("erp.compare@parvis",)


async def test_a_town_without_the_plugin_has_none_of_its_chores(due):
    town, _ = due(chore(nothing))
    host = town.host
    codes = {name: structs.replace(each, plugins=()) for name, each in host.jurisdictions.by_code.items()}
    object.__setattr__(host, "jurisdictions", structs.replace(host.jurisdictions, by_code=codes))
    assert [each for each in chores_of(host) if each.lane] == []


async def test_a_long_name_is_cut_and_stays_one(due):
    town, _ = due(chore(nothing, code="c" * 60), chore(nothing, code="c" * 59))
    names = [each.name for each in chores_of(town.host) if each.lane]
    assert len({*names}) == len(names)
    assert max(map(len, names)) <= 60


BAD = [{"note": Text(fr="\ud800", en="x")}, {"external_reference": "\ud800"}]


@pytest.mark.parametrize("wrong", BAD, ids=["note", "reference"])
async def test_one_update_that_cannot_be_kept_is_named_and_holds_up_no_other(due, news, wrong):
    """JSON of others may hold half a character. Before, nobody was named and all that followed was lost, each time."""

    async def work(town, connection):
        bad = structs.replace(news("half", external_reference="WO-1"), **wrong)
        return Done(count=2, updates=(bad, news("1", external_reference="WO-1", move="start")), remember={"at": "1"})

    town, do = due(chore(work, connector="orders", towns=("parvis",)))
    reference = (await town.submit()).reference
    await town.relay().drain()
    assert await do()
    [run] = (await said()).values()
    assert "erp (parvis-erp 1.2) · chores() · chore 'compare' · " in run.trouble.to("en")
    assert "cannot be kept: it raised UnicodeEncodeError" in run.trouble.to("en")
    assert "test_plugin_chores.py:" in run.trouble.to("en")
    assert (await town.record(reference)).state == "working"
    assert await memory.recall_all("orders") == {}


async def test_the_page_of_chores_says_when_one_is_due_next_whenever_it_is_looked_at(due):
    town, do = due(chore(nothing, towns=("parvis",)))
    with clock.moved_to(MONDAY) as moved:
        assert await do()
        [one] = [each for each in chores_of(town.host) if each.lane]
        [run] = (await said()).values()
        for _ in range(3):
            assert one.next_turn(run.ran_at, False, clock.now()) == MONDAY + timedelta(minutes=30)
            moved.forward(minutes=9)


async def test_one_that_ends_its_worker_has_failed_and_what_else_that_held_is_anybodys_at_once(due):
    """Before, it was begun again a minute later for ever, and its page told of the turn before."""
    town, _ = due(chore(nothing, towns=("parvis",)))
    held = {"held_by": "dead", "held_until": clock.now() + timedelta(minutes=1), "ran_at": None, "said": ""}
    async with transaction(town.host.engine):
        await ChoreRow.insert(*(ChoreRow(name=name, **held) for name in ("erp.compare@parvis", "timers")))
    ended = Failure(kind="blocked", what=ENDS_ALL, where="acme_erp/plugin.py:17")
    await end_chores(town.host, "dead", ["erp"], ended)
    rows = {row["name"]: row for row in await ChoreRow.select()}
    assert {row["held_until"] for row in rows.values()} == {None}
    assert rows["timers"]["ran_at"] is None
    [run] = (await said()).values()
    assert run.ran_at is not None
    assert run.trouble.to("en") == "acme_erp/plugin.py:17 · it stopped its own process (os._exit)"


ENDED = Failure(kind="blocked", what=ENDS_ALL, where="acme_erp/plugin.py:17")


@pytest.fixture
async def dying(due, monkeypatch):
    """Makes a town whose chore ends the worker at each of its turns; each is told by the next worker."""
    tried, began = [], asyncio.Event()

    async def dies(one):
        tried.append(one.name)
        began.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(plugin_chores, "_tried", dies)
    town, do = due(chore(nothing, towns=("parvis",)))

    async def die():
        began.clear()
        turn = asyncio.create_task(do())
        await began.wait()
        turn.cancel()  # nothing of it comes to its end
        with suppress(asyncio.CancelledError):
            await turn
        await end_chores(town.host, "w", ["erp"], ENDED)

    return town, do, die, tried


async def test_one_that_ends_its_worker_twice_rests_until_somebody_begins_it_again(dying):
    town, do, die, tried = dying
    [one] = plugin_chores.plugin_chores(town.host)
    with clock.moved_to(MONDAY) as moved:
        for _ in range(2):
            await die()
            moved.forward(minutes=30)
        for _ in range(3):
            assert await do() == ("erp.compare@parvis",)
            moved.forward(minutes=30)
        assert len(tried) == 2
        [run] = (await said()).values()
        assert run.trouble.to("en") == (
            "erp (parvis-erp 1.2) · chores() · chore 'compare' · acme_erp/plugin.py:17 · it stopped its own process"
            " (os._exit) · the task is suspended after two failures in a row; all others continue"
            " · resume it on the plugins page, or install another version of the plugin"
        )
        [matter] = [each for each in await alerting.matters(town.host) if each.key.startswith("chore:")]
        assert (
            matter.said.to("en")
            == "Comparison (erp, City of Parvis): suspended after ending its worker process twice in a row"
        )
        assert await deaths_of(structs.replace(one.of_version, version="1.3")) is None
        await begin_again(town.host.engine, one.name)
        await die()
        assert len(tried) == 3


async def test_one_that_ends_its_worker_once_and_then_goes_well_does_not_rest(dying, monkeypatch):
    _, do, die, tried = dying
    dies = plugin_chores._tried

    async def goes_well(one):
        return Success(value=Done(count=1))

    with clock.moved_to(MONDAY) as moved:
        await die()
        for works in (goes_well, dies):
            monkeypatch.setattr(plugin_chores, "_tried", works)
            moved.forward(minutes=30)
            await (die() if works is dies else do())
        moved.forward(minutes=30)
        await die()
    assert len(tried) == 3


async def test_one_that_blocks_twice_rests_as_well(due, monkeypatch):
    tried = []

    async def blocks(one):
        tried.append(one.name)
        return Failure(kind="blocked", what="it blocked", where="acme_erp/plugin.py:17")

    monkeypatch.setattr(plugin_chores, "_tried", blocks)
    _, do = due(chore(nothing, towns=("parvis",)))
    with clock.moved_to(MONDAY) as moved:
        for _ in range(4):
            await do()
            moved.forward(minutes=30)
    assert len(tried) == 2
    [run] = (await said()).values()
    assert "it blocked · the task is suspended" in run.trouble.to("en")


@pytest.mark.parametrize("by", ["", "orders"])
async def test_one_with_a_scope_has_a_finder_and_finds_nothing_where_nobody_grants_it(due, by):
    found = []

    async def work(town, connection):
        found.append(await connection.finder.find(type=CREWED.code))

    scope = Scope(types=(CREWED.code,))
    _, do = due(chore(work, towns=("parvis",), connector=by, finds=(scope,)))
    assert await do() == ("erp.compare@parvis",)
    assert found == [()]


async def test_one_without_a_scope_that_searches_is_told_by_its_line(due):
    async def work(town, connection):
        await connection.finder.find(type=CREWED.code)

    _, do = due(chore(work, towns=("parvis",)))
    await do()
    [run] = (await said()).values()
    assert f"OutsideScope: type={CREWED.code!r} is in no scope that is declared here" in run.trouble.to("en")
