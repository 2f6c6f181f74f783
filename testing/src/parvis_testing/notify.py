"""A request as handlers see it, and a real mail server with scripted answers."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import SMTP
from msgspec import structs

from parvis.db.tables import OwedContact
from parvis.files import LocalFiles
from parvis.notify import plugin
from parvis.plugins import DiscoveredPlugin, Origin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.history import broken_at, entries_of
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.worker import Limits, Relay
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Followed, Moved, Replied, Submitted
from parvis_sdk.fields import Date, OneOf, Option
from parvis_sdk.requests import Follower, Phase, Place, Requester, ServiceRequest, Town
from parvis_sdk.text import Text
from parvis_testing.jurisdictions import example_towns

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
TRACKING = "https://parvis.example/fr/suivi/7K3M-9QXT-4?cle=secret"
STOP = "https://parvis.example/fr/suivi/7K3M-9QXT-4/messages?cle=secret"
PUBLIC = "https://parvis.example/fr/requete/7K3M-9QXT-4"

REQUEST = ServiceRequest(
    reference="7K3M-9QXT-4",
    type="pothole",
    type_title=Text(fr="Nid-de-poule", en="Pothole"),
    jurisdiction=Town(
        code="parvis",
        name=Text(fr="Ville de Parvis", en="Town of Parvis"),
        phone="514 555-0100",
        email="311@parvis.example",
        url="https://parvis.example",
    ),
    language="fr",
    channel="portal",
    state="planned",
    state_title=Text(fr="Travaux prévus", en="Work planned"),
    phase=Phase.IN_PROGRESS,
    submitted_at=NOW,
    promised_at=NOW + timedelta(days=7),
    place=Place(address="4563, rue Saint-Urbain"),
    requester=Requester(name="Zoé Côté", email="zoe@exemple.ca", phone="+15145550101"),
    followers=(
        Follower(id="f1", email="luc@exemple.ca", language="en", stop_url="https://parvis.example/stop/f1"),
        Follower(id="f2", email="new@exemple.ca", language="fr", confirm_url="https://parvis.example/fr/abonnement/f2"),
    ),
    tracking_url=TRACKING,
    stop_url=STOP,
    public_url=PUBLIC,
    questions={
        "plan.planned_on": Date(code="planned_on", label=Text(fr="Date prévue")),
        "plan.team": OneOf(
            code="team",
            label=Text(fr="Équipe"),
            options=(Option(code="asphalt", label=Text(fr="Équipe de l’asphalte", en="Asphalt crew")),),
        ),
    },
)


@pytest.fixture
def request_with():
    def make(**changed):
        return structs.replace(REQUEST, **changed)

    return make


def about(**more):
    return {"id": "e1", "reference": REQUEST.reference, "at": NOW, "actor": "agent", **more}


@pytest.fixture
def submitted():
    return Submitted(**about(type="pothole", state="received", actor="requester"))


@pytest.fixture
def moved():
    def make(transition="plan", **more):
        return Moved(**about(type="pothole", transition=transition, source="received", target="planned", **more))

    return make


@pytest.fixture
def replied():
    return Replied(**about(entry=3))


@pytest.fixture
def followed():
    return Followed(**about(follower="f2", actor="requester"))


@pytest.fixture
def message():
    def make(**more):
        return OutgoingMessage(
            **{
                "id": "01938f3e-0000-7000-8000-000000000001",
                "to": "zoe@exemple.ca",
                "subject": "Requête 7K3M-9QXT-4 : c’est réglé",
                "text": "Bonjour Zoé,\n\nC’est réglé à l’œil.\n",
                "html": "<!doctype html><p>C’est réglé à l’œil.</p>",
                "language": "fr",
                "thread": "7K3M-9QXT-4",
                "stop_url": STOP,
                "reply_to": "311@parvis.example",
                "reference": "7K3M-9QXT-4",
                "sender": "Ville de Parvis",
                **more,
            }
        )

    return make


class MailServer:
    """A real SMTP server; each answer may be replaced. `taken` holds what it accepted, over so many `connections`.

    It lets in `most` at once, takes `seconds` for a message, and over one connection takes `each`, where that is not 0.
    """

    def __init__(self):
        self.taken = []
        self.rcpt = self.mail = self.data = self.quit = ""
        self.most, self.seconds, self.each = 100, 0.0, 0
        self.connections = self.open = self.most_open = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data:
            return self.data
        await asyncio.sleep(self.seconds)
        self.taken.append(envelope)
        server.many += 1
        return "250 2.0.0 queued as 4TxYz"

    async def handle_RSET(self, server, session, envelope):
        return "421 4.7.0 no more here" if server.many == self.each else "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        if self.quit == "silence":
            await asyncio.sleep(20)
        return "221 Bye"


class MailConnection(SMTP):
    """One connection to the server; refused above its limit."""

    many, counted = 0, False

    def connection_made(self, transport):
        server = self.event_handler
        if server.open >= server.most:
            transport.write(b"421 4.7.0 too many connections\r\n")
            transport.close()
            return
        server.connections += 1
        server.open += 1
        server.most_open = max(server.most_open, server.open)
        self.counted = True
        super().connection_made(transport)

    def connection_lost(self, error):
        if self.counted:
            self.event_handler.open -= 1
            super().connection_lost(error)


@pytest.fixture
async def mail_server():
    answers = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: MailConnection(answers, hostname="mail.parvis.example", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    answers.port = server.sockets[0].getsockname()[1]
    try:
        yield answers
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def types_plugin():
    """A plugin with one small request type."""
    from types import ModuleType

    from parvis.plugins import DiscoveredPlugin
    from parvis_sdk.fields import PUBLIC as ANYONE
    from parvis_sdk.fields import YesNo
    from parvis_sdk.forms import Form, Section
    from parvis_sdk.hooks import hookimpl
    from parvis_sdk.request_types import Message, RequestType, Retention, Theme
    from parvis_sdk.workflow import State, Transition, Workflow

    def said(words):
        return Text(fr=words, en=words)

    danger = YesNo(code="danger", label=said("Dangereux ?"), privacy=ANYONE)
    planned_on = Date(code="planned_on", label=said("Date prévue"))
    hole = RequestType(
        code="hole",
        title=said("Trou"),
        summary=said("Un trou"),
        slug=said("trou"),
        theme=Theme(code="streets", title=said("Rues"), slug=said("rues")),
        form=Form(sections=(Section(code="what", title=said("Quoi"), fields=(danger,)),)),
        workflow=Workflow(
            states=(
                State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
                State(code="working", title=said("En cours"), phase=Phase.IN_PROGRESS),
                State(code="done", title=said("Réglée"), phase=Phase.CLOSED),
            ),
            transitions=(
                Transition(
                    code="plan",
                    title=said("Prévoir"),
                    sources=("received",),
                    target="working",
                    asks=Form(sections=(Section(code="when", title=said("Quand"), fields=(planned_on,)),)),
                ),
                Transition(code="start", title=said("Commencer"), sources=("received",), target="working"),
                Transition(code="resolve", title=said("Régler"), sources=("working",), target="done"),
            ),
        ),
        retention=Retention(days=365),
        messages=(Message(on="plan", subject=said("Travaux prévus"), body=said("C’est prévu le {planned_on}.")),),
    )
    module = ModuleType("test_types_plugin")

    @hookimpl
    def request_types():
        return [hole]

    module.request_types = request_types
    return DiscoveredPlugin.of("town", module)


class GatewayServer:
    """A real HTTP server with one address; it returns `answers` in turn, then repeats the last."""

    def __init__(self):
        self.answers = [(200, {}, b'{"id": "SM42"}')]
        self.taken = []

    async def serve(self, reader, writer):
        try:
            await self.answer(reader, writer)
        finally:
            writer.close()

    async def answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if "/v1/messages" not in head:
            return  # somebody else's call, meant for a port that was free a moment ago
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1])) if length else b""
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "drop":
            writer.transport.abort()
            return
        if answer == "silence":
            await reader.read()  # until the caller hangs up
            return
        lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        headers = {name.lower(): value for name, value in lines.items()}
        self.taken.append((head.split(" ")[0], head.split(" ")[1], headers, body))
        status, more, content = answer
        said = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: {len(content)}\r\n{said}\r\n".encode() + content)
        await writer.drain()


@pytest.fixture
async def gateway():
    answers = GatewayServer()
    server = await asyncio.start_server(answers.serve, "127.0.0.1", 0)
    answers.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/messages"
    yield answers
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0)  # lets the last connection close


NOTIFY = DiscoveredPlugin(
    origin=Origin(name="notify", distribution="parvis", version="0", built_in=True), plugin=plugin
)


@pytest.fixture(scope="session")
def jurisdictions():
    return example_towns()


@pytest.fixture
def make_host(database, jurisdictions, tmp_path, types_plugin):
    def make(**settings):
        plugins = load_plugins([NOTIFY, types_plugin], settings_from({"notify": settings}, {}))
        assert not plugins.troubles, plugins.troubles
        return Host(
            engine=database,
            jurisdictions=jurisdictions,
            plugins=plugins,
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
        )

    return make


def relay(host):
    return Relay(host, Limits(seconds=5), luck=lambda: 0.0)


async def submit(host, **given):
    raw = {
        "language": "fr",
        "answers": {"danger": False},
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"},
    }
    return (await RequestService(host).submit("parvis", "hole", raw | given, channel="portal")).reference


async def owed_by(host, reference):
    """The calls and letters owed for a request by method, and the kinds of its entries."""
    record = await find(host, reference)
    rows = await OwedContact.select().where((OwedContact.request == record.id) & (OwedContact.state == "owed"))
    assert await broken_at(record) is None
    return [row["way"] for row in rows], [entry.kind for entry in await entries_of(record)]
