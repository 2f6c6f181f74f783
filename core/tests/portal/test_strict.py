"""The guard around the whole application: one host, one length, headers with an end, bodies that come."""

import asyncio
import json

import pytest

from parvis.web.strict import strict


async def answer_of(app, headers, messages=(), method="GET"):
    sent = []
    queue = asyncio.Queue()
    for message in messages:
        queue.put_nowait(message)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/", "headers": headers, "state": {}}
    await app(scope, queue.get, send)
    return sent


async def plain(scope, receive, send):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body or b"hello", "more_body": False})


WHOLE = {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"host", b"a")], 200),
        ([], 400),
        ([(b"host", b"a"), (b"host", b"b")], 400),
        ([(b"host", b"a"), (b"content-length", b"1"), (b"transfer-encoding", b"chunked")], 400),
        ([(b"host", b"a"), (b"x", b"y" * 70_000)], 431),
    ],
)
async def test_what_is_no_honest_request_is_refused(headers, status):
    sent = await answer_of(strict(plain), headers, [WHOLE])
    assert sent[0]["status"] == status


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/api/v1/requests", "text/html", "application/problem+json"),
        ("/ogc/collections", "application/geo+json", "application/problem+json"),
        ("/odata/Requests", "*/*", "application/problem+json"),
        ("/fr/", "text/html,*/*;q=0.8", "text/plain; charset=utf-8"),
    ],
)
async def test_programs_are_refused_in_their_own_words(path, accept, kind):
    sent = []

    async def send(message):
        sent.append(message)

    headers, query = [(b"host", b"a"), (b"accept", accept.encode())], b"key=%00"
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": query, "state": {}}
    await strict(plain)(scope, asyncio.Queue().get, send)
    assert sent[0]["status"] == 400
    assert dict(sent[0]["headers"])[b"content-type"] == kind.encode()
    assert (json.loads(sent[1]["body"])["status"] == 400) if "json" in kind else sent[1]["body"]


async def test_a_body_that_stops_coming_is_answered_and_given_up():
    sent = await answer_of(
        strict(plain, patience=0.05), [(b"host", b"a")], [{"type": "http.request", "body": b"x", "more_body": True}]
    )
    assert sent[0]["status"] == 408


async def test_after_the_body_one_may_wait_for_ever():
    async def waits(scope, receive, send):
        await receive()
        await asyncio.wait_for(receive(), 0.3)

    with pytest.raises(TimeoutError):
        await answer_of(strict(waits, patience=0.05), [(b"host", b"a")], [WHOLE])


@pytest.mark.parametrize(
    ("kind", "status"), [(b"application/x-www-form-urlencoded; charset=utf-8", 413), (b"x/y", 200)]
)
async def test_a_form_of_words_has_a_size_and_what_carries_files_has_its_own(kind, status):
    headers = [(b"host", b"a"), (b"content-type", kind), (b"transfer-encoding", b"chunked")]
    pieces = [{"type": "http.request", "body": b"x" * 100_000, "more_body": True}] * 11
    sent = await answer_of(strict(plain), headers, [*pieces, WHOLE], method="POST")
    assert sent[0]["status"] == status
