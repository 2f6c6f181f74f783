"""Things lost and found, as small as they can be, and short ways to report them, to grant, to read what was noted."""

from types import ModuleType
from typing import Any

from parvis.requests.actors import Actor
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.worker import Limits, Relay
from parvis_proposals.granting import asking, decide_scope
from parvis_sdk.chores import Chore
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PERSONAL, PUBLIC, SENSITIVE, OneOf, Option, ShortText
from parvis_sdk.finding import Scope
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.request_types import IdentityRule, RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
OLIVIER = Actor(kind="agent", id="olivier", name="Olivier Roy")
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
FAR = {"lon": -73.6107, "lat": 45.5436, "address": "1, rue Loin"}
WHY = Text(fr="Même couleur, tout près", en="Same colour, near by")


def said(fr: str) -> Text:
    return Text(fr=fr, en=fr)


FORM = Form(
    sections=(
        Section(
            code="what",
            title=said("Quoi"),
            fields=(
                OneOf(
                    code="colour",
                    label=said("Couleur"),
                    options=(Option(code="red", label=said("Rouge")), Option(code="blue", label=said("Bleu"))),
                    privacy=PUBLIC,
                ),
                ShortText(code="words", label=said("Description"), required=False, max_length=20),
                ShortText(
                    code="shade", label=said("Teinte"), required=False, show_when=Is(field="colour", value="red")
                ),
                ShortText(code="serial", label=said("Numéro de série"), required=False, privacy=PERSONAL),
                ShortText(code="health", label=said("Santé"), required=False, privacy=SENSITIVE),
            ),
        ),
    )
)
FLOW = Workflow(
    states=(
        State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
        State(code="matched", title=said("Jumelée"), phase=Phase.IN_PROGRESS),
        State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(code="match", title=said("Jumeler"), sources=("received",), target="matched"),
        Transition(code="close", title=said("Fermer"), sources=("received", "matched"), target="closed"),
    ),
)
THEME = Theme(code="things", title=said("Choses"), slug=said("choses"))


def thing(code: str) -> RequestType:
    return RequestType(
        code=code,
        title=said(code),
        summary=said(code),
        slug=said(code),
        theme=THEME,
        form=FORM,
        workflow=FLOW,
        identity=IdentityRule(modes=("named", "confidential")),
        retention=Retention(days=30, erasable_on_request=True),
    )


LOST, FOUND, OTHER = thing("lost"), thing("found"), thing("other")
SCOPE = Scope(types=("lost",), answers=("colour", "serial"), place=True, needs=("personal",), moves=("match",))


def plugin_with(*nouns: Any) -> ModuleType:
    """The plugin with these subscriptions, panels and chores."""

    def those(kind: type) -> list[Any]:
        return [each for each in nouns if isinstance(each, kind)]

    module = ModuleType("things_plugin")
    module.request_types = hookimpl(lambda: [LOST, FOUND, OTHER])  # type: ignore[attr-defined]
    module.subscriptions = hookimpl(lambda: those(Subscription))  # type: ignore[attr-defined]
    module.panels = hookimpl(lambda: those(Panel))  # type: ignore[attr-defined]
    module.chores = hookimpl(lambda: those(Chore))  # type: ignore[attr-defined]
    return module


class ThingsTown:
    """The town and short ways to use its public doors."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.relay = Relay(host, Limits(seconds=10.0), name="worker", luck=lambda: 0.5)

    async def report(
        self, code: str, *, place: Any = HERE, town: str = "parvis", mode: str = "named", **answers: Any
    ) -> Record:
        raw = {
            "answers": {"colour": "red", **answers},
            "place": place,
            "requester": {"mode": mode, "name": "Zoé Côté", "email": "zoe@exemple.ca"},
        }
        receipt = await RequestService(self.host).submit(town, code, raw, channel="portal")
        return await self.record(receipt.reference)

    async def record(self, reference: str) -> Record:
        found = await find(self.host, reference)
        assert found is not None
        return found

    async def grant(self, *, town: str = "parvis", granted: bool = True) -> None:
        there = self.host.jurisdictions.jurisdiction(town)
        for seeker in asking(self.host, there):
            await decide_scope(self.host, there, seeker, granted=granted, actor=OLIVIER)

    async def notes(self, record: Record) -> list[str]:
        """The French of what plugins said of a request."""
        entries = await entries_of(record)
        return [each.personal["note"]["fr"] for each in entries if each.kind == "external" and each.personal]

    async def kinds(self, record: Record) -> list[str]:
        return [each.kind for each in await entries_of(record)]
