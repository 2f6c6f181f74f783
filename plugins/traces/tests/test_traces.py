"""What a collector gets about requests, statements, calls and passes, and what happens while it is down."""

import json
import socket
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export import SpanExportResult

from parvis import spans
from parvis.chores import Chore
from parvis.http_client import client_over
from parvis.logs import say
from parvis.worker.chores import do_due
from parvis.worker.relay import Relay
from parvis_sdk.connectors import Pace
from parvis_testing.api import HERE, ZOE
from parvis_traces import telling
from parvis_traces.following import named
from parvis_traces.settings import Settings

from .conftest import said

TRACE, ABOVE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TOLD, NOT_TOLD = f"00-{TRACE}-{ABOVE}-01", f"00-{TRACE}-{ABOVE}-00"


async def test_a_request_is_told_with_its_statements_and_not_a_word_of_anybody(api, followed, collector):
    following = followed()
    filed = await api.filed()
    following.end()
    [request] = collector.spans["POST /requests"]
    assert said(request) == {
        "http.request.method": "POST",
        "http.route": "/requests",
        "http.response.status_code": 201,
    }
    statements = [each for some in collector.spans.values() for each in some if each != request]
    assert {each.trace_id for each in statements if each.parent_span_id} == {request.trace_id}
    assert {key for each in statements for key in said(each)} == {"db.operation.name", "db.collection.name"}
    everything = b"".join(collector.bodies)
    for words in (*ZOE.values(), HERE["address"], "Gros trou", filed["reference"], filed["key"]):
        assert words == "named" or words.encode() not in everything


async def test_the_trace_of_whoever_asks_goes_on_and_stands_in_the_log(api, followed, collector):
    following = followed()
    with structlog.testing.capture_logs() as lines:
        await api.get("/request-types", headers={"traceparent": TOLD, "tracestate": "town=1"})
    following.end()
    [request] = collector.spans["GET /request-types"]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, ABOVE)
    assert [line["trace_id"] for line in lines if line["event"] == "request"] == [TRACE]


def test_the_line_that_machines_read_has_the_trace_too(capsys):
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.JSONRenderer()])
    try:
        say("one", trace_id=TRACE)
    finally:
        structlog.configure(**before)
    assert json.loads(capsys.readouterr().err)["trace_id"] == TRACE


@pytest.mark.parametrize("traceparent", ["", "00-0-0-01", "nonsense", "é"])
async def test_a_header_that_is_none_begins_a_trace(api, followed, collector, traceparent):
    following = followed()
    headers = {b"traceparent": traceparent.encode("latin-1")}
    assert (await api.get("/request-types", headers=headers)).status_code == 200
    following.end()
    [request] = collector.spans["GET /request-types"]
    assert not request.parent_span_id


@pytest.mark.parametrize(("given", "headers"), [({"share": 0.0}, {}), ({"share": 0.0}, {"traceparent": TOLD})])
async def test_no_more_is_told_than_the_share_whatever_a_caller_asks(api, followed, collector, given, headers):
    following = followed(**given)
    await api.get("/request-types", headers=headers)
    following.end()
    assert not collector.bodies


async def test_a_trace_that_its_caller_does_not_tell_is_not_told(api, followed, collector):
    following = followed()
    await api.get("/request-types", headers={"traceparent": NOT_TOLD})
    following.end()
    assert not collector.bodies


async def test_other_systems_are_given_the_trace_and_no_address_is_told(followed, collector):
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503, stream=httpx.ByteStream(b"closed"))

    following = followed()
    async with client_over(httpx.MockTransport(answer), Pace()) as client:
        await client.get("https://erp.example/people/zoe?phone=514")
    following.end()
    [call] = collector.spans["GET"]
    assert asked[0].headers["traceparent"].startswith(f"00-{call.trace_id.hex()}-{call.span_id.hex()}-")
    assert said(call) == {
        "http.request.method": "GET",
        "server.address": "erp.example",
        "http.response.status_code": 503,
    }
    assert call.status.code == call.status.STATUS_CODE_ERROR
    assert b"zoe" not in collector.bodies[0]


