"""The two towns of the demo, and a plugin of two types that its stories can be played with."""

from types import ModuleType

import pytest

from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.host import Host
from parvis_sdk.fields import Address, Consent, Date, Group, LongText, Number, OneOf, Option, Photo, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import IdentityRule, RequestType, Retention, ServiceLevel, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer, Transition, Workflow
from parvis_testing.jurisdictions import example_towns


def said(words: str) -> Text:
    return Text(fr=words, en=words)


def asking(*fields) -> Form:
    return Form(sections=(Section(code="one", title=said("Une"), fields=fields),))


REASON = asking(LongText(code="reason", label=said("Raison"), required=False))
STATES = (
    State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
    State(code="triaged", title=said("Prise en charge"), phase=Phase.IN_PROGRESS),
    State(code="in_progress", title=said("En cours"), phase=Phase.IN_PROGRESS),
    State(
        code="waiting",
        title=said("En attente"),
        phase=Phase.WAITING_FOR_YOU,
        timers=(Timer(transition="close", days=30),),
    ),
    State(code="resolved", title=said("Réglée"), phase=Phase.DECIDED, timers=(Timer(transition="close", days=14),)),
    State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
)


def move(code: str, sources: tuple[str, ...], target: str, by=("agent",), asks: Form = REASON) -> Transition:
    return Transition(code=code, title=said(code), sources=sources, target=target, by=by, asks=asks)


OPEN = ("received", "triaged", "in_progress")
MOVES = (
    move("triage", ("received",), "triaged"),
    move("start", OPEN, "in_progress"),
    move("need_information", OPEN, "waiting"),
    move("answer", ("waiting",), "triaged", by=("requester",)),
    move("resolve", OPEN, "resolved", asks=asking(Date(code="done_on", label=said("Quand"), latest=0))),
    move("refuse", OPEN, "closed"),
    move("withdraw", (*OPEN, "waiting"), "closed", by=("requester",)),
    move("not_fixed", ("resolved",), "received", by=("requester",)),
    move("close", ("resolved", "waiting"), "closed", by=("system",)),
)
EVERYTHING = asking(
    OneOf(
        code="size",
        label=said("Taille"),
        options=(Option(code="small", label=said("Petit")), Option(code="large", label=said("Grand"))),
    ),
    YesNo(code="danger", label=said("Dangereux")),
    Number(code="depth", label=said("Profondeur"), least=1, most=200),
    Date(code="seen_on", label=said("Vu le"), earliest=-14, latest=0),
    Address(code="home_address", label=said("Chez vous")),
    Group(code="holes", label=said("Trous"), item=said("Trou"), fields=(YesNo(code="deep", label=said("Profond")),)),
    Consent(code="agree", label=said("D’accord"), statement=said("J’accepte.")),
    Photo(code="photos", label=said("Photos"), required=False),
    LongText(code="note", label=said("Précisions"), required=False),
)


def request_type(code: str, form: Form) -> RequestType:
    return RequestType(
        code=code,
        title=said(code),
        summary=said(code),
        slug=said(code.replace("_", "-")),
        theme=Theme(code="streets", title=said("Rues"), slug=said("rues")),
        form=form,
        workflow=Workflow(states=STATES, transitions=MOVES),
        identity=IdentityRule(modes=("named", "anonymous")),
        service_levels=(ServiceLevel(code="usual", title=said("5 jours"), business_days=5),),
        retention=Retention(days=800),
    )


def host_with(engine, folder, *declared_types: RequestType) -> Host:
    module = ModuleType("test_reports")

    @hookimpl
    def request_types() -> list[RequestType]:
        return list(declared_types)

    module.request_types = request_types
    plugins = load_plugins([DiscoveredPlugin.of("reports", module)])
    assert not plugins.troubles, plugins.troubles
    return Host(
        engine=engine,
        jurisdictions=example_towns(),
        plugins=plugins,
        files=LocalFiles(folder / "files"),
        secret=b"a secret of thirty-two characters",
        base_url="http://127.0.0.1:8000",
    )


@pytest.fixture(scope="session")
def host_of_two_types():
    """Makes a host with these two types on an engine, its files in a folder."""
    return lambda engine, folder: host_with(
        engine, folder, request_type("pothole", EVERYTHING), request_type("graffiti", EVERYTHING)
    )


@pytest.fixture
def host(database, tmp_path, host_of_two_types):
    return host_of_two_types(database, tmp_path)


@pytest.fixture(scope="session")
def everything():
    """A form with a question of most kinds."""
    return EVERYTHING


@pytest.fixture(scope="session")
def towns():
    return example_towns()
