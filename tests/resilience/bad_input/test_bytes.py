"""Bytes that are no honest request: each gets a clear refusal, and the next request is answered as ever."""

import asyncio
import time

import msgspec
import pytest

from parvis.people.tokens import make_token
from parvis.web.strict import strict

from .conftest import POTHOLE, clear, serving

POST = "POST /api/v1/requests HTTP/1.1"


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    return "".join(f"{each}\r\n" for each in (line, *headers)).encode("latin-1") + b"\r\n" + body


def post(body: bytes, *headers: str, path: str = "/api/v1/requests", host: str = "127.0.0.1") -> bytes:
    return request(
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
        body=body,
    )


async def test_bodies_that_are_too_large_are_refused_before_they_are_read(installation, monkeypatch):
    monkeypatch.setattr("parvis.web.wire.Wire.linger_seconds", 1)
    size = 50_000_000
    announced = request(POST, "Host: x", "Content-Type: application/json", f"Content-Length: {size}")
    started = time.monotonic()
    answer = await installation.send(announced + b"[" * 1000)
    assert answer.status == 413
    clear(answer)
    assert time.monotonic() - started < 10
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = request(POST, "Host: x", "Content-Type: application/json", "Transfer-Encoding: chunked")
    head = head.replace(b"Host", b"Connection: close\r\nHost")
    clear(unannounced := await installation.send(head, *[chunk] * 60, b"0\r\n\r\n"))
    assert unannounced.status == 413
    form = request(
        "POST /fr/demande/rues-et-trottoirs/nid-de-poule HTTP/1.1",
        "Host: x",
        "Content-Type: multipart/form-data; boundary=b",
        "Content-Length: 900000000",
    )
    clear(page := await installation.send(form + b"--b\r\n"))
    assert page.status == 413
    await installation.is_well()


@pytest.fixture
async def impatient_installation(settings, crashes, monkeypatch):
    """The same installation, with seconds for its minutes."""
    monkeypatch.setattr("parvis.app.strict", lambda app: strict(app, 0.5))
    monkeypatch.setattr("parvis.web.wire.Wire.head_seconds", 0.5)
    monkeypatch.setattr("parvis.web.wire.Wire.linger_seconds", 0.5)
    async with serving(settings) as installation:
        installation.crashes = crashes
        yield installation


