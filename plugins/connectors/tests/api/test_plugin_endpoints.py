"""Addresses of plugins: who may call them, what is answered to whom, and what follows from it."""

import asyncio
from datetime import timedelta
from types import ModuleType

import msgspec
import pytest
from msgspec import structs

from parvis import clock
from parvis.outbox import memory
from parvis.plugins.registry import DiscoveredPlugin, PluginDeclarations
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.records import find
from parvis_connectors import plugin_endpoints, signed_calls
from parvis_connectors.polling import readings
from parvis_connectors.unmatched_updates import strays
from parvis_sdk.connectors import Connector
from parvis_sdk.endpoints import Endpoint, EndpointAnswer, Public, Signed, WithKey
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Submitted
from parvis_sdk.signatures import signature
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text
from parvis_testing.modules import switch

SECRET = "whsec_" + "c2VjcmV0" * 6
STRANGE = "whsec_" + "YXV0cmVz" * 6
TITLE = Text(fr="Travaux", en="Works")
SIGNED = Signed(secrets=lambda town: (SECRET,) if town == "parvis" else ())

APART = Signed(secrets=lambda town: (STRANGE,))


async def deliver(event, request, connection):
    return None


def endpoint(answer, auth=SIGNED, **more):
    return Endpoint(**{"code": "works", "title": TITLE, "auth": auth, "answer": answer, "connector": "crew", **more})


@pytest.fixture
def having(api):
    """Gives the plugin of the town these endpoints, and a connector `crew`."""

    def plugged(*endpoints):
        registry = api.host.plugins
        crew = Connector(name="crew", title=TITLE, address="https://crew.example", events=(Submitted,), deliver=deliver)
        own = structs.replace(registry.by_name["town"], connectors=("crew",))
        found = DiscoveredPlugin.of("town", ModuleType("test_plugin_endpoints"))
        heard = PluginDeclarations(found=found, settings=None, lists={"endpoints": endpoints})
        plugins = structs.replace(
            registry, connectors={"crew": crew}, by_name=registry.by_name | {"town": own}, heard=(heard,)
        )
        object.__setattr__(api.host, "plugins", plugins)

    return plugged


@pytest.fixture
def in_both(api):
    """The plugin of the town is in Rivemont as well."""
    towns = api.host.jurisdictions
    there = structs.replace(towns.jurisdiction("rivemont"), plugins=("town",))
    both = structs.replace(towns, by_code={**towns.by_code, "rivemont": there})
    object.__setattr__(api.host, "jurisdictions", both)


@pytest.fixture
def call(api):
    async def post(body=b"{}", id="1", secret=SECRET, at=None, path="town/works", **headers):
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        moment = int((at or clock.now()).timestamp())
        if secret:
            headers |= {"webhook-id": id, "webhook-timestamp": str(moment)}
            headers["webhook-signature"] = signature(secret, id, moment, content)
        return await api.http.post(f"/api/v1/plugins/{path}", content=content, headers=headers)

    return post


async def takes(asked):
    news = asked.json()
    updates = tuple(Update(key=each["key"], note=TITLE, reference=each["reference"]) for each in news)
    return EndpointAnswer(status=202, json={"taken": len(updates)}, updates=updates, remember={"seen": len(updates)})


async def test_a_signed_call_brings_news_once_however_often_it_is_sent(api, having, call):
    having(endpoint(takes))
    reference = (await api.filed())["reference"]
    news = [{"key": "1", "reference": reference}]
    answer = await call(news)
    assert (answer.status_code, answer.json()) == (202, {"taken": 1})
    assert answer.headers["content-type"].startswith("application/json")
    assert "set-cookie" not in answer.headers
    again = await call(news)
    assert (again.status_code, again.content) == (202, b"")
    record = await find(api.host, reference)
    assert record.version
    assert await memory.recall_all("crew") == {"seen": 1}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"secret": ""}, "it is not signed"),
        ({"secret": STRANGE}, "none of ours"),
        ({"at": timedelta(minutes=-6)}, "too long ago"),
        ({"at": timedelta(minutes=6)}, "not yet"),
    ],
)
async def test_who_does_not_sign_rightly_is_refused(having, call, given, why):
    having(endpoint(takes))
    if "at" in given:
        given = {"at": clock.now() + given["at"]}
    answer = await call([], **given)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert why in answer.json()["detail"]
    assert answer.json()["detail"].startswith("town: ")


async def test_who_is_not_let_in_runs_code_of_the_plugin_once_in_a_while_or_never(having, call, monkeypatch):
    asked = []

    def secrets(town):
        asked.append(town)
        return (SECRET,)

    having(endpoint(takes, auth=Signed(secrets=secrets)))
    for given in ({"secret": ""}, {"at": clock.now() - timedelta(hours=1)}):
        assert (await call([], **given)).status_code == 401
    assert asked == []
    answers = await asyncio.gather(*(call([], id=str(number), secret=STRANGE) for number in range(3)))
    assert [each.status_code for each in answers] == [401] * 3
    assert (await call([])).status_code == 202
    assert asked == ["parvis"]
    monkeypatch.setattr(plugin_endpoints, "SECRETS_FOR", 0.0)
    having(endpoint(takes, auth=Signed(secrets=lambda town: secrets(town))))
    await call([], id="8")
    await call([], id="9")
    assert asked == ["parvis"] * 3


