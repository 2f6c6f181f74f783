"""What tests of documents share: a type that issues a permit, a letter and a refusal, and a key of the town."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    load_key_and_certificates,
    serialize_key_and_certificates,
)
from cryptography.x509.oid import NameOID
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations
from parvis.requests.lifecycle import make_move
from parvis.requests.remaining_parts import RemainingParts
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.switches import Switchboard
from parvis_sdk.documents import Document
from parvis_sdk.fields import PERSONAL, LongText, Money, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import Message, RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import State, Transition, Workflow, reason_form
from parvis_seals.seals import Seals, TownSeals
from parvis_testing.modules import only, standing_in, switch
from parvis_testing.portal import with_own_host
from parvis_testing.town import *
from parvis_testing.town import HOLE, Town, host_on, plugin_of, said

HOST = "http://127.0.0.1"
PASSPHRASE = b"une phrase de passe"
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ANSWERS = {"work": "deck", "cost": 1_850_000, "lot": "1 234 567", "words": "Une terrasse\nen bois"}


def section(code: str, *fields) -> Form:
    return Form(sections=(Section(code=code, title=said("Quoi", "What"), fields=fields),))


FORM = section(
    "what",
    OneOf(
        code="work",
        label=said("Travaux", "Work"),
        options=(Option(code="deck", label=said("Terrasse", "Deck")), Option(code="pool", label=said("Piscine"))),
    ),
    Money(code="cost", label=said("Coût", "Cost")),
    ShortText(code="lot", label=said("Lot", "Lot"), privacy=PERSONAL),
    LongText(code="words", label=said("Description", "Description"), required=False),
)
GRANTING = section(
    "grant",
    LongText(code="conditions", label=said("Conditions", "Conditions"), required=False),
    LongText(code="note", label=said("Note", "Note"), required=False, privacy=PERSONAL),
)
PERMIT = Document(
    code="permit",
    title=said("Permis de construction", "Building permit"),
    kind="permit",
    number="PC-{year}-{number:05}",
    body=said(
        "La {town} délivre ce permis à {requester}. Il porte sur : {work}.", "{town} grants this to {requester}."
    ),
    shows=("work", "cost", "lot", "words", "note"),
    conditions="conditions",
    closing=said("Affichez ce permis.", "Post this permit."),
    files=True,
    validity="permit",
)
LETTER = Document(
    code="letter",
    title=said("Demande de complément", "Request for more"),
    kind="letter",
    number="LC-{number}",
    body=said("{reason}"),
    shows=("reason",),
    beside=True,
)
REFUSAL = Document(
    code="refusal",
    title=said("Refus", "Refusal"),
    kind="refusal",
    number="RF-{year}-{number:03}",
    body=said("Votre demande est refusée.\n\n{reason}", "Your application is refused.\n\n{reason}"),
    closing=said("Vous pouvez demander une révision.", "You may ask for a review."),
    shows=("reason",),
    languages="both",
)
STATES = (
    State(code="received", title=said("Reçue", "Received"), phase=Phase.RECEIVED),
    State(code="granted", title=said("Accordée", "Granted"), phase=Phase.DECIDED),
    State(code="revoked", title=said("Révoquée", "Revoked"), phase=Phase.CLOSED),
    State(code="refused", title=said("Refusée", "Refused"), phase=Phase.CLOSED),
)
MOVES = (
    Transition(
        code="grant",
        title=said("Accorder", "Grant"),
        sources=("received", "granted"),
        target="granted",
        asks=GRANTING,
        brings=("document.permit.issued", "validity.permit.valid"),
    ),
    Transition(
        code="write",
        title=said("Écrire", "Write"),
        sources=("received",),
        target="received",
        asks=reason_form(),
        brings=("document.letter.issued",),
    ),
    Transition(
        code="refuse",
        title=said("Refuser", "Refuse"),
        sources=("received",),
        target="refused",
        asks=reason_form(),
        brings=("document.refusal.issued",),
    ),
    Transition(
        code="revoke",
        title=said("Révoquer", "Revoke"),
        sources=("granted",),
        target="revoked",
        asks=reason_form(),
        brings=("document.permit.revoked", "validity.permit.revoked"),
    ),
    *(
        Transition(
            code=f"{word}_alone",
            title=said(f"Validité\u00a0: {word}", f"Validity: {word}"),
            sources=("granted",),
            target="granted",
            brings=(f"validity.permit.{word}",),
        )
        for word in ("suspended", "ended", "revoked")
    ),
)
WORKS = RequestType(
    code="works",
    title=said("Travaux", "Works"),
    summary=said("Des travaux", "Works"),
    slug=said("travaux", "works"),
    theme=HOLE.theme,
    form=FORM,
    workflow=Workflow(states=STATES, transitions=MOVES),
    retention=Retention(days=365),
    parts=(
        Validity(code="permit", title=said("Permis", "Permit"), months=12),
        PERMIT,
        LETTER,
        REFUSAL,
    ),
    messages=(
        Message(on="grant", subject=said("Accordé"), body=said("Permis {document_number}\u00a0: {document_link}")),
    ),
)


class Office:
    """A town that issues documents, and short ways to have it do so."""

    def __init__(self, town: Town) -> None:
        self.town, self.host = town, town.host

    async def apply(self, language: str = "fr", answers=ANSWERS, **more) -> str:
        return (await self.town.submit("works", answers=answers, language=language, **more)).reference

    async def move(self, reference: str, move: str, given=None):
        return await make_move(self.host, reference, move, given or {}, actor=ANA, mover="manager")

    async def granted(self, **more) -> str:
        with clock.moved_to(MONDAY):
            reference = await self.apply(**more)
            became = await self.move(reference, "grant", {"conditions": "- La haie reste.\n2. Une inspection."})
        assert became.state == "granted"
        return reference


@pytest.fixture(scope="session")
def modules():
    return only("documents", "grants")


async def with_documents(host):
    """The same, where the module is on."""
    host = dataclasses.replace(host, modules=Switchboard(only("documents", "grants")))
    await switch(host, "on")
    return host


@pytest.fixture
async def office(database, jurisdictions, tmp_path):
    """An office without a key."""
    host = await with_documents(host_on(database, jurisdictions, tmp_path, WORKS, HOLE))
    return Office(Town(host=host, counter=RequestService(host)))


@pytest.fixture
def office_of(office):
    """The same with another host, that was given these."""

    def make(*those, **changes) -> Office:
        host = dataclasses.replace(
            office.host.without(Declarations, *standing_in(office.host)).having(*those), **changes
        )
        return Office(dataclasses.replace(office.town, host=host, counter=RequestService(host)))

    return make


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory, modules):
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        base_url=HOST,
        data=tmp_path_factory.mktemp("issuing"),
        worker=False,
    )
    return create_app(settings, [DiscoveredPlugin.of("town", plugin_of(WORKS))], modules=modules)


@pytest.fixture
async def house(whole_app, database_url, tmp_path) -> AsyncIterator[Office]:
    """An office in a running application."""
    made = whole_app.state.deployment
    settings = structs.replace(made.settings, data=tmp_path, database=database_url)
    with_own_host(whole_app, settings, *standing_in(made.host))
    host = whole_app.state.deployment.host
    async with whole_app.lifespan():
        await switch(host, "on")
        await host.of(RemainingParts).look(host)
        yield Office(Town(host=host, counter=RequestService(host)))


@pytest.fixture
async def visitor(whole_app, house) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=whole_app)
    async with httpx.AsyncClient(transport=transport, base_url=HOST, follow_redirects=True) as http:
        http.headers["accept"] = "text/html"
        yield http


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Path:
    """A folder with a key that each town of the demo made for itself."""
    folder = tmp_path_factory.mktemp("keys")
    for town in ("parvis", "rivemont"):
        (folder / f"{town}.p12").write_bytes(bundle_of(f"Ville de {town}"))
    return folder


def bundle_of(name: str, begins: datetime = MONDAY - timedelta(days=700), days: int = 3000) -> bytes:
    """A key with its own certificate, as PKCS#12."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = {each: False for each in USAGES} | {"digital_signature": True, "content_commitment": True}
    certificate = (
        x509.CertificateBuilder(named, named, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    return serialize_key_and_certificates(b"key", key, certificate, None, BestAvailableEncryption(PASSPHRASE))


def pem_of(bundle: bytes) -> bytes:
    """The same key and certificate, as PEM that nothing locks."""
    key, certificate, _ = load_key_and_certificates(bundle, PASSPHRASE)
    assert key is not None
    assert certificate is not None
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@pytest.fixture
def sealed(office_of, keys) -> Office:
    """An office whose town has a key."""
    return office_of(TownSeals(Seals(keys, PASSPHRASE)))
