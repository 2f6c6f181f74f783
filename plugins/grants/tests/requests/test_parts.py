"""How a workflow and the parts of a request speak to each other by facts: needed, brought about, followed."""

from datetime import UTC, datetime

import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Declaration, Delivery
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations, type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_grants.expiring import expire
from parvis_grants.validity import validity_of
from parvis_sdk.forms import Form
from parvis_sdk.request_types import Message, RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied, State, Transition, Workflow
from parvis_testing.town import HOLE

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


def said(fr: str, en: str = "") -> Text:
    return Text(fr=fr, en=en or fr)


STATES = (
    State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
    State(code="granted", title=said("Accordée"), phase=Phase.DECIDED),
    State(code="suspended", title=said("Suspendue"), phase=Phase.DECIDED, brings=("validity.licence.suspended",)),
    State(code="lapsed", title=said("Échue"), phase=Phase.CLOSED),
)
MOVES = (
    Transition(
        code="grant",
        title=said("Accorder", "Grant"),
        sources=("received",),
        target="granted",
        brings=("validity.licence.valid",),
    ),
    Transition(code="suspend", title=said("Suspendre"), sources=("granted",), target="suspended"),
    Transition(
        code="restore",
        title=said("Rétablir", "Restore"),
        sources=("suspended", "received"),
        target="granted",
        needs=("validity.licence.suspended",),
        brings=("validity.licence.valid",),
    ),
    Transition(
        code="lapse",
        title=said("Constater l’échéance"),
        sources=("granted", "suspended"),
        target="lapsed",
        by=("system",),
        after=("validity.licence.expired",),
    ),
)
LICENCE = RequestType(
    code="licence",
    title=said("Licence", "Licence"),
    summary=said("Une licence", "A licence"),
    slug=said("licence"),
    theme=HOLE.theme,
    form=Form(),
    workflow=Workflow(states=STATES, transitions=MOVES),
    retention=Retention(days=365),
    parts=(Validity(code="licence", title=said("Licence", "Licence"), months=12),),
    messages=(Message(on="validity.licence.expired", subject=said("Échue"), body=said("Votre licence est échue.")),),
)


@pytest.fixture
async def held(town_of):
    """A town on a Monday with a licence that was granted just now, and its reference."""
    town = town_of(LICENCE)
    with clock.moved_to(MONDAY):
        reference = (await town.submit("licence", answers={})).reference
        await agent_moves(town, reference, "grant")
        yield town, reference


async def agent_moves(town, reference, transition):
    return await make_move(town.host, reference, transition, {}, actor=ANA, mover="agent")


async def announced(record) -> list[dict]:
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    return [msgspec.json.decode(row["event"]) for row in rows]


async def test_a_move_brings_about_what_it_declares_in_the_same_entry(held):
    town, reference = held
    record = await town.record(reference)
    (validity,) = await validity_of(record.id)
    assert (validity.state, validity.since) == ("valid", MONDAY)
    # The last day is the anniversary, in the town: it is over at midnight there.
    assert validity.until == datetime(2027, 9, 15, 4, tzinfo=UTC)
    assert (await entries_of(record))[-1].body["facts"] == ["validity.licence.valid"]
    assert record.version == 2
    assert await standing_facts(town.host, record, await type_of_record(town.host, record)) == {
        "validity.licence.valid"
    }


async def test_a_move_waits_for_the_facts_that_it_needs_and_names_them(town_of):
    town = town_of(LICENCE)
    reference = (await town.submit("licence", answers={})).reference
    denied = await agent_moves(town, reference, "restore")
    assert isinstance(denied, Denied)
    assert denied.code == "not_yet"
    assert "suspension" in denied.reason.fr
    assert "suspended" in denied.reason.en
    assert (await town.record(reference)).version == 1


async def test_what_a_state_brings_about_comes_with_every_move_into_it(held):
    town, reference = held
    await agent_moves(town, reference, "suspend")
    assert [each.state for each in await validity_of((await town.record(reference)).id)] == ["suspended"]
    assert isinstance(await agent_moves(town, reference, "restore"), Record)
    (validity,) = await validity_of((await town.record(reference)).id)
    assert (validity.state, validity.until) == ("valid", datetime(2027, 9, 15, 4, tzinfo=UTC))


