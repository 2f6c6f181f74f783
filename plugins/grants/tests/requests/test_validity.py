"""What is granted for a time: reminded of, renewed, suspended, ended early or by time, with one outcome each time."""

import asyncio
import dataclasses
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.levels import Season
from parvis.requests import put_off
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.claims import note_claims
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import standing_facts
from parvis.requests.payloads import texts_of
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_grants.expiring import expire
from parvis_grants.validity import kept_validity_of, validity_of
from parvis_sdk.calendar_days import MonthDay
from parvis_sdk.fields import Date, LongText
from parvis_sdk.forms import Form
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import form
from parvis_sdk.text import Text
from parvis_sdk.validity import Renewal, Validity
from parvis_sdk.validity_rules import said_of
from parvis_sdk.workflow import Denied, State, Transition, Workflow
from parvis_testing.town import HOLE, erase_due

from .test_plugin_away import chores, without_plugin  # isort: skip

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
GRANTED = datetime(2026, 1, 15, 15, tzinfo=UTC)  # holds through 15 January 2027
END = datetime(2027, 1, 16, 5, tzinfo=UTC)
GRACE_OVER = datetime(2027, 1, 31, 5, tzinfo=UTC)


def said(fr: str) -> Text:
    return Text(fr=fr, en=fr)


def state(code, phase, *brings):
    return State(code=code, title=said(code), phase=phase, brings=brings)


def move(code, sources, target, *, by=("agent",), **more):
    return Transition(code=code, title=said(code), sources=sources, target=target, by=by, **more)


ALIVE = ("held", "renewing", "suspended")
LIFE = Workflow(
    states=(
        state("received", Phase.RECEIVED),
        state("held", Phase.DECIDED),
        state("renewing", Phase.IN_PROGRESS, "validity.licence.renewing"),
        state("suspended", Phase.DECIDED, "validity.licence.suspended"),
        state("lapsed", Phase.CLOSED),
        state("revoked", Phase.CLOSED, "validity.licence.revoked"),
        state("given_up", Phase.CLOSED, "validity.licence.ended"),
    ),
    transitions=(
        move("grant", ("received",), "held", brings=("validity.licence.valid",)),
        move("ask", ("held", "lapsed"), "renewing", by=("requester",), needs=("validity.licence.renewable",)),
        move("renew", ("renewing",), "held", brings=("validity.licence.renewed",)),
        move("refuse", ("renewing",), "held", brings=("validity.licence.renewal_dropped",)),
        move(
            "suspend",
            ("held",),
            "suspended",
            asks=form(
                Date(code="until", label=said("Jusqu’au"), required=False), LongText(code="reason", label=said("Motif"))
            ),
        ),
        move(
            "resume",
            ("suspended",),
            "held",
            by=("agent", "system"),
            brings=("validity.licence.valid",),
            after=("validity.licence.suspension_over",),
        ),
        move("revoke", ALIVE, "revoked"),
        move("give_up", ("held",), "given_up", by=("requester",)),
        move("lapse", ALIVE, "lapsed", by=("system",), after=("validity.licence.expired",)),
    ),
)


def request_type(**renewal) -> RequestType:
    rule = Renewal(**{"opens": 60, "grace": 15} | renewal)
    licence = Validity(
        code="licence", title=Text(fr="Licence", en="Licence"), months=12, reminders=(30, 7), renewal=rule
    )
    return RequestType(
        code="licence",
        title=said("Licence"),
        summary=said("Une licence"),
        slug=said("licence"),
        theme=HOLE.theme,
        form=Form(),
        workflow=LIFE,
        retention=Retention(days=90),
        parts=(msgspec.structs.replace(licence, suspended_until="until"),),
    )


@pytest.fixture
def held(town_of):
    async def make(**renewal):
        town = town_of(request_type(**renewal))
        with clock.moved_to(GRANTED):
            reference = (await town.submit("licence", answers={})).reference
            await does(town, reference, "grant")
        return town, reference

    return make