HEAD = request(POST, "Host: x", "Content-Type: application/json", "Content-Length: 9000")
FORM = request(
    "POST /connexion HTTP/1.1", "Host: x", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 9000"
)
FILES = FORM.replace(b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=b")


async def test_slow_senders_are_let_go_and_block_nobody(impatient_installation):
    plugins = impatient_installation
    bodies = {
        "stops": [HEAD, b"{"],
        "one byte now and then": [HEAD, *[b"x"] * 12],
        "stops in a chunk": [HEAD.replace(b"Content-Length: 9000", b"Transfer-Encoding: chunked"), b"ff\r\n{"],
        "never begins": [b""],
        "stops in the head": [HEAD[:40]],
        "a head without end": [HEAD[:-2], *[b"X-A: b\r\n"] * 12],
        "a form that stops": [FORM, b"email="],
        "files that stop": [FILES, b"--b"],
    }
    slow = [
        asyncio.create_task(plugins.send(*pieces, pause=0.1, limit=20)) for pieces in bodies.values() for _ in "123"
    ]
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await plugins.is_well()
    assert time.monotonic() - started < 5
    for answer in await asyncio.gather(*slow):
        assert answer.status == 408, answer.raw
        clear(answer)
    await plugins.is_well()


async def test_a_steady_sender_is_heard_however_slow_the_line(impatient_installation):
    body = msgspec.json.encode(POTHOLE)
    pieces = [body[at : at + 60] for at in range(0, len(body), 60)]
    head = post(body)[: -len(body)]
    answer = await impatient_installation.send(head, *pieces, pause=0.05)
    assert answer.status == 201, answer.raw


async def test_a_head_without_end_is_cut_off(installation):
    answer = await installation.send(HEAD[:-2], *[b"X-A: " + b"b" * 60_000 + b"\r\n"] * 20)
    assert answer.status == 431
    clear(answer)
    await installation.is_well()


DISHONEST = (
    ("no host", {400}, request("GET /fr/ HTTP/1.1", "Connection: close")),
    ("two hosts", {400}, request("GET /fr/ HTTP/1.1", "Host: a", "Host: b", "Connection: close")),
    ("two lengths", {400}, request(POST, "Host: x", "Content-Length: 5", "Content-Length: 50", body=b"{}   ")),
    (
        "a length and chunks",
        {400},
        request(
            POST,
            "Host: x",
            "Content-Length: 4",
            "Transfer-Encoding: chunked",
            body=b"0\r\n\r\nGET /bureau HTTP/1.1\r\nHost: x\r\n\r\n",
        ),
    ),
    (
        "chunks in disguise",
        {400},
        request(POST, "Host: x", "Content-Length: 4", "Transfer-Encoding: xchunked", body=b"{}  "),
    ),
    ("a bad chunk", {400}, request(POST, "Host: x", "Transfer-Encoding: chunked", body=b"zz\r\nhello\r\n0\r\n\r\n")),
    ("a huge header", {431}, request("GET /fr/ HTTP/1.1", "Host: x", f"Cookie: a={'x' * 70_000}", "Connection: close")),
    (
        "many headers",
        {431},
        request("GET /fr/ HTTP/1.1", "Host: x", *[f"X-{n}: {'y' * 100}" for n in range(800)], "Connection: close"),
    ),
    (
        "an endless address",
        {400, 404, 414},
        request(f"GET /fr/{'a' * 60_000} HTTP/1.1", "Host: x", "Connection: close"),
    ),
    ("no HTTP", {400}, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    ("another version", {400, 505}, b"GET /fr/ HTTP/9.9\r\nHost: x\r\n\r\n"),
    (
        "a proxy's request",
        {200, 400, 404},
        request("GET http://evil.example/fr/ HTTP/1.1", "Host: x", "Connection: close"),
    ),
    ("a tunnel", {400, 404, 405}, request("CONNECT evil.example:443 HTTP/1.1", "Host: x", "Connection: close")),
)


async def test_what_is_no_honest_http_is_refused(installation):
    for what, statuses, sent in DISHONEST:
        answer = await installation.send(sent)
        assert answer.status in statuses, (what, answer.raw[:300])
        assert answer.raw.count(b"HTTP/1.1 ") == 1, "a second request was taken out of the body of the first"
        if answer.status != 200:
            clear(answer)
        await installation.is_well()


async def test_a_connection_on_which_all_is_said_is_closed(settings, crashes, monkeypatch):
    monkeypatch.setattr("parvis.serving.KEEP_ALIVE", 1)
    async with serving(settings) as installation:
        well = request("GET /health/web HTTP/1.1", "Host: x")
        chunks = [b"10000\r\n" + b"x" * 0x10000 + b"\r\n"] * 40
        refused = [request(POST, "Host: x", "Content-Type: application/json", "Transfer-Encoding: chunked"), *chunks]
        for pieces in ([well], [well, b"\r\n"], [*refused, b"0\r\n\r\n"]):
            assert (await installation.send(*pieces, pause=0.01, limit=4)).raw.count(b"HTTP/1.1 ") == 1


BODIES = {
    "nothing": b"",
    "no JSON": b"type=pothole",
    "half a JSON": b'{"type": "pothole", "answers": {',
    "deep lists": b"[" * 900_000,
    "deep objects": b'{"a":' * 300_000,
    "deep answers": b'{"type": "pothole", "answers": ' + b'{"a":' * 400 + b"1" + b"}" * 400 + b"}",
    "no UTF-8": b'{"type": "\xff\xfe"}',
    "half a surrogate": b'{"type": "\\ud800", "answers": {}}',
    "NUL": b'{"type": "pot\\u0000hole", "answers": {"size": "small\\u0000"}}',
    "a list": b"[]",
    "a number": b"1e999",
    "not a number": b'{"type": "pothole", "answers": {"size": NaN}}',
    "a huge number": b'{"type": "pothole", "answers": {"size": ' + b"9" * 5000 + b"}}",
    "twice the same": b'{"type": "pothole", "type": 3, "answers": []}',
    "answers of the wrong type": b'{"type": "pothole", "answers": [1], "place": 7, "requester": "me"}',
    "types of the wrong type": b'{"type": {"a": 1}, "language": [], "answers": {"size": {}}, "place": [[]]}',
    "an unknown member": b'{"type": "pothole", "admin": true}',
    "many members": b"{" + b",".join(b'"m%d":0' % n for n in range(100_000)) + b"}",
    "many answers": b'{"type":"pothole","answers":{' + b",".join(b'"m%d":0' % n for n in range(100_000)) + b"}}",
    "a place out of this world": b'{"type": "pothole", "answers": {}, "place": {"lon": 1e308, "lat": -1e308}}',
}


async def test_a_body_that_cannot_be_read_is_the_senders_mistake(installation):
    for what, body in BODIES.items():
        answer = await installation.send(post(body))
        assert answer.status in (400, 413, 422), (what, answer.raw[:300])
        assert answer.headers["content-type"] == "application/problem+json", what
        clear(answer)
    for kind in ("text/xml", "application/x-www-form-urlencoded", "application/json, text/plain"):
        async with installation.http() as http:
            answer = await http.post("/api/v1/requests", content=b"{}", headers={"content-type": kind})
            assert answer.status_code == 415
            clear(answer)
    await installation.is_well()


PART = b"--x\r\nContent-Disposition: form-data; name="


async def test_a_form_that_cannot_be_read_is_the_senders_mistake(installation):
    forms = {
        "no boundary": ("multipart/form-data", b"--x\r\n"),
        "no end": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1"),
        "no name": ("multipart/form-data; boundary=x", b"--x\r\n\r\n1\r\n--x--\r\n"),
        "too many parts": (
            "multipart/form-data; boundary=x",
            (PART + b'"a"\r\n\r\n1\r\n') * 3000 + b"--x--\r\n",
        ),
        "no UTF-8": ("multipart/form-data; boundary=x", PART + b'"\xff"\r\n\r\n\xfe\r\n--x--'),
        "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000))),
        "NUL": ("application/x-www-form-urlencoded", b"a%00b=%00&%00=1&=&&&&"),
        "bad escapes": ("application/x-www-form-urlencoded", b"%zz=%&a=%ff%fe"),
        "deep names": ("application/x-www-form-urlencoded", b".".join([b"a"] * 5000) + b"=1"),
        "no form": ("application/json", b"{}"),
        "unheard of": ("application/x-unknown; q=\xff", b"\x00\x01"),
    }  # fmt: skip
    for path in ("/fr/demande/rues-et-trottoirs/nid-de-poule", "/connexion", "/fr/suivi", "/exploitation/jetons"):
        for what, (kind, body) in forms.items():
            head = request(
                f"POST {path} HTTP/1.1",
                "Host: 127.0.0.1",
                "Accept: text/html",
                f"Content-Type: {kind}",
                f"Content-Length: {len(body)}",
                "Connection: close",
            )
            answer = await installation.send(head + body)
            assert 300 <= answer.status < 500, (path, what, answer.raw[:300])
            assert installation.crashes == [], (path, what)
    await installation.is_well()


TRICKS = (
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../app.py",
    "/static/built/..%2f..%2fpages.py",
    "/static/built/%2e%2e/%2e%2e/pages.py",
    "/static/built//etc/passwd",
    "/static/built/....//....//etc/passwd",
    "/static/built/app.css%00.py",
    "/static/built/C:%5Cwindows",
    "//evil.example/fr/",
    "///",
    "/fr//",
    "/fr/%2e%2e/exploitation",
    "/fr/suivi/%2e%2e%2f%2e%2e",
    "/fr/suivi/%00",
    "/fr/suivi/%ff%fe",
    "/fr/suivi/" + "7" * 5000,
    "/fr/requete/7K3M-9QXT-4/photos/../../x",
    "/fr/services/%3Cscript%3E",
    "/fr/demande/%00/%00",
    "/fichiers/..%2f..%2fparvis.sqlite",
    "/api/v1/requests/%2e%2e%2f%2e%2e",
    "/api/v1/attachments/..%2f..%2fparvis.sqlite",
    "/api/v1/../../exploitation",
    "/bureau/requete/../../exploitation",
    "/exploitation/livraisons/..%2f..",
    "/EXPLOITATION",
    "/exploitation;a=b",
    "/exploitation%20",
    "/%65xploitation",
    "/fr/?q=" + "%00" * 1000,
    "/fr/recherche?q=%ff%00" + "a" * 3000,
    "/fr/recherche?q[]=1&q=2&q=%F0%9F%8C%B3",
    "/fr/adresses?q=" + "é" * 2000,
    "/fr/requetes?page=-1&page=x&type[]=%00",
    "/connexion?next=//evil.example",
)


async def test_tricks_with_paths_lead_nowhere(installation):
    for trick in TRICKS:
        for accept in ("text/html", "*/*"):
            answer = await installation.send(
                request(f"GET {trick} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}", "Connection: close")
            )
            assert answer.status in (200, 302, 303, 307, 308, 400, 401, 404, 414), (trick, answer.raw[:200])
            for secret in (b"root:", b"SQLite format", b"def ", b"import "):
                assert secret not in answer.body, trick
            assert "evil.example" not in answer.headers.get("location", ""), trick
            if answer.status >= 400:
                clear(answer)
            assert installation.crashes == [], trick
    await installation.is_well()


async def test_other_methods_are_refused_with_those_that_are_allowed(installation):
    async with installation.http() as http:
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
            answer = await http.request(method, "/fr/suivi")
            assert answer.status_code in (204, 405), method
            if answer.status_code == 405:
                clear(answer)
                assert "GET" in answer.headers["allow"]
        assert (await http.request("BREW", "/fr/")).status_code in (400, 405)
    await installation.is_well()


async def test_queries_of_the_api_that_make_no_sense_are_refused_or_emptied(installation):
    queries = (
        "limit=-1", "limit=x", "limit=99999999999999999999", "cursor=%00", "cursor=AAAA", "cursor=" + "A" * 5000,
        "updated_since=yesterday", "updated_since=2026-99-99T00:00:00Z", "updated_since=0001-01-01T00:00:00%2B14:00",
        "updated_since=9999-12-31T23:59:59-14:00", "type=%00", "bbox=1,2,3", "key=%00%ff", "limit=1&limit=2",
    )  # fmt: skip
    async with installation.http() as http:
        for query in queries:
            for path in ("/api/v1/requests", "/api/v1/requests/7K3M-9QXT-4", "/api/v1/deliveries"):
                answer = await http.get(f"{path}?{query}")
                assert answer.status_code in (200, 400, 401, 404, 422), (path, query, answer.text)
                if answer.status_code != 200:
                    clear(answer)
                assert installation.crashes == [], (path, query)
    await installation.is_well()


async def test_characters_that_databases_refuse_do_no_harm_in_any_text_of_the_api(installation):
    filed = (await installation.file()).json()
    path, key = f"/api/v1/requests/{filed['reference']}", f"?key={filed['key']}"
    scopes = ["requests:read", "requests:write"]
    token, _ = await make_token(installation.host.engine, name="Pont", jurisdiction="parvis", scopes=scopes)
    machine = {"authorization": f"Bearer {token}"}
    bad = "a\x00b\x1b\x7f\uffff\u202e"
    calls = [
        ("POST", f"{path}/notes", {"words": bad}),
        ("POST", f"{path}/messages", {"words": bad}),
        ("POST", f"{path}/messages{key}", {"words": bad}),
        ("POST", f"{path}/assignment", {"unit": bad}),
        ("POST", f"{path}/moves", {"transition": bad}),
        ("POST", f"{path}/moves", {"transition": "resolve", "answers": {"reason": bad, bad: bad}}),
        ("POST", f"{path}/followers", {"email": f"{bad}@exemple.ca", "language": bad}),
        ("PATCH", path, {"type": bad}),
        ("PATCH", path, {"place": {"words": bad, "address": bad}}),
        ("PATCH", path, {"answers": {"size": bad, bad: 1}}),
        ("POST", "/api/v1/requests", POTHOLE | {"type": bad}),
        ("POST", "/api/v1/requests", POTHOLE | {"language": bad}),
        ("POST", "/api/v1/requests", POTHOLE | {"upload": bad}),
        ("POST", "/api/v1/requests", POTHOLE | {"channel": bad}),
        ("POST", "/api/v1/requests", POTHOLE | {"requester": {"mode": "named", "name": bad, "email": "z@exemple.ca"}}),
        ("POST", "/api/v1/requests", POTHOLE | {"place": {"words": bad, "lon": -73.58, "lat": 45.52}}),
        ("POST", "/api/v1/requests", POTHOLE | {"answers": POTHOLE["answers"] | {"details": bad, bad: bad}}),
    ]
    async with installation.http() as http:
        for method, where, body in calls:
            answer = await http.request(method, where, json=body, headers={} if "?key" in where else machine)
            assert answer.status_code < 500, (where, body, answer.text)
            assert "\x00" not in answer.text
            assert installation.crashes == [], (where, body)
        for where in (
            "/fr/recherche?q=",
            "/fr/requetes?type=",
            f"{path}?key=",
            "/connexion?next=",
            "/fr/suivi?reference=",
        ):
            answer = await http.get(f"{where}a%00b", headers={"accept": "text/html"})
            assert answer.status_code == 400
            clear(answer)
    await installation.is_kept(filed["reference"])
    await installation.is_well()