async def test_time_makes_a_fact_true_and_the_workflow_follows_in_one_unit(held):
    town, reference = held
    with clock.moved_to(datetime(2027, 9, 15, 3, 59, tzinfo=UTC)):
        assert await expire(town.host) == 0
    with clock.moved_to(datetime(2027, 9, 15, 4, tzinfo=UTC)):
        assert await expire(town.host) == 1
        assert await expire(town.host) == 0
    record = await town.record(reference)
    assert (record.state, record.phase) == ("lapsed", Phase.CLOSED)
    assert [entry.kind for entry in await entries_of(record)][-2:] == ["happened", "moved"]
    assert await broken_at(record) is None
    lines = await story(town.host, record, HOLDER, "en")
    assert "Licence: expired" in [line.title for line in lines]


async def test_an_author_hears_of_facts_that_cannot_be():
    wrong = msgspec.structs.replace(
        LICENCE,
        workflow=Workflow(states=STATES, transitions=(*MOVES[:3], msgspec.structs.replace(MOVES[3], by=("agent",)))),
    )
    assert ["not by the system" in str(mistake) for mistake in wrong.mistakes()] == [True]
    nothing = msgspec.structs.replace(LICENCE, parts=(), messages=())
    assert all("can happen here" in str(mistake) for mistake in nothing.mistakes())
    assert len(nothing.mistakes()) == 5


async def pinned_otherwise(town, record, change) -> None:
    """The declaration that the request was made with reads otherwise from now on."""
    (row,) = await Declaration.select().where(Declaration.digest == record.declaration)
    body = msgspec.json.encode(change(msgspec.json.decode(row["body"]))).decode()
    async with transaction(town.host.engine):
        await Declaration.update({Declaration.body: body}).where(Declaration.digest == record.declaration)
    town.host.of(Declarations).by_digest.clear()


def as_in_former_days(body: dict) -> dict:
    """A declaration with a field for each kind of part, as it was stored before `parts` held them all."""
    parts = [{name: value for name, value in part.items() if name != "part"} for part in body.pop("parts")]
    return body | {"validity": parts}


def of_an_unknown_kind(body: dict) -> dict:
    """A declaration whose parts are of a kind that no module here looks after."""
    return msgspec.json.decode(msgspec.json.encode(body).replace(b"validity", b"hearing"))


async def test_a_request_of_former_days_goes_on(held):
    town, reference = held
    record = await town.record(reference)
    await pinned_otherwise(town, record, as_in_former_days)
    assert isinstance(await agent_moves(town, reference, "suspend"), Record)
    standing = await standing_facts(town.host, record, await type_of_record(town.host, record))
    assert standing == {"validity.licence.suspended"}


async def test_a_part_of_a_kind_that_nobody_knows_strands_nothing(held):
    town, reference = held
    record = await town.record(reference)
    await pinned_otherwise(town, record, of_an_unknown_kind)
    request_type = await type_of_record(town.host, record)
    assert [(part.part, part.code) for part in request_type.parts] == [("hearing", "licence")]
    assert await standing_facts(town.host, record, request_type) == frozenset()
    assert await story(town.host, record, HOLDER, "en")
    refused = await agent_moves(town, reference, "suspend")
    assert isinstance(refused, Denied)
    assert refused.reason.en == "“Licence” depends on a module that is not in use here."
    await erase(town.host, reference, actor=ANA)
    assert (await town.record(reference)).erased_at is not None


async def test_a_step_that_needs_what_nobody_knows_says_so(town_of):
    town = town_of(LICENCE)
    reference = (await town.submit("licence", answers={})).reference
    await pinned_otherwise(town, await town.record(reference), of_an_unknown_kind)
    refused = await agent_moves(town, reference, "restore")
    assert isinstance(refused, Denied)
    assert "“hearing.licence.suspended”, whose module is not installed here" in refused.reason.en
