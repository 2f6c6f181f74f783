"""A dog licence by a vendor who knows the sdk alone: fee, document, vaccine, yearly renewal; the whole plugin."""

from datetime import date
from decimal import Decimal

from parvis_sdk.conditions import Is
from parvis_sdk.decisions import revocation
from parvis_sdk.documents import Document
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Date, Option, ShortText, YesNo
from parvis_sdk.hooks import hookimpl
from parvis_sdk.obligations import Obligation, Proof
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Retention, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import STREETS, form
from parvis_sdk.tariffs import Exemption, Fixed, Tariff
from parvis_sdk.text import Text
from parvis_sdk.validity import Renewal, Transfer, Validity
from parvis_sdk.workflow import State, Transition, Workflow


def said(fr: str, en: str) -> Text:
    return Text(fr=fr, en=en)


def state(code: str, title: Text, phase: Phase, *brings: str) -> State:
    return State(code=code, title=title, phase=phase, brings=brings)


def by_itself(code: str, title: Text, sources: tuple[str, ...], target: str, after: str, *brings: str) -> Transition:
    made = {"code": code, "title": title, "sources": sources, "target": target, "after": (after,), "brings": brings}
    return Transition(**made, by=("system",))


LICENCE = said("Licence de chien", "Dog licence")
VALID, RENEWED, ISSUED = "validity.licence.valid", "validity.licence.renewed", "document.licence.issued"
RENEWING = ("validity.licence.renewing", "fee.again.due")
VACCINE = Date(code="vaccine_until", label=said("Vaccin contre la rage valide jusqu’au", "Rabies vaccine valid until"))
YEAR = Fixed(code="year", title=said("Licence d’un an", "Licence of one year"), amount=Decimal(25))
GUIDE = Exemption(code="guide", title=said("Chien d’assistance", "Guide dog"), when=Is(field="guide_dog", value=True))
BITE = Option(code="bite", label=said("Morsure ou attaque", "Bite or attack"))
TARIFFS = (Tariff(since=date(2026, 1, 1), lines=(YEAR,), exemptions=(GUIDE,)),)
YEARLY = Renewal(opens=60, grace=30, holds=True)
TERM = Validity(code="licence", title=LICENCE, months=12, reminders=(30, 7), renewal=YEARLY, transfer=Transfer())
PAPER = Document(code="licence", title=LICENCE, kind="permit", number="CH-{year}-{number:05}", validity="licence")
RABIES = Obligation(
    code="rabies",
    title=said("Vaccin contre la rage", "Rabies vaccine"),
    text=said("Tenir le chien à jour de vaccin.", "Keep the dog’s vaccine up to date."),
    reminders=(14,),
    proofs=(Proof(code="booklet", title=said("Carnet", "Booklet"), form=form(VACCINE), lasts="vaccine_until"),),
)
STATES = (
    state("received", said("À payer", "To be paid"), Phase.RECEIVED, "fee.first.due"),
    state("licensed", said("En vigueur", "In force"), Phase.DECIDED),
    state("renewing", said("Renouvellement à payer", "Renewal to be paid"), Phase.WAITING_FOR_YOU, *RENEWING),
    state("suspended", said("Suspendue", "Suspended"), Phase.DECIDED, "validity.licence.suspended"),
    state("lapsed", said("Échue", "Expired"), Phase.DECIDED),
    state("closed", said("Fermée", "Closed"), Phase.CLOSED),
)
GRANTED = (VALID, ISSUED, "obligation.rabies.imposed")
HOLDING = ("licensed", "suspended", "renewing")
MOVES = (
    by_itself("issue", said("Délivrer", "Issue"), ("received",), "licensed", "fee.first.paid", *GRANTED),
    Transition(
        code="renew",
        title=said("Renouveler", "Renew"),
        sources=("licensed", "lapsed"),
        target="renewing",
        by=("requester", "agent"),
        needs=("validity.licence.renewable",),
    ),
    by_itself("prolong", said("Prolonger", "Prolong"), ("renewing",), "licensed", "fee.again.paid", RENEWED, ISSUED),
    by_itself("suspend", said("Suspendre", "Suspend"), ("licensed",), "suspended", "obligation.rabies.lapsed"),
    by_itself("resume", said("Rétablir", "Resume"), ("suspended",), "licensed", "obligation.rabies.met", VALID),
    by_itself("lapse", said("Échoir", "Expire"), HOLDING, "lapsed", "validity.licence.expired"),
    by_itself("close", said("Fermer", "Close"), ("lapsed",), "closed", "validity.licence.lapsed"),
    revocation(("licensed", "suspended"), "closed", (BITE,), brings=("validity.licence.revoked",)),
)
DOG_LICENCE = RequestType(
    code="dog_licence",
    title=LICENCE,
    summary=said("La médaille et la licence d’un chien.", "The tag and licence of a dog."),
    slug=said("licence-de-chien", "dog-licence"),
    theme=STREETS,
    form=form(
        ShortText(code="dog", label=said("Nom du chien", "Name of the dog")),
        YesNo(code="guide_dog", label=said("Est-ce un chien d’assistance?", "Is it a guide dog?")),
        VACCINE,
    ),
    workflow=Workflow(states=STATES, transitions=MOVES),
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("named",)),
    retention=Retention(days=730),
    visibility=Visibility(public=False),
    parts=(
        TERM,
        RABIES,
        PAPER,
        *(Fee(code=code, title=LICENCE, tariffs=TARIFFS) for code in ("first", "again")),
    ),
)


@hookimpl
def request_types() -> list[RequestType]:
    return [DOG_LICENCE]
