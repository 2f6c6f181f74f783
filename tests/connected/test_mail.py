"""Mail in a real Dovecot: kept here once and then moved there, whatever happens between; never deleted."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from parvis.db import Engine
from parvis.modules import ModuleRegistry
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.requests.work.answer_address import answerable
from parvis_mail_intake import filing
from parvis_mail_intake.fetching import fetch
from parvis_mail_intake.incoming import ParsedMail
from parvis_mail_intake.reading import read
from parvis_mail_intake.settings import NAME, settings_of
from parvis_mail_intake.tables import IncomingMail
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.errors import Later
from parvis_testing.modules import only, switch

from ..counterparts.dovecot import Dovecot, dovecot
from . import mail_town
from .mail_town import ADDRESS, mail_heart

pytestmark = pytest.mark.slow
HOLE = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def modules() -> ModuleRegistry:
    return only("mail_intake")


@pytest.fixture
async def host(database: Engine, tmp_path: Path, server: Dovecot) -> Host:
    host = mail_heart(database, tmp_path, server.port, server.password)
    await switch(host, "on")
    return host


def mail(words: str, to: str = ADDRESS, **given: str) -> bytes:
    head = {"From": "Zoé <zoe@exemple.ca>", "To": to, "Subject": "Re: Nid-de-poule", "Message-ID": "<1@exemple.ca>"}
    given = {name.replace("_", "-"): value for name, value in given.items()}
    lines = [f"{name}: {value}" for name, value in {**head, **given}.items()]
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", words, ""]).encode()


async def asked(host: Host) -> tuple[str, str]:
    """A request, and the address to which its person answers."""
    receipt: Any = await RequestService(host).submit("parvis", "pothole", HOLE, channel="portal")
    record = await find(host, receipt.reference)
    assert record is not None
    message = OutgoingMessage(to="zoe@exemple.ca", subject="x", text="x", language="fr")
    return receipt.reference, answerable(host, record, message, "zoe@exemple.ca").reply_to


async def received(host: Host, reference: str) -> list[str]:
    record = await find(host, reference)
    assert record is not None
    return [(entry.personal or {})["words"] for entry in await entries_of(record) if entry.kind == "received"]


async def test_an_answer_comes_from_the_mailbox_onto_its_request(host, server):
    reference, address = await asked(host)
    server.deliver(mail("Toujours là.", address), address)
    assert await fetch(host) == 1
    assert await received(host, reference) == ["Toujours là."]
    assert (server.count("INBOX"), server.count("Parvis")) == (0, 1)
    assert await fetch(host) == 0


async def test_the_junk_folder_is_watched(host, server):
    reference, address = await asked(host)
    server.put(mail("Toujours là.", address), "Junk")
    server.put(mail("Gagnez!", Message_ID="<2@x>"), "Junk")
    assert await fetch(host) == 2
    assert await received(host, reference) == ["Toujours là."]
    assert [row["sort"] for row in await IncomingMail.select().order_by(IncomingMail.id)] == ["reply", "junk"]
    assert (server.count("Junk"), server.count("Parvis")) == (0, 2)


async def test_killed_between_keeping_and_moving_it_is_kept_once(host, server, database_url, tmp_path):
    reference, address = await asked(host)
    server.deliver(mail("Une fois.", address), address)
    command = [sys.executable, "-m", mail_town.__name__, database_url, str(tmp_path), str(server.port), server.password]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert await received(host, reference) == ["Une fois."]
    assert (server.count("INBOX"), server.count("Parvis")) == (1, 0)
    assert await fetch(host) == 0
    assert await received(host, reference) == ["Une fois."]
    assert (server.count("INBOX"), server.count("Parvis")) == (0, 1)


async def test_what_was_sent_is_in_the_mailbox_byte_for_byte_afterwards(host, server):
    raw = mail("Une ligne\r\n" * 1000)
    server.deliver(raw, ADDRESS)
    before = server.raws("INBOX")
    await fetch(host)
    assert server.raws("Parvis") == before


async def test_twenty_megabytes_come_through(host, server):
    reference, address = await asked(host)
    server.deliver(mail("x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 280_000, address), address)
    assert await fetch(host) == 1
    assert len(await received(host, reference)) == 1
    assert (server.count("INBOX"), server.count("Parvis")) == (0, 1)


@pytest.mark.parametrize("given", [{"password": "faux"}, {"port": 1}])
async def test_a_mailbox_that_cannot_be_opened_loses_nothing(host, server, given):
    server.deliver(mail("Bonjour"), ADDRESS)
    found = host.plugins.by_name[NAME]
    host.plugins.by_name[NAME] = structs.replace(found, settings=structs.replace(settings_of(host.plugins), **given))
    with pytest.raises(Later):
        await fetch(host)
    assert server.count("INBOX") == 1
    assert await IncomingMail.count() == 0


async def test_a_mail_that_cannot_be_kept_holds_up_no_other(host, server, monkeypatch):
    def broken(raw: bytes) -> ParsedMail:
        if b"Illisible" in raw:
            raise AssertionError("unreadable")
        return read(raw)

    monkeypatch.setattr(filing, "read", broken)
    for number, words in enumerate(("Un", "Illisible", "Deux")):
        server.deliver(mail(words, Message_ID=f"<{number}@exemple.ca>"), ADDRESS)
    with pytest.raises(Later, match="unreadable"):
        await fetch(host)
    assert await IncomingMail.count() == 2
    assert (server.count("INBOX"), server.count("Parvis")) == (1, 2)
    monkeypatch.undo()
    assert await fetch(host) == 1
    assert (server.count("INBOX"), server.count("Parvis")) == (0, 3)
