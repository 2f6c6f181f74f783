"""A plugin that was removed or broke while requests wait: everybody who must know is told, and time is made up for."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.deployment import PluginsInTrouble, open_deployment
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.requests.actors import Actor
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.history import entries_of
from parvis.requests.promises.promising import resume
from parvis.requests.records import find
from parvis.requests.references import key_for
from parvis.settings import read_settings
from parvis.worker.chores import chores_of
from parvis_sdk.workflow import Denied

LEVELS = """    service_levels=(
        ServiceLevel(code="soon", title=Text(fr="Réparé", en="Repaired"), until="closed", hours=240),
        ServiceLevel(
            code="law", title=Text(fr="Délai de la loi", en="Law"), until="decided", hours=300, statutory=True
        ),
    ),
    retention="""
BROKEN = "raise ValueError('half an upgrade')\n"


@pytest.fixture
def lamp(good):
    """The plugin with a promise of ten days and a time limit of the law."""
    return good.replace("    retention=", LEVELS).replace("import RequestType,", "import RequestType, ServiceLevel,")


async def filed(http, count=2):
    found = []
    for number in range(count):
        submission = {
            "type": "lamp",
            "language": "fr",
            "answers": {"danger": True},
            "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
            "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
        }
        answer = await http.post("/api/v1/requests", json=submission, headers={"Idempotency-Key": str(number)})
        assert answer.status_code == 201, answer.text
        found.append(answer.json()["reference"])
    return found


async def chore(host, name="plugins"):
    """One round of a chore of the workers, which the guard of the clock lets do its work."""
    for each in chores_of(host):
        if each.name == name:
            await each.work()


async def operator(host, http):
    grants = [Grant(role="operator", jurisdiction=town) for town in ("parvis", "rivemont")]
    grants.append(Grant(role="agent", jurisdiction="parvis"))
    person = await add_agent(
        host.engine, email="op@parvis.example", name="Op", password="quatre chevaux", grants=grants
    )
    http.cookies.set("parvis_session", await begin_session(host.engine, person.id, "Tests"))


@pytest.mark.parametrize(
    ("left", "why", "desk"),
    [
        (
            "gone",
            "the plugin 'lights' is no longer installed, and 2 requests of type 'lamp' wait",
            "n’est plus installée",
        ),
        (
            "broken",
            "the plugin 'lights' is broken, and 2 requests of type 'lamp' wait",
            "ne fonctionne pas pour le moment",
        ),
        (
            "dropped",
            "the plugin 'lights' no longer offers this type, and 2 requests of type 'lamp' wait",
            "n’offre plus ce type de requête",
        ),
    ],
)
async def test_requests_whose_plugin_is_away_are_everybodys_news(
    install, uninstall, serving, commanded, environ, lamp, left, why, desk
):
    """Before, check, log and overview said that nothing was wrong while forty people waited."""
    install("lights", lamp)
    async with serving() as (_, http):
        first, _ = await filed(http)
    assert (await commanded("check")).exit_code == 0
    uninstall("parvis-lights")
    if left == "broken":
        install("lights", BROKEN)
    elif left == "dropped":
        install("lights", "from parvis_sdk.hooks import hookimpl\n@hookimpl\ndef request_types():\n    return []\n")

    checked = await commanded("check")
    assert checked.exit_code == 1
    assert why in checked.output
    assert "no longer installed" not in checked.output or left == "gone"
    async with serving() as (host, http):
        assert why in "\n".join(str(each) for each in host.plugins.troubles)  # which the log tells at the start
        assert (await http.get("/health")).json()["requests"] == {"without_plugin": 2, "unreadable": 0}
        await operator(host, http)
        overview = (await http.get("/exploitation")).text
        assert "2 requêtes ouvertes attendent une extension absente." in overview
        assert "Rien ne demande votre attention" not in overview
        assert "2 requêtes de type" in (await http.get("/exploitation/extensions")).text
        gathered = (await heart_metrics(http)).splitlines()
        assert f'parvis_requests_without_plugin{{plugin="lights",type="lamp",why="{left}"}} 2.0' in gathered
        assert desk in (await http.get(f"/bureau/requete/{first}")).text
        record = await find(host, first)
        page = await http.get(f"/fr/suivi/{first}?cle={key_for(host.secret, record.id)}")
        assert "Ce service n’est pas disponible pour le moment" in page.text
        assert "n’est plus installée" not in page.text
    settings = read_settings(None, environ, worker=False, log_level="error", strict=True)
    with pytest.raises(PluginsInTrouble):
        async with open_deployment(settings):
            pass


async def heart_metrics(http):
    answer = await http.get("/metrics")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_delays_rest_while_their_plugin_is_away_and_are_made_up_for(install, uninstall, serving, lamp):
    """A town that lost a plugin for six days owes nobody a broken promise, but the law's days do not wait."""
    install("lights", lamp)
    async with serving() as (host, http):
        [reference] = await filed(http, 1)
        begun = {each.code: each.due_at for each in await clocks_of((await find(host, reference)).id)}
    uninstall("parvis-lights")
    start = clock.now()
    async with serving() as (host, http):
        with clock.moved_to(start + timedelta(days=1)):
            for _ in range(2):  # a second look finds nothing to do
                await chore(host)
        record = await find(host, reference)
        assert record.promise == "paused"
        assert [entry.kind for entry in await entries_of(record)] == ["submitted", "paused"]
        assert {each.code: each.state for each in await clocks_of(record.id)} == {"soon": "paused", "law": "running"}
        refused = await resume(host, reference, actor=Actor(kind="agent", id="ana", name="Ana"))
        assert isinstance(refused, Denied)
        page = await http.get(f"/fr/suivi/{reference}?cle={key_for(host.secret, record.id)}")
        assert "Délai suspendu\u00a0: ce service n’est pas disponible pour le moment" in page.text
    install("lights", lamp)
    async with serving() as (host, http):
        with clock.moved_to(start + timedelta(days=7)):
            for _ in range(2):
                await chore(host)
            record = await find(host, reference)
            assert record.promise == "running"
            due = {each.code: each.due_at for each in await clocks_of(record.id)}
            assert abs(due["soon"] - begun["soon"] - timedelta(days=6)) < timedelta(minutes=1)
            assert due["law"] == begun["law"]
            assert [entry.kind for entry in await entries_of(record)] == ["submitted", "paused", "resumed"]
            assert host.plugins.troubles == ()
            assert (await http.get("/health")).json()["requests"] == {"without_plugin": 0, "unreadable": 0}


