"""The pretend desk and the scripted exchange, as authors use them."""

import httpx
import pytest
from msgspec import structs

from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.connectors import Connector, News
from parvis_sdk.errors import Later
from parvis_sdk.events import Moved, Submitted, Withdrawn
from parvis_sdk.fields import PERSONAL, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment, Owed, Phase
from parvis_sdk.subscriptions import Outcome, PaidThere, Update, on
from parvis_sdk.testing import Desk, Exchange
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, State, Timer, Transition, Workflow, reason_form

L = Text(fr="Étape", en="Step")
FLOW = Workflow(
    states=(
        State(code="received", title=L, phase=Phase.RECEIVED),
        State(code="done", title=L, phase=Phase.DECIDED, timers=(Timer(transition="close", days=10, business=True),)),
        State(code="closed", title=L, phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(
            code="do",
            title=L,
            sources=("received",),
            target="done",
            by=("agent", "system"),
            asks=reason_form(required=False),
        ),
        Transition(code="close", title=L, sources=("done",), target="closed", by=("system", "agent")),
        Transition(code="withdraw", title=L, sources=("received",), target="closed", by=("requester",)),
    ),
)
SECRET = ShortText(code="code", label=L, privacy=PERSONAL, required=False)
KIND = structs.replace(SAMPLE, workflow=FLOW, form=Form(sections=(Section(code="s", title=L, fields=(SECRET,)),)))
RAW = {
    "answers": {"code": "1234"},
    "place": {"lon": -73.5, "lat": 45.5},
    "requester": {"mode": "named", "name": "Zoé", "email": "zoe@exemple.com"},
}


async def test_a_request_walks_from_first_word_to_last():
    desk = Desk(types=[KIND])
    case = await desk.submit("sample", RAW)
    assert desk.phase(case) is Phase.RECEIVED
    await desk.move(case, "do", {"reason": "fait"})
    assert case.state == "done"
    await desk.wait(days=11)
    assert case.state == "done"
    await desk.wait(days=3)
    assert case.state == "closed"
    assert [type(event) for event in desk.events] == [Submitted, Moved, Moved]
    assert [step for _, step in case.history] == ["received > do > done", "done > close > closed"]


async def test_a_submission_with_problems_makes_no_request():
    desk = Desk(types=[KIND])
    assert isinstance(await desk.submit("sample", {}), Problems)
    assert desk.cases == []


async def test_a_move_that_is_not_allowed_changes_nothing():
    desk = Desk(types=[KIND])
    case = await desk.submit("sample", RAW)
    assert isinstance(await desk.move(case, "close"), Denied)
    assert case.state == "received"
    assert len(desk.events) == 1


async def test_taking_a_request_back_is_told_as_such():
    desk = Desk(types=[KIND])
    case = await desk.submit("sample", RAW)
    await desk.move(case, "withdraw", by="requester")
    assert [type(event) for event in desk.events] == [Submitted, Moved, Withdrawn]


async def test_what_a_handler_answers_is_done():
    @on(Submitted, needs=("contact",))
    async def order(event, request):
        message = OutgoingMessage(to=request.requester.email, subject="a", text="b", language=request.language)
        return Outcome(note=L, external_reference="ERP-7", move="do", messages=(message,))

    desk = Desk(types=[KIND], subscriptions=[order], name="erp")
    case = await desk.submit("sample", RAW)
    assert case.state == "done"
    assert case.notes == [L]
    assert case.external_references == {"erp": "ERP-7"}
    assert [message.to for message in desk.sent] == ["zoe@exemple.com"]


async def test_a_wished_move_that_is_not_allowed_is_noted():
    @on(Submitted)
    async def rush(event, request):
        return Outcome(move="close")

    desk = Desk(types=[KIND], subscriptions=[rush])
    case = await desk.submit("sample", RAW)
    assert case.state == "received"
    assert [note.en for note in case.notes] == ["“close” refused"]


async def test_a_handler_sees_only_what_it_stated_to_need():
    seen = {}

    def watch(name, needs):
        @on(Submitted, needs=needs, name=name)
        async def look(event, request):
            seen[name] = request

        return look

    desk = Desk(types=[KIND], subscriptions=[watch("none", ()), watch("all", ("contact", "personal"))])
    await desk.submit("sample", RAW)
    assert (seen["none"].requester, seen["none"].answers, seen["none"].tracking_url) == (None, {}, "")
    assert seen["all"].requester.name == "Zoé"
    assert seen["all"].answers == {"code": "1234"}


async def test_a_system_that_is_away_is_recorded_and_harms_nobody():
    @on(Submitted)
    async def away(event, request):
        raise Later("closed for the night")

    desk = Desk(types=[KIND], subscriptions=[away])
    case = await desk.submit("sample", RAW)
    assert case.state == "received"
    assert [str(each.error) for each in desk.played] == ["closed for the night"]


async def test_handlers_that_go_round_in_circles_are_stopped():
    flow = structs.replace(
        FLOW,
        transitions=(
            *FLOW.transitions,
            Transition(code="again", title=L, sources=("received",), target="received", by=("system",)),
        ),
    )

    @on(Submitted, Moved)
    async def again(event, request):
        return Outcome(move="again")

    desk = Desk(types=[structs.replace(KIND, workflow=flow)], subscriptions=[again])
    with pytest.raises((AssertionError, RecursionError)):
        await desk.submit("sample", RAW)


# The exchange


async def test_the_exchange_plays_its_script_and_keeps_what_was_asked():
    exchange = Exchange()
    exchange.answer("POST", "/orders", status=201, json={"id": 7})
    exchange.answer("GET", "/orders/7?full=1", error=httpx.ConnectTimeout("too slow"))
    async with exchange.client() as client:
        assert (await client.post("/orders", json={"what": "lamp"})).json() == {"id": 7}
        with pytest.raises(httpx.ConnectTimeout):
            await client.get("/orders/7", params={"full": "1"})
    assert [request.method for request in exchange.requests] == ["POST", "GET"]
    assert exchange.requests[0].content == b'{"what":"lamp"}'
    assert exchange.unplayed() == ()


async def test_a_call_nobody_expected_says_what_was():
    exchange = Exchange()
    exchange.answer("GET", "/orders")
    async with exchange.client() as client:
        with pytest.raises(
            AssertionError, match="DELETE /orders was not expected; the script still expects GET /orders"
        ):
            await client.delete("/orders")


async def test_an_answer_may_be_given_several_times(exchange):
    exchange.answer("GET", "/ping", text="pong", headers={"Retry-After": "3"}, times=2)
    async with exchange.client() as client:
        for _ in range(2):
            answer = await client.get("/ping")
            assert (answer.text, answer.headers["Retry-After"]) == ("pong", "3")


def test_a_script_that_was_not_played_to_its_end_says_so():
    exchange = Exchange()
    exchange.answer("GET", "/never")
    assert exchange.unplayed() == ("GET /never",)


def orders(deliver, **given):
    return Connector(
        name="orders", title=L, address="https://erp.example", events=(Submitted,), deliver=deliver, **given
    )


async def test_a_connector_is_told_and_what_it_wants_remembered_is_there_the_next_time(exchange):
    async def deliver(event, request, connection):
        seen.append((request.remembered, [each.cents for each in request.charges]))
        files = [await connection.content(each.id) for each in request.attachments]
        answer = await connection.http.put("https://erp.example/orders", json={"files": [str(each) for each in files]})
        return Outcome(external_reference=answer.json()["id"], remember={"etag": answer.headers["etag"]})

    seen = []
    exchange.answer("PUT", "/orders", json={"id": "WO-1"}, headers={"etag": "1"})
    exchange.answer("PUT", "/orders", json={"id": "WO-1"}, headers={"etag": "2"})
    desk = Desk(
        types=[KIND], connectors=[orders(deliver, needs=("attachments", "fees"))], other_system=exchange, name="erp"
    )
    case = await desk.submit("sample", RAW)
    case.files["f"] = Attachment(id="f", name="f.txt", kind="text/plain", size=1)
    case.contents["f"] = b"hello"
    case.charges.append(Owed(id="c", fee="fee", title=L, state="due", cents=500))
    await desk.resend(case, "orders")
    assert case.external_references == {"orders": "WO-1"}
    assert case.remembered == {"orders": {"etag": "2"}}
    assert seen == [({}, []), ({"etag": "1"}, [500])]
    assert b"hello" in exchange.requests[1].content


async def test_news_is_taken_in_once_and_what_nobody_knows_changes_nothing():
    news = (
        Update(external_reference="WO-1", key="a", note=L, move="do", paid=PaidThere(charge="c", cents=500)),
        Update(external_reference="WO-1", key="a", note=L),
        Update(external_reference="WO-2", key="b", note=L),
    )

    async def deliver(event, request, connection):
        return Outcome(external_reference="WO-1", remember={"etag": "7"})

    async def changes(connection, cursor):
        at = int(cursor or 0)
        remembered.append((connection.remembered, await connection.recall("TEST-0001")))
        return News(updates=news[at : at + 2], cursor=str(at + 1), more=at < 1, remember={"seen": at})

    remembered = []
    desk = Desk(types=[KIND], connectors=[orders(deliver, changes=changes)])
    case = await desk.submit("sample", RAW)
    case.charges.append(Owed(id="c", fee="fee", title=L, state="due", cents=500))
    assert [each.key for each in await desk.poll("orders")] == ["a", "a", "a", "b"]
    assert (case.state, case.notes, case.charges[0].state) == ("done", [L], "paid")
    assert remembered == [({}, {"etag": "7"}), ({"seen": 0}, {"etag": "7"})]
    assert desk.cursors == {"orders": "2"}


async def test_a_connector_at_a_desk_without_other_system_finds_nobody():
    async def deliver(event, request, connection):
        try:
            await connection.http.get("https://erp.example")
        except httpx.TransportError as error:
            raise Later(str(error)) from error

    desk = Desk(types=[KIND], connectors=[orders(deliver)])
    await desk.submit("sample", RAW)
    assert [str(each.error) for each in desk.played] == ["the desk has no other system: give it one"]
