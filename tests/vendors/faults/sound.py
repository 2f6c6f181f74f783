"""What the planted faults stand in: a street light that is sound, fee and all, of which each takes what it needs."""

from datetime import date
from decimal import Decimal
from typing import Any

from parvis_sdk.decisions import closure
from parvis_sdk.fees import Fee
from parvis_sdk.fields import PERSONAL, Number, ShortText, YesNo
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import STREETS, form
from parvis_sdk.tariffs import Fixed, Tariff
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow, reason_form


def said(fr: str, en: str) -> Text:
    return Text(fr=fr, en=en)


RECEIVED = State(code="received", title=said("Reçue", "Received"), phase=Phase.RECEIVED, brings=("fee.visit.due",))
REPAIRED = State(code="repaired", title=said("Réparé", "Repaired"), phase=Phase.DECIDED)
CLOSED = State(code="closed", title=said("Fermée", "Closed"), phase=Phase.CLOSED)
REPAIR = Transition(
    code="repair",
    title=said("Réparer", "Repair"),
    sources=("received",),
    target="repaired",
    by=("agent", "system"),
    asks=reason_form(said("Ce qui a été fait", "What was done")),
)
REFUSE = Transition(
    code="refuse", title=said("Refuser", "Refuse"), sources=("received",), target="closed", asks=reason_form()
)
CLOSE = closure(("repaired",), by=("agent", "system"))
DANGER = YesNo(code="danger", label=said("Est-ce dangereux?", "Is it dangerous?"))
LAMPS = Number(code="lamps", label=said("Combien de lampadaires?", "How many lights?"), least=1, most=50)
POLE = ShortText(code="pole", label=said("Numéro du poteau", "Number of the pole"), required=False)
NAME = ShortText(code="owner", label=said("Votre voisin", "Your neighbour"), privacy=PERSONAL)
VISIT = Fixed(code="visit", title=said("Visite", "Visit"), amount=Decimal(25))
FEE = Fee(code="visit", title=said("Visite", "Visit"), tariffs=(Tariff(since=date(2026, 1, 1), lines=(VISIT,)),))
FLOW = Workflow(states=(RECEIVED, REPAIRED, CLOSED), transitions=(REPAIR, REFUSE, CLOSE))


def lamp(**otherwise: Any) -> RequestType:
    """The sound declaration, but for what is given."""
    sound: dict[str, Any] = {
        "code": "lamp",
        "title": said("Lampadaire éteint", "Street light out"),
        "summary": said("Un lampadaire n’éclaire plus.", "A street light is out."),
        "slug": said("lampadaire", "street-light"),
        "theme": STREETS,
        "form": form(DANGER, LAMPS, POLE, NAME),
        "workflow": FLOW,
        "retention": Retention(days=365),
        "parts": (FEE,),
    }
    return RequestType(**sound | otherwise)


LAMP = lamp()