async def test_a_timer_that_ran_out_while_the_plugin_was_away_does_not_close_on_return(
    install, uninstall, serving, lamp
):
    """Otherwise a person with thirty days to answer finds their request closed as soon as the service is back."""
    timed = (
        lamp.replace(
            'Transition(code="close",',
            'Transition(code="expire", title=Text(fr="Expirer", en="Expire"), sources=("new",), target="done",'
            ' by=("system",)),\n            Transition(code="close",',
        )
        .replace("import State,", "import State, Timer,")
        .replace("phase=Phase.RECEIVED)", 'phase=Phase.RECEIVED, timers=(Timer(transition="expire", days=20),))')
    )
    install("lights", timed)
    async with serving() as (host, http):
        [reference] = await filed(http, 1)
        due = (await find(host, reference)).timer_due_at
        assert due is not None
    uninstall("parvis-lights")
    start = clock.now()
    async with serving() as (host, _):
        with clock.moved_to(start + timedelta(days=1)):
            await chore(host)
    install("lights", timed)
    async with serving() as (host, _):
        with clock.moved_to(start + timedelta(days=41)):
            await chore(host, "timers")
            assert (await find(host, reference)).state == "new"
            await chore(host)
            await chore(host, "timers")
            record = await find(host, reference)
            assert record.state == "new"
            assert abs(record.timer_due_at - due - timedelta(days=40)) < timedelta(minutes=1)
        with clock.moved_to(start + timedelta(days=62)):
            await chore(host, "timers")
            assert (await find(host, reference)).state == "done"


async def test_a_closed_request_of_a_removed_plugin_is_no_trouble(install, uninstall, serving, commanded, lamp):
    from parvis.db import transaction

    install("lights", lamp)
    async with serving() as (host, http):
        await filed(http)
        async with transaction(host.engine):
            await ServiceRequest.update({ServiceRequest.phase: "closed", ServiceRequest.state: "done"}, force=True)
    uninstall("parvis-lights")
    assert (await commanded("check")).exit_code == 0