async def test_a_secret_of_two_towns_is_refused_at_both_and_both_are_named(api, having, in_both, call):
    """Nothing of the address is signed: a call to one town could be made again at the other."""
    having(endpoint(takes, auth=Signed(secrets=lambda town: (SECRET, STRANGE) if town == "parvis" else (STRANGE,))))
    for secret in (SECRET, STRANGE):
        assert (await call([], id=secret, secret=secret)).status_code == 500
    [trouble] = [each for each in api.host.of(AskedTroubles) if each.plugin == "town"]
    assert "town.works (parvis) and town.works (rivemont) have one secret" in str(trouble)
    assert str(trouble).endswith("neither is believed · give each endpoint a secret for each town")


async def test_a_secret_of_two_endpoints_is_refused_at_both(having, call):
    having(endpoint(takes), endpoint(takes, code="others"), endpoint(takes, code="apart", auth=APART))
    for path in ("town/works", "town/others"):
        assert (await call([], path=path)).status_code == 500
    assert (await call([], path="town/apart", secret=STRANGE)).status_code == 202


async def test_what_the_address_of_a_signed_call_asks_for_is_handed_to_nobody(having, call):
    asked = []

    async def keeps(told):
        asked.append(told.query)

    having(endpoint(keeps))
    assert (await call([], path="town/works?q=1")).status_code == 204
    assert asked == [{}]


@pytest.mark.parametrize("secrets", [lambda town: SECRET, lambda town: (SECRET, 5), lambda town: None])
async def test_secrets_that_are_none_let_nobody_in(having, call, secrets):
    """The letters of one secret would be many, one of them a key that anybody knows."""
    having(endpoint(takes, auth=Signed(secrets=secrets)))
    assert (await call([])).status_code == 500


async def test_the_same_call_at_once_is_taken_once(having, call):
    told, go = [], asyncio.Event()

    async def slow(asked):
        told.append(asked.body)
        await go.wait()
        return EndpointAnswer(status=204)

    having(endpoint(slow))
    first = asyncio.create_task(call())
    while not told:
        await asyncio.sleep(0.01)
    assert (await call()).status_code == 409
    go.set()
    assert (await first).status_code == 204
    assert len(told) == 1


async def test_what_failed_here_may_be_sent_again(having, call):
    told = []

    async def at_first_away(asked):
        told.append(asked.at)
        if len(told) == 1:
            raise Later("the books are closed")
        return None

    having(endpoint(at_first_away))
    answer = await call()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert (await call()).status_code == 204


async def test_a_key_with_the_scope_opens_it_and_no_other(api, having, call):
    async def who(asked):
        return EndpointAnswer(json={"caller": asked.caller, "town": asked.town.code, "q": list(asked.query["q"])})

    having(endpoint(who, WithKey(scope="requests:read"), methods=("GET",)))
    path = "/plugins/town/works"
    assert (await api.get(path, q="a")).status_code == 401
    assert (await api.get(path, headers=await api.token("requests:write"), q="a")).status_code == 403
    answer = await api.get(path, headers=await api.token("requests:read"), q="a")
    assert answer.json() == {"caller": "Pont", "town": "parvis", "q": ["a"]}
    assert (await call(secret="")).status_code == 405


async def test_anybody_may_call_a_public_one_so_often(api, having):
    async def plain(asked):
        return EndpointAnswer(body=b"ouvert", content_type="text/plain")

    having(endpoint(plain, Public(per_minute=2), methods=("GET",), connector=""))
    answers = [await api.get("/plugins/town/works") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[0].text == "ouvert"
    assert answers[0].headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (Refused("no street"), 400, "town: no street."),
        (LookupError("secret words"), 500, "town: It failed; the operators read why."),
    ],
)
async def test_what_is_raised_is_a_problem_that_names_the_plugin(api, having, call, raised, status, said):
    async def raising(asked):
        raise raised

    having(endpoint(raising))
    answer = await call()
    assert (answer.status_code, answer.json()["detail"]) == (status, said)
    assert bool([each for each in api.host.of(AskedTroubles) if "secret words" in str(each)]) is (status == 500)


@pytest.mark.parametrize(
    "answer",
    [
        "words",
        EndpointAnswer(status=302),
        EndpointAnswer(status=400),
        EndpointAnswer(content_type="text/html", body=b"<b>"),
        EndpointAnswer(json=object()),
        EndpointAnswer(json=1, body=b"1"),
        EndpointAnswer(remember={"a": object()}),
        EndpointAnswer(status=204, json=1),
        EndpointAnswer(status=204, body=b"1"),
        EndpointAnswer(status=400, problem=Text(fr="\ud800")),
        EndpointAnswer(updates=(Update(key="\ud800", note=TITLE),)),
        EndpointAnswer(updates=(Update(key="1", note=Text(fr="\ud800")),)),
        EndpointAnswer(updates=(Update(key="1", external_reference="\ud800"),)),
    ],
)
async def test_what_is_no_answer_reaches_nobody(api, having, call, answer):
    async def answering(asked):
        return answer

    having(endpoint(answering))
    assert (await call()).status_code == 500
    assert [each for each in api.host.of(AskedTroubles) if "test_plugin_endpoints.py:" in str(each)]


