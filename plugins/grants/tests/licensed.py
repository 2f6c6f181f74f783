"""A planting that is granted for two months and demands a tree, as tests of several rooms need it."""

from parvis_sdk.fields import PERSONAL, Date, ShortText
from parvis_sdk.obligations import Obligation, Proof
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import STREETS, form
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import State, Transition, Workflow


def said(fr: str) -> Text:
    return Text(fr=fr, en=fr)


PLANTING = RequestType(
    code="planting",
    title=said("Plantation"),
    summary=said("Un arbre"),
    slug=said("plantation"),
    theme=STREETS,
    form=form(),
    workflow=Workflow(
        states=(
            State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
            State(code="granted", title=said("Accordée"), phase=Phase.DECIDED),
            State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
        ),
        transitions=(
            Transition(
                code="grant",
                title=said("Accorder"),
                sources=("received",),
                target="granted",
                brings=("obligation.replant.imposed", "validity.permit.valid"),
            ),
            Transition(
                code="close",
                title=said("Fermer"),
                sources=("granted",),
                target="closed",
                by=("system",),
                after=("obligation.replant.met",),
            ),
        ),
    ),
    retention=Retention(days=365),
    parts=(
        Validity(code="permit", title=said("Permis"), months=2),
        Obligation(
            code="replant",
            title=said("Remplacement"),
            text=said("Planter un érable."),
            days=60,
            grace=10,
            proofs=(
                Proof(
                    code="told",
                    title=said("Ce qui a été planté"),
                    form=form(
                        ShortText(code="species", label=said("Essence")),
                        Date(code="planted_on", label=said("Le"), latest=0),
                        ShortText(code="neighbour", label=said("Témoin"), required=False, privacy=PERSONAL),
                    ),
                ),
            ),
        ),
    ),
)