async def does(town, reference, transition, **answers):
    by = LIFE.transition(transition).by[0]
    actor = ANA if by == "agent" else REQUESTER
    return await make_move(town.host, reference, transition, answers, actor=actor, mover=by)


async def validity(town, reference):
    (found,) = await kept_validity_of((await town.record(reference)).id)
    return found


async def happened(town, reference) -> list[str]:
    """Every fact in the history, in order."""
    record = await town.record(reference)
    assert await broken_at(record) is None
    return [fact.split(".")[2] for entry in await entries_of(record) for fact in entry.body.get("facts", ())]


async def pass_to(town, moment) -> int:
    with clock.moved_to(moment):
        return await expire(town.host)


async def test_each_reminder_comes_once_on_its_morning_in_the_town(held):
    town, reference = await held()
    assert await pass_to(town, datetime(2026, 11, 16, 13, 59, tzinfo=UTC)) == 0
    assert await pass_to(town, datetime(2026, 11, 16, 14, tzinfo=UTC)) == 1  # sixty days before, at nine
    assert await pass_to(town, datetime(2026, 12, 16, 14, tzinfo=UTC)) == 1
    assert await pass_to(town, datetime(2026, 12, 17, 14, tzinfo=UTC)) == 0
    assert await pass_to(town, datetime(2027, 1, 8, 14, tzinfo=UTC)) == 1
    assert await happened(town, reference) == ["valid", "renewable", "ending", "ending"]


async def test_what_a_town_that_left_has_granted_holds_nobody_up(held, monkeypatch):
    monkeypatch.setattr(put_off, "BATCH", 1)
    town, left = await held()
    with clock.moved_to(GRANTED):
        reference = (await town.submit("licence", answers={})).reference
        await does(town, reference, "grant")
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.jurisdiction: "gone"}).where(ServiceRequest.reference == left)
    assert await pass_to(town, datetime(2026, 11, 16, 14, tzinfo=UTC)) == 1
    assert await happened(town, reference) == ["valid", "renewable"]


async def test_after_a_long_pause_nobody_is_reminded_of_what_is_over(held):
    town, reference = await held()
    assert await pass_to(town, datetime(2027, 2, 10, tzinfo=UTC)) == 1
    assert await happened(town, reference) == ["valid", "expired", "lapsed"]
    assert (await town.record(reference)).state == "lapsed"
    assert await pass_to(town, datetime(2029, 1, 1, tzinfo=UTC)) == 0


async def test_renewing_in_time_counts_on_from_the_old_end_and_reminds_again(held):
    town, reference = await held()
    with clock.moved_to(datetime(2026, 12, 1, 15, tzinfo=UTC)):
        assert isinstance(await does(town, reference, "ask"), Record)
        assert isinstance(await does(town, reference, "renew"), Record)
    renewed = await validity(town, reference)
    assert (renewed.until, renewed.renewals, renewed.renewing_since) == (datetime(2028, 1, 16, 5, tzinfo=UTC), 1, None)
    assert await pass_to(town, datetime(2027, 12, 16, 14, tzinfo=UTC)) == 1
    assert (await happened(town, reference))[-1] == "ending"


async def test_renewing_may_count_from_the_day_of_renewing(held):
    town, reference = await held(extends="now", months=6)
    with clock.moved_to(datetime(2026, 12, 1, 15, tzinfo=UTC)):
        await does(town, reference, "ask")
        await does(town, reference, "renew")
    assert (await validity(town, reference)).until == datetime(2027, 6, 2, 4, tzinfo=UTC)


async def test_before_its_window_and_after_its_grace_nothing_is_renewed_and_it_says_from_when(held):
    town, reference = await held()
    with clock.moved_to(datetime(2026, 9, 1, tzinfo=UTC)):
        early = await does(town, reference, "ask")
    assert isinstance(early, Denied)
    assert early.code == "not_yet"
    await pass_to(town, END)
    with clock.moved_to(GRACE_OVER):
        assert isinstance(await does(town, reference, "ask"), Denied)
    with clock.moved_to(datetime(2027, 1, 31, 4, 59, tzinfo=UTC)):
        assert isinstance(await does(town, reference, "ask"), Record)
        assert isinstance(await does(town, reference, "renew"), Record)
    assert (await validity(town, reference)).until == datetime(2028, 1, 16, 5, tzinfo=UTC)


