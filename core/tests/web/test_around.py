"""The one layer around every answer: its duties towards a page, a stream, an error, and what nobody knows."""

import asyncio
import gzip
import json

import brotli  # type: ignore[import-untyped]
import pytest
import structlog

from parvis.logs import begin_logging
from parvis.settings import Settings
from parvis.web.around import around
from parvis.web.bodies import Packer, coding_for

PAGE = "/fr/bonjour"


async def raw(app, path, *, method="GET", **headers):
    """The messages of an answer, as the server in front gets them."""
    given = [(b"host", b"parvis.test")]
    given += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "https", "headers": given, "client": ("127.0.0.1", 1), "server": ("parvis.test", 443), "state": {},
        "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    sent, coming, over = [], [{"type": "http.request", "body": b"", "more_body": False}], asyncio.Event()

    async def receive():
        if not coming:
            await over.wait()
        return coming.pop() if coming else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await app(scope, receive, send)
    start, *bodies = sent
    return start["status"], dict(start["headers"]), b"".join(each["body"] for each in bodies), bodies


@pytest.fixture
async def open_app(app):
    async with app.lifespan():
        yield app


@pytest.mark.parametrize(
    ("accepted", "coding", "unpacked"),
    [("gzip, br", b"br", brotli.decompress), ("gzip", b"gzip", gzip.decompress), ("identity", None, bytes)],
)
async def test_a_page_is_packed_as_its_caller_reads_it(open_app, accepted, coding, unpacked):
    status, headers, body, _ = await raw(open_app, PAGE, accept_encoding=accepted, accept="text/html")
    assert status == 200
    assert headers.get(b"content-encoding") == coding
    assert int(headers[b"content-length"]) == len(body)
    assert b"Bonjour" in unpacked(body)
    assert headers[b"vary"].split(b", ") == ([b"Cookie", b"Accept-Encoding"] if coding else [b"Cookie"])


async def test_what_is_short_is_not_packed(open_app):
    _, headers, _, _ = await raw(open_app, "/sw.js", accept_encoding="br")
    assert b"content-encoding" not in headers


async def test_head_says_what_get_says_and_no_more(open_app):
    whole = await raw(open_app, PAGE, accept_encoding="br", accept="text/html")
    head = await raw(open_app, PAGE, method="HEAD", accept_encoding="br", accept="text/html")
    differing = {name for name in whole[1] | head[1] if whole[1].get(name) != head[1].get(name)}
    assert differing == {b"x-request-id"}
    assert (head[0], head[2], len(head[3])) == (200, b"", 1)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_who_has_the_same_page_is_told_so_without_it(open_app, method):
    tag = (await raw(open_app, PAGE, accept="text/html"))[1][b"etag"].decode()
    asked = {"method": method, "if_none_match": f'"other", {tag}', "accept_encoding": "br", "accept": "text/html"}
    status, headers, body, _ = await raw(open_app, PAGE, **asked)
    assert (status, body) == (304, b"")
    assert headers[b"etag"].decode() == tag
    assert not {b"content-length", b"content-encoding", b"content-type"} & headers.keys()
    assert headers[b"x-frame-options"] == b"DENY"


@pytest.mark.parametrize("coding", ["br", "gzip"])
async def test_a_stream_is_packed_piece_by_piece_and_has_no_tag(open_app, coding):
    status, headers, body, bodies = await raw(open_app, "/flux", accept_encoding=coding)
    assert (status, headers[b"content-encoding"]) == (200, coding.encode())
    assert not {b"etag", b"content-length"} & headers.keys()
    assert len(bodies) > 1
    unpacked = brotli.decompress(body) if coding == "br" else gzip.decompress(body)
    assert b"un" in unpacked
    assert b"deux" in unpacked


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_each_piece_of_a_stream_can_be_read_as_soon_as_it_has_come(coding):
    packer = Packer(coding)
    first = packer.piece(b"un", is_last=False)
    reader = brotli.Decompressor() if coding == "br" else None
    read = reader.process(first) if reader else gzip.zlib.decompressobj(31).decompress(first)
    assert read == b"un"
    assert coding_for(coding.encode()) == coding


@pytest.mark.parametrize(
    ("status", "headers"),
    [(206, [(b"Content-Range", b"bytes 0-999/5000")]), (200, [(b"Content-Encoding", b"zstd")])],
)
async def test_a_part_of_a_file_and_what_is_packed_already_go_out_as_they_are(pages, status, headers):
    async def mounted(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"X-Frame-Options", b"A")]})
        await send({"type": "http.response.body", "body": b"x" * 1000})

    app = around(mounted, pages, {})
    found, sent, body, _ = await raw(app, "/", accept_encoding="br")
    assert (found, body) == (status, b"x" * 1000)
    assert sent.get(b"content-encoding") != b"br"
    assert sent[b"x-frame-options"] == b"A"  # what is mounted says so itself, in whatever letters
    assert sent[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(("path", "status"), [("/casse", 500), ("/nulle/part/ici", 404)])
async def test_what_breaks_and_what_nobody_knows_are_answered_counted_and_logged(open_app, path, status):
    with structlog.testing.capture_logs() as lines:
        found, headers, body, _ = await raw(open_app, path, accept="text/html", accept_encoding="br")
    assert found == status
    assert b"<h1" in brotli.decompress(body)
    (line,) = [each for each in lines if each["event"] == "request"]
    assert (line["status"], line["request_id"]) == (status, headers[b"x-request-id"].decode())
    assert path not in line.values() or path == "/casse"


async def test_an_id_of_a_proxy_is_kept_where_it_looks_like_one(open_app):
    for given, is_kept in (("0123456789abcdef", True), ("no id at all", False), ("x" * 65, False)):
        _, headers, _, _ = await raw(open_app, PAGE, x_request_id=given, accept="text/html")
        assert (headers[b"x-request-id"].decode() == given) is is_kept


@pytest.mark.usefixtures("logging_as_before")
@pytest.mark.parametrize("level", ["info", "error"])
async def test_the_line_for_machines_is_the_one_that_structlog_would_write(app, tmp_path, capsys, level):
    begin_logging(Settings(territory=tmp_path, secret_key="s" * 40, data=tmp_path, log="json", log_level=level))
    async with app.lifespan():
        await raw(app, PAGE, accept="text/html")
    written = capsys.readouterr().err.splitlines()
    with structlog.contextvars.bound_contextvars(request_id="x"):
        structlog.get_logger("parvis.web").info("request", method="GET", route="/", status=200, ms=1.0)
    by_structlog = capsys.readouterr().err.splitlines()
    assert len(written) == len(by_structlog) == (level == "info")
    for one, other in zip(map(json.loads, written), map(json.loads, by_structlog), strict=True):
        assert one.keys() == other.keys()
        assert (one["event"], one["level"], one["method"], one["status"]) == ("request", "info", "GET", 200)
        assert one["timestamp"].endswith("Z")
        assert one["route"] in ("/{language:str}/bonjour", "/bonjour")
