"""Processes killed in the middle of an announcement to 200 people: each is told once, and the ledger says how.

Real processes on a real database, a real mail server and a stand-in for a gateway of texts; `kill -9`, also while these
have taken a message and not answered yet.
"""

import asyncio
import json
import os
import random
import sys
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from parvis import clock
from parvis_incidents.bulletin import Bulletin
from parvis_testing.copied import CopiedProcess

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

SECRET = "a secret of thirty-two characters or more"
PLACE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ANSWERS = {"size": "small", "surface": "lane", "danger": False}
PEOPLE, BY_MAIL, BY_TEXT = 200, 120, 60  # and the others have but a telephone
ANNOUNCERS_KILLED, WORKERS_KILLED, TAKEN_BETWEEN_KILLS = 3, 5, (5, 30)
STUCK_SECONDS = 540


class Outside:
    """The mail server and the gateway of the town: what they took, and when somebody is to be killed meanwhile."""

    def __init__(self, chance, once):
        self.chance, self.once = chance, once
        self.mails, self.texts, self.keys = Counter(), Counter(), {}
        self.message_ids = {}
        self.left, self.kill = 1_000_000, asyncio.Event()

    def begin_killing(self):
        self.mails.clear()
        self.texts.clear()
        self.message_ids.clear()
        self.left = self.chance.randint(*TAKEN_BETWEEN_KILLS)

    async def taken(self):
        """It is ours now; the answer is under way, and may come too late."""
        self.left -= 1
        if self.left <= 0:
            self.left = self.chance.randint(*TAKEN_BETWEEN_KILLS)
            self.kill.set()
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.01)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        id = next(line for line in text.splitlines() if line.lower().startswith("message-id"))
        for address in envelope.rcpt_tos:
            self.mails[address] += 1
            self.message_ids.setdefault(address, set()).add(id)
        await self.taken()
        return "250 2.0.0 queued"

    async def answer(self, reader, writer):
        """One text; a gateway that knows keys takes one of each."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n"))}
            sent = json.loads(await reader.readexactly(int(headers["content-length"])))
            status = "200 OK"
            if sent["to"].endswith("7"):
                status = "422 Unprocessable"
            elif not (self.once and headers["idempotency-key"] in self.keys):
                self.keys[headers["idempotency-key"]] = sent["to"]
                self.texts[sent["to"]] += 1
                await self.taken()
            body = b'{"id": "SM1"}'
            writer.write(
                f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body
            )
            await writer.drain()
        writer.close()


@asynccontextmanager
async def outside(chance, once):
    from aiosmtpd.smtp import SMTP

    there, loop = Outside(chance, once), asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(there, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    gateway = await asyncio.start_server(there.answer, "127.0.0.1", 0)
    there.mail_port, there.text_port = (each.sockets[0].getsockname()[1] for each in (mail, gateway))
    try:
        yield there
    finally:
        mail.close()
        gateway.close()


class Worker:
    """A worker, and another one whenever it is killed."""

    def __init__(self, environment, log):
        self.environment, self.log, self.running, self.kills = environment, log, [], 0

    def start(self):
        self.running.append(CopiedProcess("work", environ=self.environment, log=self.log.name))

    async def kill_when_told(self, there):
        """The one that holds the message which was taken just now dies, and another one goes on."""
        while self.kills < WORKERS_KILLED:
            await there.kill.wait()
            there.kill.clear()
            await self.kill_all()
            self.kills += 1
            self.start()
        there.left = 1_000_000

    async def kill_all(self):
        for process in self.running:
            await killed(process)
        self.running.clear()


async def killed(process):
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def person(number):
    """A resident who is written to by mail, by text, or called."""
    phone = f"514 300-{1000 + number}"
    if number < BY_MAIL:
        email = f"{'refuse' if number % 24 == 0 else 'resident'}{number}@exemple.ca"
        return {"mode": "named", "name": "Résident", "email": email} | ({"phone": phone} if number % 24 == 0 else {})
    told = {"preferred_channel": "sms"} if number < BY_MAIL + BY_TEXT else {}
    return {"mode": "named", "name": "Résident", "phone": phone} | told


async def gathered(host):
    """An incident to which the requests of all these people belong, and what they were told before."""
    from parvis.requests.actors import Actor
    from parvis.requests.request_service import RequestService
    from parvis.worker import Relay
    from parvis_incidents.attaching import attach_due
    from parvis_sdk.counter import Receipt

    counter = RequestService(host)
    for number in range(PEOPLE):
        submission = {"language": "fr", "answers": ANSWERS, "place": PLACE, "requester": person(number)}
        taken = await counter.submit("parvis", "pothole", submission, channel="api")
        assert isinstance(taken, Receipt), taken
    raw = {"language": "fr", "answers": {"what": "water_main"}, "requester": {"mode": "anonymous"}}
    ana = Actor(kind="agent", id="ana", name="Ana Tremblay")
    receipt = await counter.submit("parvis", "incident", raw, channel="counter", actor=ana, declares=True)
    await host.of(Bulletin).look(host.jurisdictions)
    assert await attach_due(host) == PEOPLE
    await Relay(host).drain()
    return receipt.reference


@pytest.mark.parametrize("once", [False, True], ids=["a gateway that forgets", "a gateway that knows keys"])
async def test_an_announcement_to_200_people_whose_processes_are_killed_tells_nobody_twice(
    database_url, tmp_path, once
):
    from parvis.deployment import open_deployment
    from parvis.example_towns import town_folder
    from parvis.settings import Settings
    from parvis_testing.modules import switch

    seed = random.SystemRandom().randrange(2**32)
    print(f"chance: {seed}")  # noqa: T201 - shown when the test fails
    chance, word = random.Random(seed), uuid4()
    async with outside(chance, once) as there:
        notify = {"host": "127.0.0.1", "port": there.mail_port, "tls": "none", "sms_once": once}
        notify |= {"sms_url": f"http://127.0.0.1:{there.text_port}/messages"}
        settings = Settings(
            territory=town_folder(),
            secret_key=SECRET,
            data=tmp_path / "data",
            database=database_url,
            database_connections=4,
            worker=False,
            plugins={"notify": notify},
        )
        environment = environment_of(settings, notify)
        async with open_deployment(settings) as deployment:
            await switch(deployment.host, "on")
            reference = await gathered(deployment.host)
        there.begin_killing()
        with (tmp_path / "processes.log").open("wb") as log:
            workers = Worker(environment, log)
            killing = asyncio.create_task(workers.kill_when_told(there))
            try:
                async with asyncio.timeout(STUCK_SECONDS):
                    workers.start()
                    await announced(environment, reference, str(word), chance, log)
                    async with open_deployment(settings) as deployment:
                        await until_nothing_is_due(deployment.host)
            finally:
                killing.cancel()
                await workers.kill_all()
        print(f"kills: {workers.kills}")  # noqa: T201 - shown when the test fails
        assert workers.kills == WORKERS_KILLED
        there.left = 1_000_000
        async with open_deployment(settings) as deployment:
            await finished(deployment.host)
            await everybody_is_told_once(deployment.host, there, word, once=once)


def environment_of(settings, notify):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    return (
        clean
        | clock.variables()
        | {
            "PARVIS_TERRITORY": str(settings.territory),
            "PARVIS_SECRET_KEY": SECRET,
            "PARVIS_DATA": str(settings.data),
            "PARVIS_DATABASE": settings.database,
            "PARVIS_DATABASE_CONNECTIONS": "4",
        }
        | {f"PARVIS_NOTIFY_{name.upper()}": str(value).lower() for name, value in notify.items()}
    )


async def announced(environment, reference, word, chance, log):
    """The same press until somebody sees it through; those before are killed at some moment of it."""
    script = str(Path(__file__).with_name("announcing.py"))
    for turn in range(ANNOUNCERS_KILLED + 1):
        process = await asyncio.create_subprocess_exec(
            sys.executable, script, reference, word, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )
        assert (await process.stdout.readline()).strip() == b"begun"
        if turn < ANNOUNCERS_KILLED:
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            await killed(process)
        else:
            assert await process.wait() == 0


async def until_nothing_is_due(host):
    """What a killed worker held waits for its lease; everything else is under way or over."""
    from parvis.outbox import counts

    while True:
        found = await counts()
        if found.waiting == 0:
            return
        await asyncio.sleep(0.5)


async def finished(host):
    """What the killed ones held is free again."""
    from parvis.outbox import counts
    from parvis.worker import Relay
    from parvis_incidents.telling import tell_due

    with clock.moved_to(clock.now() + timedelta(hours=2)) as moved:
        await tell_due(host)
        while (await counts()).oldest is not None:
            await Relay(host).drain()
            moved.forward(hours=2)


async def everybody_is_told_once(host, there, word, *, once):
    from parvis.db.tables import Contact, OwedContact
    from parvis.requests.history import entries_of
    from parvis.requests.records import get
    from parvis_incidents.tables import IncidentTold

    ledger = await IncidentTold.select().where(IncidentTold.word == word)
    assert len(ledger) == PEOPLE
    owed = Counter(row["request"] for row in await OwedContact.select().where(OwedContact.urgency == "emergency"))
    contacts = {row["request"]: row for row in await Contact.select()}
    assert max(there.texts.values()) == 1, there.texts.most_common(3)
    assert max(owed.values()) == 1
    twice = 0
    for row in ledger:
        person, mails = contacts[row["request"]], there.mails[contacts[row["request"]]["email"]]
        texts, calls = there.texts[person["phone"]] if person["phone"] else 0, owed[row["request"]]
        assert row["state"] in ("told", "to_call"), (row, person)
        assert (row["state"] == "to_call") == (calls == 1)
        assert mails + texts + calls >= 1, (row, person)
        if row["way"] == "email" and mails > 1:  # taken there, and the answer never came: the ledger says so
            assert row["repeated"], (row, person)
            assert len(there.message_ids[person["email"]]) == 1
            twice += 1
        if once:
            assert texts + calls == (0 if row["way"] == "email" else 1), (row, person)
        elif texts and calls:  # it may have arrived: the story says so, and somebody asks
            kinds = [each.kind for each in await entries_of(await get(host, row["request"]))]
            assert "undelivered" in kinds
        if row["state"] == "told":
            entries = await entries_of(await get(host, row["request"]))
            assert [each.kind for each in entries].count("told") == 1
    print(f"mails twice: {twice}, calls: {len(owed)}")  # noqa: T201 - shown when the test fails