async def test_what_is_being_renewed_holds_past_its_end_where_its_author_says_so(held):
    town, reference = await held(holds=True)
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        await does(town, reference, "ask")
    assert await pass_to(town, END) == 1
    record = await town.record(reference)
    assert (record.state, (await validity(town, reference)).state) == ("renewing", "valid")
    with clock.moved_to(END):
        facts = await standing_facts(town.host, record, await type_of_record(town.host, record))
    assert {fact.split(".")[2] for fact in facts} == {"valid", "renewing", "held_over"}
    with clock.moved_to(datetime(2027, 1, 20, tzinfo=UTC)):
        assert isinstance(await does(town, reference, "renew"), Record)
    assert await happened(town, reference) == ["valid", "renewing", "held_over", "renewed"]
    assert await pass_to(town, GRACE_OVER) == 0


async def test_a_renewal_that_is_not_finished_within_the_grace_ends_it_once(held):
    town, reference = await held(holds=True)
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        await does(town, reference, "ask")
    await pass_to(town, END)
    assert await pass_to(town, GRACE_OVER) == 1
    assert await happened(town, reference) == ["valid", "renewing", "held_over", "expired", "lapsed"]
    assert (await town.record(reference)).state == "lapsed"
    with clock.moved_to(GRACE_OVER):
        late = await does(town, reference, "renew")
    assert isinstance(late, Denied)


async def test_a_renewal_refused_after_the_end_ends_what_it_held_up(held):
    town, reference = await held(holds=True)
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        await does(town, reference, "ask")
    await pass_to(town, END)
    with clock.moved_to(datetime(2027, 1, 20, tzinfo=UTC)):
        await does(town, reference, "refuse")
    assert (await happened(town, reference))[-2:] == ["expired", "renewal_dropped"]
    assert (await town.record(reference)).state == "lapsed"
    assert (await validity(town, reference)).state == "expired"


@pytest.mark.parametrize("expiry_first", [True, False])
async def test_an_expiry_that_fires_while_a_renewal_is_finished_has_one_outcome(held, expiry_first):
    town, reference = await held()
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        await does(town, reference, "ask")
    with clock.moved_to(END):
        if expiry_first:
            assert await expire(town.host) == 1
            assert isinstance(await does(town, reference, "renew"), Denied)
            assert await happened(town, reference) == ["valid", "renewing", "expired"]
            assert (await town.record(reference)).state == "lapsed"
        else:
            assert isinstance(await does(town, reference, "renew"), Record)
            assert await expire(town.host) == 0
            assert await happened(town, reference) == ["valid", "renewing", "renewed"]
            assert (await town.record(reference)).state == "held"


async def test_workers_and_the_desk_at_the_same_moment_have_one_outcome_between_them(held):
    town, reference = await held(holds=True)
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        await does(town, reference, "ask")
    with clock.moved_to(GRACE_OVER):
        answers = await asyncio.gather(expire(town.host), does(town, reference, "renew"), expire(town.host))
    words = await happened(town, reference)
    renewed = isinstance(answers[1], Record)
    # The first to commit decides: the end is written once, or the renewal is, never both.
    assert words.count("renewed") == renewed
    assert words.count("expired") == (not renewed)
    assert (await town.record(reference)).state == ("held" if renewed else "lapsed")