async def test_passes_and_chores_of_a_worker_are_told(api, followed, collector):
    await api.filed()
    following = followed()
    await Relay(api.host).drain()

    async def work() -> int:
        raise RuntimeError("Zoé Côté has no address")

    await do_due(api.host.engine, (Chore(name="broken", every=timedelta(minutes=1), work=work, by_date=False),), "one")
    following.end()
    passes = [each for name, some in collector.spans.items() if name.startswith("pass ") for each in some]
    assert {said(each)["parvis.pass"] for each in passes} >= {"town.tell"}
    [chore] = collector.spans["chore broken"]
    assert said(chore) == {"parvis.chore": "broken"}
    below = [each for some in collector.spans.values() for each in some if each.parent_span_id]
    assert below
    assert "Zoé".encode() not in b"".join(collector.bodies)


def test_of_an_error_its_class_is_told(followed, collector):
    following = followed()
    with pytest.raises(ValueError, match="Zoé"), spans.span("chore", "one"):
        raise ValueError("Zoé Côté")
    following.end()
    [chore] = collector.spans["chore one"]
    assert said(chore) == {"parvis.chore": "one", "error.type": "builtins.ValueError"}
    assert chore.status.code == chore.status.STATUS_CODE_ERROR
    assert not chore.status.message
    assert not chore.events


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ('SELECT "a" FROM "request" WHERE "a" = $1', "SELECT request"),
        ("INSERT INTO outbox (a) VALUES ('Zoé')", "INSERT outbox"),
        ("update request set a = 1", "UPDATE request"),
        ("WITH a AS (SELECT 1 FROM b) SELECT 1 FROM a", "WITH b"),
        ("COMMIT", "COMMIT"),
        ("", ""),
    ],
)
def test_a_statement_is_named_by_its_verb_and_its_table(sql, name):
    assert named("statement", sql, None)[0] == name


def test_the_collector_knows_who_tells_and_by_which_right(followed, collector):
    following = followed(service="valclair", token="let me in")
    with spans.span("chore", "one"):
        pass
    following.end()
    [resource] = collector.resources
    about = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert about["service.name"] == "valclair"
    assert collector.tokens == {"Bearer let me in"}


async def test_a_collector_that_is_away_harms_nobody_and_is_said_once(api, followed):
    with socket.create_server(("127.0.0.1", 0)) as held:
        closed = held.getsockname()[1]
    following = followed(endpoint=f"http://127.0.0.1:{closed}")
    with structlog.testing.capture_logs() as lines:
        for _ in range(2):
            assert (await api.get("/request-types")).status_code == 200
            following.processor.force_flush()
    assert [line["event"] for line in lines if "collector" in line["event"]] == ["traces do not reach their collector"]


def test_a_collector_that_hangs_keeps_no_process_from_ending(followed, monkeypatch):
    monkeypatch.setattr(telling, "LAST_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as hanging:  # takes calls, and answers none
        following = followed(endpoint=f"http://127.0.0.1:{hanging.getsockname()[1]}")
        with spans.span("chore", "one"):
            pass
        following.end()  # while nobody has answered yet
    following.last.join(60)
    assert not following.last.is_alive()


def test_the_first_failure_and_the_next_success_are_said():
    class Answers:
        said = iter([SpanExportResult.SUCCESS, *[SpanExportResult.FAILURE] * 3, *[SpanExportResult.SUCCESS] * 2])

        def export(self, _):
            return next(self.said)

    checked = telling.CheckedExporter(Answers())
    with structlog.testing.capture_logs() as lines:
        for _ in range(6):
            checked.export([])
    assert [line["event"] for line in lines] == [
        "traces do not reach their collector",
        "traces reach their collector again",
    ]


def test_without_a_collector_nothing_is_imported_and_nobody_follows():
    program = (
        "import sys, types, parvis_traces.plugin, parvis_traces.hooks, parvis_traces.beginning as beginning;"
        "from parvis import spans;"
        "assert [*beginning.given(types.SimpleNamespace(plugins=types.SimpleNamespace(by_name={})))] == [];"
        "assert spans.span('chore', 'one') is spans.NOBODY;"
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("endpoint", ["collector:4318", "ftp://collector", "http://"])
def test_an_endpoint_that_is_no_address_is_refused(endpoint):
    with pytest.raises(ValueError, match="endpoint is no address"):
        Settings(endpoint=endpoint)
