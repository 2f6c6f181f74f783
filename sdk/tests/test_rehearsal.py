"""Rehearsal and the contract of connectors: a careful one bears every weather, and each carelessness is named."""

import asyncio
import time
from datetime import timedelta
from types import ModuleType

import httpx
import msgspec
import pytest

from parvis_sdk.connectors import Connector
from parvis_sdk.errors import Later, Refused, must_fit
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.connected import mistakes_of_somebody_else, told_of
from parvis_sdk.testing.rehearsal import ONE_CALL, WEATHERS, BadCounterpart, rehearse
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

URL = "https://orders.example/orders"
BY_CODE = {each.code: each for each in WEATHERS}


class Number(msgspec.Struct):
    number: str


async def careful(event, request, connection):
    """What a careful author writes."""
    try:
        answer = await connection.http.post(URL, json={"key": event.id})
    except httpx.TransportError as error:
        raise Later(f"it cannot be reached: {error}") from error
    if answer.status_code in (429, 503):
        wait = answer.headers.get("retry-after", "")
        raise Later("it asks to wait", retry_after=timedelta(seconds=int(wait)) if wait.isdigit() else None)
    if answer.status_code >= 500:
        raise Later(f"HTTP {answer.status_code}")
    if not answer.is_success:
        raise Refused(f"HTTP {answer.status_code}")
    try:
        return Outcome(external_reference=msgspec.json.decode(answer.content, type=Number).number)
    except msgspec.DecodeError as error:
        raise Later(f"its answer makes no sense: {error}") from error


def connector(deliver, **given):
    title = Text(fr="Bons", en="Orders")
    return Connector(
        **{"name": "orders", "title": title, "address": URL, "events": (Submitted, Moved), "deliver": deliver, **given}
    )


def told():
    _, event, request = next(told_of(connector(careful, needs=("fees", "attachments")), [SAMPLE]))
    return event, request


async def became(deliver, code):
    return await rehearse(connector(deliver), *told(), BY_CODE[code])


@pytest.mark.parametrize("code", BY_CODE)
async def test_a_careful_connector_bears_it(code):
    rehearsed = await became(careful, code)
    assert rehearsed.mistake == ""
    assert rehearsed.calls == 1
    assert rehearsed.said


async def test_the_wire_is_real_where_it_matters():
    assert "CERTIFICATE_VERIFY_FAILED" in (await became(careful, "stranger")).said
    assert "onnection attempts failed" in (await became(careful, "refused")).said
    assert "without sending complete message body" in (await became(careful, "cut")).said
    assert "no whole answer in time" in (await became(careful, "slow")).said
    assert "too long" in (await became(careful, "endless")).said
    assert (await became(careful, "429")).retry_after == timedelta(seconds=120)


async def test_a_busy_machine_is_not_taken_for_a_silent_system(monkeypatch):
    async def late(self, *asked, answer=BadCounterpart._answer):
        await asyncio.sleep(2 * ONE_CALL)
        await answer(self, *asked)

    monkeypatch.setattr(BadCounterpart, "_answer", late)
    assert (await became(careful, "429")).retry_after == timedelta(seconds=120)


async def test_a_connector_that_takes_somebody_elses_order_for_its_own_is_named():
    async def trusting(event, request, connection):
        answer = await connection.http.post(URL, json={"about": request.reference})
        return Outcome(external_reference=str(answer.json()["number"]))

    async def comparing(event, request, connection):
        answer = (await connection.http.post(URL, json={"about": request.reference})).json()
        must_fit(request.reference, answer["about"], str(answer["number"]))
        return Outcome(external_reference=str(answer["number"]))

    assert (await became(trusting, "somebody_else")).mistake == (
        "somebody_else: when it answers about somebody else (200), the delivery counts as delivered and takes it for "
        "its own: compare the key in each answer with the one that was sent"
    )
    careful_one = await became(comparing, "somebody_else")
    assert (careful_one.became, careful_one.mistake) == ("refused", "")
    assert "TEST-0001: 900900900 · ELSE-9009; nothing of it was kept" in careful_one.said


def test_the_contract_names_a_connector_that_keeps_what_belongs_to_somebody_else():
    async def trusting(event, request, connection):
        answer = (await connection.http.post(URL, json={"about": request.reference})).json()
        return Outcome(external_reference=answer["number"], remember={"about": answer["about"]})

    def other_system(connector):
        return httpx.MockTransport(
            lambda asked: httpx.Response(200, json={"number": "WO-1", **msgspec.json.decode(asked.content)})
        )

    mine = connector(trusting)
    [*found] = asyncio.run(mistakes_of_somebody_else(mine, told_of(mine, [SAMPLE]), other_system))
    assert found
    assert found[0] == (
        "orders · sample-submitted · answers about somebody else · it took them for its own: compare the key in each "
        "answer with the one sent"
    )