async def test_a_problem_is_said_in_words_and_keeps_nothing(having, call):
    async def unknown(asked):
        return EndpointAnswer(status=422, problem=Text(fr="rue inconnue", en="no such street"), remember={"a": 1})

    having(endpoint(unknown))
    answer = await call()
    assert (answer.status_code, answer.json()["detail"]) == (422, "town: rue inconnue")
    assert await memory.recall_all("crew") == {}


async def test_a_body_that_is_too_long_is_not_read_by_it(having, call):
    having(endpoint(takes, largest=100))
    assert (await call(b"[" + b" " * 100 + b"]")).status_code == 413


async def test_it_may_ask_for_news_at_once(api, having, call):
    async def changed(asked):
        return EndpointAnswer(status=202, ask_for_news=True)

    having(endpoint(changed))
    assert (await call()).status_code == 202
    assert set(await readings()) <= {"crew"}


async def test_where_the_module_is_off_or_there_is_none_nothing_is_there(api, having, call):
    having(endpoint(takes), endpoint(takes, code="elsewhere", towns=("autre",)))
    assert (await call(path="town/nothing")).status_code == 404
    assert (await call(path="town/elsewhere")).status_code == 404
    assert (await call(path="nobody/works")).status_code == 404
    await switch(api.host, "off", "connectors")
    assert (await call([])).status_code == 404


async def test_a_key_of_one_town_writes_nothing_into_requests_of_another(api, having, in_both):
    having(endpoint(takes, WithKey(scope="requests:write")))
    reference = (await api.filed())["reference"]
    news, before = [{"key": "1", "reference": reference}], await find(api.host, reference)
    theirs = await api.token("requests:write", jurisdiction="rivemont")
    assert (await api.post("/plugins/town/works", news, headers=theirs)).status_code == 202
    assert [each.reason for each in await strays()] == ["elsewhere"]
    assert await find(api.host, reference) == before
    ours = await api.token("requests:write")
    assert (await api.post("/plugins/town/works", news, headers=ours)).status_code == 202
    assert (await find(api.host, reference)).version > before.version


async def test_who_does_not_sign_keeps_nobody_out_who_does(api, having, call, monkeypatch):
    monkeypatch.setattr(plugin_endpoints, "AT_ONCE", 1)
    looking, go = [], asyncio.Event()

    async def secrets(*given):
        looking.append(given)
        if len(looking) == 1:
            await go.wait()
        return (SECRET,)

    having(endpoint(takes))
    with monkeypatch.context() as patched:
        patched.setattr(plugin_endpoints, "_secrets", secrets)
        strange = asyncio.create_task(call([], secret=STRANGE))
        while not looking:
            await asyncio.sleep(0.01)
        busy = asyncio.create_task(call([]))
        go.set()
        assert (await busy).status_code == 202
        assert (await strange).status_code == 401


async def test_calls_of_one_town_keep_out_none_of_another(api, having, in_both, monkeypatch):
    monkeypatch.setattr(plugin_endpoints, "AT_ONCE", 1)
    told, go = [], asyncio.Event()

    async def slow(asked):
        told.append(asked.town.code)
        if asked.town.code == "rivemont":
            await go.wait()

    having(endpoint(slow, WithKey(scope="requests:read"), methods=("GET",)))
    theirs, ours = await api.token("requests:read", jurisdiction="rivemont"), await api.token("requests:read")
    first = asyncio.create_task(api.get("/plugins/town/works", headers=theirs))
    async with asyncio.timeout(30):
        while not told:
            await asyncio.sleep(0.01)
    assert (await api.get("/plugins/town/works", headers=theirs)).status_code == 503
    assert (await api.get("/plugins/town/works", headers=ours)).status_code == 204
    go.set()
    assert (await first).status_code == 204


async def test_what_cannot_be_kept_is_told_with_the_plugin(api, having, call, monkeypatch):
    async def failing(*given, **named):
        raise LookupError("no such place")

    monkeypatch.setattr(plugin_endpoints, "take", failing)
    having(endpoint(takes))
    answer = await call([{"key": "1", "reference": "x"}])
    assert (answer.status_code, answer.json()["detail"]) == (500, "town: It failed; the operators read why.")
    assert [each for each in api.host.of(AskedTroubles) if "no such place" in str(each)]


async def test_old_calls_are_forgotten(api, having, call):
    having(endpoint(takes))
    await call([])
    assert await signed_calls.sweep(api.host.engine) == 0
    with clock.moved_to(clock.now() + timedelta(days=8)):
        assert await signed_calls.sweep(api.host.engine) == 1
