"""Samples of everything that happens to a request, to play at a subscription."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from parvis_sdk.events import (
    Amended,
    Assigned,
    ContactChanged,
    Erased,
    Event,
    FilesReady,
    Followed,
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
    Withdrawn,
)
from parvis_sdk.forms import Form
from parvis_sdk.request_types import RequestType, Retention, Theme
from parvis_sdk.requests import Phase
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

DETAILS: dict[type[Event], dict[str, Any]] = {
    Noted: {},
    Replied: {"entry": 2, "words": "Bonjour"},
    ContactChanged: {},
    FilesReady: {},
    Received: {"entry": 3},
    Assigned: {"unit": "works"},
    Amended: {"changed": ("place",)},
    Withdrawn: {},
    Followed: {"follower": "follower-1"},
    Rescheduled: {"entry": 3},
    Raised: {"level": "usual", "step": 1, "due_at": datetime(2026, 9, 21, 20, 30, tzinfo=UTC)},
    ReceiptWanted: {"channel": "email"},
    Erased: {},
    Resent: {},
    MessageDue: {"channel": "email", "message": {"to": "a@exemple.com", "subject": "", "text": "", "language": "fr"}},
}


def events_for(request_type: RequestType, reference: str, at: datetime) -> Iterator[Event]:
    """One event of each sort about a request of that type, a `Moved` for each of its transitions."""
    common: dict[str, Any] = {"reference": reference, "at": at, "actor": "agent"}
    yield Submitted(id="sample-submitted", type=request_type.code, state=request_type.workflow.initial.code, **common)
    for each in request_type.workflow.transitions:
        path: dict[str, Any] = {"transition": each.code, "source": each.sources[0], "target": each.target}
        yield Moved(id=f"sample-moved-{each.code}", type=request_type.code, tell=each.tell, **path, **common)
    for event, details in DETAILS.items():
        yield event(id=f"sample-{event.__name__.lower()}", **details, **common)