def test_the_contract_names_a_connector_that_believes_the_answer_to_a_change_about_somebody_else():
    """Its first answer is compared, and the one to a change is not: another town's order was changed, and ours is told
    to be."""

    async def trusting(event, request, connection):
        known = request.external_references.get("orders")
        how = connection.http.put if known else connection.http.post
        answer = (await how(URL, json={"about": request.reference})).json()
        if not known:
            must_fit(request.reference, answer["about"])
        return Outcome(external_reference=answer["number"])

    async def comparing(event, request, connection):
        how = connection.http.put if request.external_references else connection.http.post
        answer = (await how(URL, json={"about": request.reference})).json()
        must_fit(request.reference, answer["about"])
        return Outcome(external_reference=answer["number"])

    def other_system(connector):
        return httpx.MockTransport(
            lambda asked: httpx.Response(200, json={"number": "WO-1", **msgspec.json.decode(asked.content)})
        )

    def mistakes(deliver):
        mine = connector(deliver)
        return asyncio.run(mistakes_of_somebody_else(mine, told_of(mine, [SAMPLE]), other_system))

    assert mistakes(comparing) == []
    assert mistakes(trusting)[0] == (
        "orders · sample-submitted · answers about somebody else · it took its change for done: compare the key in the "
        "answer to a change as well"
    )


async def test_what_nobody_expects_is_named_with_its_line():
    async def careless(event, request, connection):
        answer = await connection.http.post(URL)
        return Outcome(external_reference=answer.json()["number"])

    broken = await became(careless, "bare")
    assert (broken.became, broken.said) == ("broken", "it raised KeyError: 'number'")
    assert "test_rehearsal.py:" in broken.where
    assert broken.mistake.startswith("bare: when it answers an empty object (200), the delivery fails by a fault")


async def test_a_delivery_that_is_lost_is_named():
    async def blind(event, request, connection):
        await connection.http.post(URL)

    assert (await became(blind, "nothing")).mistake == ""
    assert (await became(blind, "503")).mistake == (
        "503: when it is being repaired (503), the delivery counts as delivered; it should be one that is tried again"
    )


async def test_giving_up_on_a_system_that_is_away_is_named():
    async def hasty(event, request, connection):
        try:
            await connection.http.post(URL)
        except httpx.TransportError as error:
            raise Refused("away") from error

    assert (
        "is stopped until a person acts (away); it should be one that is tried again"
        in (await became(hasty, "refused")).mistake
    )


async def test_not_waiting_as_long_as_asked_is_named():
    async def impatient(event, request, connection):
        await connection.http.post(URL)
        raise Later("busy", retry_after=timedelta(seconds=5))

    assert "after 0:00:05, and was asked to wait 0:02:00" in (await became(impatient, "429")).mistake


async def test_a_hang_is_named():
    async def stuck(event, request, connection):
        await asyncio.Event().wait()

    hung = await rehearse(connector(stuck), *told(), BY_CODE["503"], seconds=0.05)
    assert hung.became == "hung"
    assert hung.mistake.endswith("the delivery hangs: it did not answer within 0.05 s")


async def test_a_machine_that_stands_still_for_a_while_is_not_taken_for_a_hang():
    async def stalled(event, request, connection):
        time.sleep(2.2)  # noqa: ASYNC251 - everything stands still, not this delivery alone
        return await careful(event, request, connection)

    assert (await rehearse(connector(stalled), *told(), BY_CODE["503"], seconds=2.0)).mistake == ""


async def test_files_and_charges_are_there():
    seen = {}

    async def look(event, request, connection):
        seen["content"] = await connection.content(request.attachments[0].id)
        seen["owed"] = [each.cents for each in request.charges]

    await became(look, "nothing")
    assert seen["content"].startswith(b"\x89PNG")
    assert seen["owed"] == [15_000]


def contract(*connectors, **given):
    module = ModuleType("parvis_tried")
    module.connectors = hookimpl(lambda: list(connectors))

    class TestTried(PluginContract):
        plugin = module

    for name, value in given.items():
        setattr(TestTried, name, value)
    return TestTried()


def test_the_contract_takes_a_careful_connector():
    tried = contract(connector(careful, needs=("fees", "attachments")))
    tried.test_a_connector_bears_every_weather()
    tried.test_a_connector_that_is_told_twice_answers_and_names_one_thing()


def test_the_contract_names_connector_event_and_weather():
    async def careless(event, request, connection):
        answer = await connection.http.post(URL)
        answer.raise_for_status()

    with pytest.raises(AssertionError) as error:
        contract(connector(careless)).test_a_connector_bears_every_weather()
    lines = str(error.value).splitlines()
    assert any(line.startswith("orders · sample-moved-close · 500: when it breaks") for line in lines)
    assert {line.split(" · ")[1] for line in lines} == {"sample-submitted", "sample-moved-close", "sample-resent"}


def test_the_contract_names_a_connector_that_asked_nothing():
    async def nothing(event, request, connection):
        return None

    with pytest.raises(AssertionError, match="asked its system nothing on sample-submitted"):
        contract(connector(nothing)).test_a_connector_bears_every_weather()


def test_the_contract_names_a_connector_that_makes_things_twice():
    made = []

    async def doubling(event, request, connection):
        made.append(event)
        return Outcome(external_reference=f"WO-{len(made)}")

    with pytest.raises(AssertionError, match=r"sample-submitted · told twice, it made 'WO-1' and then 'WO-2'"):
        contract(connector(doubling)).test_a_connector_that_is_told_twice_answers_and_names_one_thing()


def test_a_connector_of_other_types_is_told_of_a_sample_of_each():
    tried = contract(connector(careful, types=("pothole", "lamp")))
    assert [request_type.code for request_type in tried.samples(tried.connectors()[0])] == ["pothole", "lamp"]