async def test_a_suspension_is_over_by_itself_at_the_end_of_its_day_and_the_end_stays(held):
    town, reference = await held()
    with clock.moved_to(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        await does(town, reference, "suspend", until="2026-05-31", reason="Chien sans muselière")
    suspended = await validity(town, reference)
    assert suspended.suspended_until == datetime(2026, 6, 1, 4, tzinfo=UTC)
    assert await pass_to(town, datetime(2026, 6, 1, 3, 59, tzinfo=UTC)) == 0
    assert await pass_to(town, datetime(2026, 6, 1, 4, tzinfo=UTC)) == 1
    resumed = await validity(town, reference)
    assert (resumed.state, resumed.until, resumed.suspended_until) == ("valid", END, None)
    assert (await town.record(reference)).state == "held"


async def test_a_suspension_without_a_day_lasts_until_somebody_ends_it_or_the_end_comes(held):
    town, reference = await held()
    with clock.moved_to(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        await does(town, reference, "suspend", reason="Enquête")
    assert await pass_to(town, datetime(2026, 9, 1, tzinfo=UTC)) == 0
    await pass_to(town, END)
    assert (await town.record(reference)).state == "lapsed"


async def test_what_is_granted_after_its_own_last_day_ends_at_once_and_not_never(town_of):
    town = town_of(_until_a_day_named())
    with clock.moved_to(GRANTED):
        reference = (await town.submit("licence", answers={"last_day": "2026-01-14"})).reference
        await does(town, reference, "grant")
        assert await expire(town.host) == 1
    assert await happened(town, reference) == ["valid", "expired"]
    assert (await town.record(reference)).state == "lapsed"
    assert await pass_to(town, datetime(2030, 1, 1, tzinfo=UTC)) == 0


def _until_a_day_named() -> RequestType:
    named = Validity(code="licence", title=said("Licence"), until="last_day")
    asking = form(Date(code="last_day", label=said("Dernier jour")))
    return msgspec.structs.replace(request_type(), form=asking, parts=(named,))


async def test_an_end_that_no_worker_has_seen_yet_is_not_lost_with_a_move_made_after_it(held):
    town, reference = await held()
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        await expire(town.host)
    with clock.moved_to(datetime(2027, 1, 16, 5, 1, tzinfo=UTC)):
        await does(town, reference, "suspend", reason="Enquête")
        assert await expire(town.host) == 1
    assert (await happened(town, reference))[-1] == "expired"
    assert (await town.record(reference)).state == "lapsed"


@pytest.mark.parametrize(("transition", "ends_as"), [("revoke", "revoked"), ("give_up", "ended")])
async def test_what_ended_early_is_not_ended_again_by_time(held, transition, ends_as):
    town, reference = await held()
    with clock.moved_to(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        await does(town, reference, transition)
    assert await pass_to(town, datetime(2030, 1, 1, tzinfo=UTC)) == 0
    assert (await validity(town, reference)).state == ends_as


async def test_messages_say_the_last_day_in_each_language(held):
    town, reference = await held()
    record = await town.record(reference)
    words = said_of(await validity(town, reference), town.host.jurisdictions.jurisdiction(record.jurisdiction).calendar)
    assert words["until"] == Text(fr="15 janvier 2027", en="January 15, 2027")
    assert words["held_until"] == Text(fr="30 janvier 2027", en="January 30, 2027")
    texts = texts_of(request_type(), town.host.jurisdictions.jurisdiction(record.jurisdiction))
    assert texts["validity.licence.ending"][0].format(**words).fr == "Licence\u00a0: échéance le 15 janvier 2027"


async def test_nothing_is_forgotten_while_it_holds_and_it_is_kept_as_long_again_after(town_of):
    (licence,) = request_type().parts
    once = (msgspec.structs.replace(licence, suspended_until=""),)
    lasting = msgspec.structs.replace(request_type(), workflow=_closed_once_granted(), parts=once)
    town = town_of(lasting)
    with clock.moved_to(GRANTED):
        reference = (await town.submit("licence", answers={})).reference
        await make_move(town.host, reference, "grant", {}, actor=ANA, mover="agent")
    with clock.moved_to(datetime(2026, 10, 1, tzinfo=UTC)):
        assert await erase_due(town.host) == ()
    await pass_to(town, END)
    with clock.moved_to(datetime(2027, 3, 1, tzinfo=UTC)):
        assert await erase_due(town.host) == ()
    await pass_to(town, GRACE_OVER)
    with clock.moved_to(datetime(2027, 6, 1, tzinfo=UTC)):
        assert await erase_due(town.host) == (reference,)


def _closed_once_granted() -> Workflow:
    return Workflow(
        states=(state("received", Phase.RECEIVED), state("held", Phase.CLOSED)),
        transitions=(move("grant", ("received",), "held", brings=("validity.licence.valid",)),),
    )


def test_the_end_is_counted_in_days_of_the_town_across_a_change_of_hour():
    from parvis.jurisdictions.calendars import BusinessCalendar, midnight_after
    from parvis_sdk.days import later

    assert later(date(2024, 2, 29), months=12) == date(2025, 2, 28)
    assert midnight_after(BusinessCalendar(), date(2026, 3, 7)) == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert midnight_after(BusinessCalendar(), date(2026, 3, 8)) == datetime(2026, 3, 9, 4, tzinfo=UTC)


def test_an_author_hears_of_a_validity_that_cannot_be():
    def mistakes(**more):
        made = Validity(code="x", title=said("X"), **more)
        return [str(mistake) for mistake in made.mistakes()]

    assert "never ends" in mistakes(reminders=(3,))[0]
    assert "recalled after its end" in mistakes(months=1, reminders=(-3,))[0]
    assert "for no time" in mistakes(months=1, renewal=Renewal(opens=3, holds=True))[0]
    assert "two ways" in mistakes(months=1, renewal=Renewal(opens=3, months=1, days=2))[0]
    assert mistakes(months=1, reminders=(3,), renewal=Renewal(opens=3)) == []


async def test_a_permit_is_over_on_its_last_day_though_its_plugin_is_away_and_may_be_renewed_for_longer_after(held):
    """Before, people were told to renew at a page that refused them, and lost the right to while it did."""
    town, reference = await held()
    request = (await town.record(reference)).id
    await note_claims(town.host.engine, town.host.plugins)
    gone, went = without_plugin(town), END - timedelta(days=20)
    await chores(gone, went)
    before = len(await entries_of(await town.record(reference)))
    assert await chores(gone, END + timedelta(hours=1)) == [0, 0, 0]
    with clock.moved_to(END + timedelta(hours=1)):
        (one,) = await validity_of(request)
        assert one.state == "expired"
    assert len(await entries_of(await town.record(reference))) == before
    back = GRACE_OVER + timedelta(days=5)
    await chores(town.host, back)
    with clock.moved_to(back):
        (one,) = await validity_of(request)
        assert (one.state, one.may_be_renewed(back)) == ("expired", True)
        record = await town.record(reference)
        assert any("Renouvellement possible" in line.words for line in await story(town.host, record, HOLDER, "fr"))
    told = [fact for entry in await entries_of(record) for fact in entry.body.get("facts", ())]
    assert "validity.licence.expired" in told
    assert "validity.licence.lapsed" not in told


async def test_what_ends_with_a_season_ends_on_the_last_day_that_the_town_gives_to_it(town_of):
    (licence,) = request_type().parts
    terraces = MonthDay(month=10, day=15, season="terraces")
    seasonal = msgspec.structs.replace(licence, months=0, until=terraces, suspended_until="")
    season = Season(code="terraces", name=said("Terrasses"), first=(5, 1), last=(10, 31))
    for seasons, ends in ((), "2026-10-15"), ((season,), "2026-10-31"):
        town = town_of(msgspec.structs.replace(request_type(), parts=(seasonal,)))
        ours = msgspec.structs.replace(town.host.jurisdictions.jurisdiction(town.code), seasons=seasons)
        jurisdictions = msgspec.structs.replace(town.host.jurisdictions, by_code={town.code: ours})
        host = dataclasses.replace(town.host, jurisdictions=jurisdictions)
        town = dataclasses.replace(town, host=host, counter=RequestService(host))
        with clock.moved_to(GRANTED):
            reference = (await town.submit("licence", answers={})).reference
            await does(town, reference, "grant")
        held = await validity(town, reference)
        assert held.until == datetime.fromisoformat(ends).replace(tzinfo=UTC) + timedelta(days=1, hours=4)
