"""A bucket, or whatever answers at its address, that says yes and does something else: nothing is taken for kept."""

import hashlib
import re
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

from parvis_s3_files.settings import Settings
from parvis_s3_files.store import Bucket
from parvis_sdk.file_stores import FilesAway

CONTENT = b"a photo of a hole" * 50
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Sham(BaseHTTPRequestHandler):
    """Keeps what it is told to make of a content, and says that all is well."""

    protocol_version = "HTTP/1.1"
    lies = {}
    made_of = staticmethod(lambda content: content)

    def do_PUT(self):
        content = type(self).made_of(self.rfile.read(int(self.headers["content-length"])))
        if content is not None:
            self.lies[self.key] = content
        self.answer(200, b"")

    def do_GET(self):
        found = self.lies.get(self.key)
        self.answer(404 if found is None else 200, found or b"")

    do_HEAD = do_GET

    def do_POST(self):
        """Deletes what is named."""
        named = re.findall("<Key>(.*?)</Key>", self.rfile.read(int(self.headers["content-length"])).decode())
        for key in named:
            self.lies.pop(f"{self.key}/{key}", None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in named)
        self.answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())

    @property
    def key(self):
        return unquote(urlsplit(self.path).path)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", '"one"')
        self.send_header("last-modified", formatdate(usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *words):
        pass


class Portal(Sham):
    """A proxy that answers everything with its own page."""

    def do_PUT(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def do_GET(self):
        self.answer(200, b"<html>Welcome</html>")

    do_HEAD = do_GET


@pytest.fixture
def bucket():
    """Makes a store at the address of one that misbehaves so."""
    servers = []

    def make(answers):
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), answers))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{servers[-1].server_port}"
        return Bucket(Settings(endpoint=endpoint, bucket="parvis", access_key="k", secret_key="s", seconds=2))

    yield make
    for each in servers:
        each.shutdown()
        each.server_close()


def sham(made_of=lambda content: content):
    return type("Made", (Sham,), {"lies": {}, "made_of": staticmethod(made_of)})


@pytest.mark.parametrize(
    ("made_of", "told"),
    [
        (lambda content: content[:3], "gives other bytes back"),
        (lambda content: content[:-1] + b"!", "gives other bytes back"),
        (lambda content: None, "does not have it"),
    ],
)
def test_what_it_swallows_cuts_or_changes_is_not_kept(bucket, made_of, told):
    answers = sham(made_of)
    store = bucket(answers)
    with pytest.raises(FilesAway, match=told):
        store.keep(CONTENT)
    assert not answers.lies
    with pytest.raises(FilesAway):
        store.check()


def test_a_bucket_that_anybody_may_read_is_named(bucket):
    with pytest.raises(FilesAway, match="anybody may read this bucket"):
        bucket(sham()).check()


def test_what_was_cut_is_whole_again_once_it_is_sent_again(bucket):
    answers = sham()
    store = bucket(answers)
    answers.lies[f"/parvis/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"] = CONTENT[:9]
    with pytest.raises(FilesAway, match="is not what was kept there"):
        store.open(DIGEST)
    assert store.keep(CONTENT) == DIGEST
    with store.open(DIGEST) as file:
        assert file.read() == CONTENT


def test_a_proxy_that_answers_everything_with_its_page_is_no_bucket(bucket):
    store = bucket(Portal)
    for ask in (store.check, lambda: store.keep(CONTENT), lambda: store.open(DIGEST)):
        with pytest.raises(FilesAway):
            ask()
