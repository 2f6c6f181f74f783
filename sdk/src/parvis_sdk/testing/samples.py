"""Sample events of everything that happens to a request, for subscriptions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from parvis_sdk.events import (
    Amended,
    Announced,
    Assigned,
    ContactChanged,
    Erased,
    Event,
    FilesReady,
    Followed,
    Happened,
    Joined,
    LetIn,
    MessageDue,
    Moved,
    Noted,
    Raised,
    ReceiptWanted,
    Received,
    Replied,
    Rescheduled,
    Resent,
    Submitted,
    TaskDone,
    TaskLate,
    Withdrawn,
)
from parvis_sdk.fields import Sensitivity
from parvis_sdk.forms import Form
from parvis_sdk.parts import Fact
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.testing.answers import TODAY, answers_for
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

SAMPLE = RequestType(
    code="sample",
    title=Text(fr="Exemple", en="Sample"),
    summary=Text(fr="Une requête pour l’essai", en="A request to try with"),
    slug=Text(fr="exemple", en="sample"),
    theme=Theme(code="samples", title=Text(fr="Essais", en="Trials"), slug=Text(fr="essais", en="trials")),
    form=Form(),
    workflow=Workflow(
        states=(
            State(code="received", title=Text(fr="Reçue", en="Received"), phase=Phase.RECEIVED),
            State(code="closed", title=Text(fr="Fermée", en="Closed"), phase=Phase.CLOSED),
        ),
        transitions=(
            Transition(code="close", title=Text(fr="Fermer", en="Close"), sources=("received",), target="closed"),
        ),
    ),
    retention=Retention(days=30),
)

TOLD = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
SOON = datetime(2026, 9, 21, 20, 30, tzinfo=UTC)
BREAK = Text(fr="Bris d’aqueduc", en="Water main break")
BOIL = Text(fr="Faites bouillir l’eau.", en="Boil the water.")
PAGE = Text(
    fr="https://services.essai.example/fr/requete/INCI-0001", en="https://services.essai.example/en/request/INCI-0001"
)
FIXED = Text(fr="L’autre signalement est réglé.", en="The other report is resolved.")
LETTER: dict[str, Any] = {"to": "a@exemple.com", "subject": "", "text": "", "language": "fr"}
DETAILS: tuple[tuple[type[Event], str, dict[str, Any]], ...] = (
    (ReceiptWanted, "", {"channel": "email"}),
    (ContactChanged, "", {}),
    (FilesReady, "", {}),
    (Noted, "", {}),
    (Replied, "", {"entry": 2, "words": "Bonjour"}),
    (Received, "", {"entry": 3}),
    (Assigned, "", {"unit": "works"}),
    (Amended, "", {"changed": ("place",)}),
    (Rescheduled, "", {"entry": 3}),
    *((Raised, f"-{step}", {"level": "usual", "step": step, "due_at": SOON}) for step in (1, 2, 3)),
    (Followed, "", {"follower": "follower-1"}),
    (LetIn, "", {"party": "party-1"}),
    (Announced, "", {"incident": "INCI-0001", "title": BREAK, "words": BOIL, "url": PAGE, "requester": True}),
    (Joined, "-joined", {"did": "joined", "now": FIXED}),
    (Joined, "-moved", {"did": "moved", "now": FIXED, "over": True}),
    (Joined, "-parted", {"did": "parted", "now": FIXED}),
    (TaskLate, "", {"plugin": "plugin", "key": "look", "unit": "works", "share": 100}),
    (TaskDone, "", {"plugin": "plugin", "key": "look", "unit": "works"}),
    (Withdrawn, "", {}),
    (MessageDue, "", {"channel": "email", "message": LETTER}),
    (Resent, "", {}),
    (Erased, "", {}),
)
"""What an event says, beside what all say, in the order in which such things happen: erasure is the last of them."""


def events_for(request_type: RequestType, reference: str, at: datetime) -> Iterator[Event]:
    """One event of each sort about a request of that type: `Moved` for each way of its transitions, `Happened` for each
    fact of its parts, the others as `DETAILS` has them. It is submitted first and erased last.
    """
    common: dict[str, Any] = {"reference": reference, "at": at, "actor": "agent"}
    code, facts = request_type.code, request_type.facts()
    yield Submitted(id="sample-submitted", type=code, state=request_type.workflow.initial.code, **common)
    for each in request_type.workflow.transitions:
        for number, source in enumerate(each.sources):
            again = f"-{source}" if number else ""
            path: dict[str, Any] = {"transition": each.code, "source": source, "target": each.target}
            brought = request_type.workflow.brought_by(each)
            said = {name: words for fact in brought if fact in facts for name, words in said_by(facts[fact]).items()}
            path |= {"tell": each.tell, "given": given_to(each), "said": said}
            yield Moved(id=f"sample-moved-{each.code}{again}", type=code, **path, **common)
    for name, fact in facts.items():
        yield Happened(id=f"sample-happened-{name}", type=code, fact=name, said=said_by(fact), **common)
    for event, which, details in DETAILS:
        yield event(id=f"sample-{event.__name__.lower()}{which}", **details, **common)


def given_to(transition: Transition) -> dict[str, Any]:
    """Random but repeatable answers of a transition, without those that may not be shown."""
    made = answers_for(transition.asks, Random(7))
    given = transition.asks.read(made.native, attachments=made.attachments, today=TODAY)
    if isinstance(given, Problems) or not transition.tell:
        return {}
    told = {field.code for field in transition.asks.fields() if field.privacy.sensitivity in TOLD}
    return {code: value for code, value in given.answers.items() if code in told}


def said_by(fact: Fact) -> dict[str, Text]:
    """The message fields of a fact, by name."""
    return {name: Text(fr=f"«\u00a0{name}\u00a0»", en=f"“{name}”") for name in fact.names}
