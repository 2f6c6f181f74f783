"""A permit that has a part of every kind, with what is hard in each: for scripts that kit and host play."""

from datetime import date
from decimal import Decimal

from msgspec import structs

from parvis_sdk.conditions import AtLeast, Is
from parvis_sdk.document_contents import FeeTable, OpinionTable
from parvis_sdk.documents import Document
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Date, Money, Number, ShortText, YesNo
from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.obligations import Obligation, Proof, written_obligations
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Retention, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.reviews import Recommendation, Review, Silence, Task
from parvis_sdk.starter_kit import STREETS, form
from parvis_sdk.supplements import Rule, Supplement
from parvis_sdk.tariffs import Asked, Fixed, PerUnit, Tariff, Unit
from parvis_sdk.text import Text
from parvis_sdk.validity import Renewal, Validity
from parvis_sdk.workflow import Need, State, Timer, Transition, Workflow


def said(fr: str) -> Text:
    return Text(fr=fr, en=fr)


def state(code: str, phase: Phase, *brings: str, **more: object) -> State:
    return State(code=code, title=said(code), phase=phase, brings=brings, **more)


def move(code: str, sources: tuple[str, ...], target: str, **more: object) -> Transition:
    return Transition(code=code, title=said(code), sources=sources, target=target, **more)


METRES = Unit(one=said("mètre"), many=said("mètres"))
FEE = Fee(
    code="study",
    title=said("Étude"),
    once=True,
    tariffs=(
        Tariff(
            since=date(2026, 1, 1),
            lines=(
                Fixed(code="study", title=said("Étude"), amount=Decimal(50)),
                PerUnit(code="size", title=said("Taille"), price=Decimal(2), of=(Asked(field="size", unit=METRES),)),
                Fixed(code="deposit", title=said("Dépôt"), amount=Decimal(100), deposit=True),
            ),
        ),
    ),
    refund="deposit",
)
OPINIONS = Review(
    code="opinions",
    title=said("Avis"),
    tasks=(
        Task(code="zoning", title=said("Zonage"), readers=("deciders", "requester")),
        Task(code="fire", title=said("Incendie"), when=Is(field="crowded", value=True)),
        Task(code="board", title=said("Comité"), after=("zoning", "fire")),
    ),
)
RULE = said("Le règlement le veut.")
SILENCE = Silence(escalate=(50,), deemed=Recommendation.FAVOURABLE, rule=RULE)
SILENT = Review(
    code="silent",
    title=said("Avis tacites"),
    tasks=(
        Task(code="noted", title=said("Noté"), days=3, silence=SILENCE),
        Task(code="counts", title=said("Compté"), days=3, silence=structs.replace(SILENCE, late="counts")),
        Task(code="last", title=said("Dernier"), days=30),
    ),
)
LIST = Supplement(
    code="list",
    title=said("Compléments"),
    days=20,
    remind=(7, 1),
    abandon_after=10,
    warn=5,
    partial=True,
    rules=(
        Rule(code="named", title=said("Nom"), says=said("Il manque un nom."), field="name"),
        Rule(
            code="value",
            title=said("Valeur"),
            says=said("La valeur ne couvre pas 100 $ le mètre."),
            field="value",
            must=AtLeast(field="value", other="size", times=100_00),
            when=Is(field="crowded", value=True),
        ),
    ),
)
TERM = Validity(
    code="permit",
    title=said("Permis"),
    months=6,
    reminders=(30,),
    renewal=Renewal(opens=45, grace=15, holds=True),
    suspended_until="suspended_until",
)
INSURANCE = Obligation(
    code="insurance",
    title=said("Assurance"),
    text=said("Assurer les lieux."),
    days=30,
    reminders=(10,),
    chasers=(5,),
    grace=15,
    proofs=(
        Proof(
            code="policy",
            title=said("Police"),
            form=form(Date(code="insured_until", label=said("Assuré jusqu’au"))),
            lasts="insured_until",
        ),
    ),
)
WRITTEN = Obligation(code="written", title=said("Conditions"), written="demands", days=0, checked=False)
PAPER = Document(
    code="paper",
    title=said("Permis"),
    kind="permit",
    number="P-{year}-{number:03}",
    lead=said("Permis de {size} m jusqu’au {until}."),
    shows=("size",),
    validity="permit",
    holds=(
        FeeTable(code="fees", title=said("Droits"), fee="study"),
        OpinionTable(code="opinions", title=said("Avis"), review="opinions"),
    ),
)
FIRST = Inspection(code="first", title=said("Semelles"), points=(Point(code="depth", title=said("Profondeur")),))
LAST = Inspection(
    code="last",
    title=said("Finale"),
    points=(Point(code="doors", title=said("Portes")), Point(code="stairs", title=said("Escaliers"))),
    follows=("first",),
    during=("granted",),
    correct_within=10,
)
AT_WORK = ("agent", "manager", "system")
GRANTED = ("document.paper.issued", "validity.permit.valid", "obligation.insurance.imposed")
STATES = (
    state("received", Phase.RECEIVED, "fee.study.due"),
    state("review", Phase.IN_PROGRESS, "review.opinions.open"),
    state("waiting", Phase.WAITING_FOR_YOU),
    state("deciding", Phase.IN_PROGRESS, timers=(Timer(transition="forget", days=40),)),
    state("granted", Phase.DECIDED),
    state("renewing", Phase.WAITING_FOR_YOU, "validity.permit.renewing", "fee.study.due"),
    state("suspended", Phase.DECIDED, "validity.permit.suspended"),
    state("abandoned", Phase.DECIDED),
    state("expired", Phase.DECIDED),
    state("closed", Phase.CLOSED),
)
MOVES = (
    move("study", ("received",), "review"),
    move("ask", ("received", "review"), "waiting", brings=("supplement.list.asked",)),
    move("go_on", ("waiting",), "review", by=AT_WORK, after=("supplement.list.answered",)),
    move("abandon", ("waiting",), "abandoned", by=("system",), after=("supplement.list.abandoned",)),
    move("take_up", ("abandoned",), "waiting", by=("requester", "agent"), brings=("supplement.list.asked",)),
    move(
        "hurry",
        ("review",),
        "deciding",
        asks=form(YesNo(code="sure", label=said("Sûr?"), required=False)),
        needs_when=(
            Need(
                fact="fee.study.paid",
                when=AtLeast(field="value", other="size", times=1_000_00),
                says=said("Ce qui vaut plus de 1000 $ le mètre se paie d’abord."),
            ),
            Need(fact="review.opinions.done", when=Is(field="sure", value=False)),
        ),
    ),
    move("conclude", ("review",), "deciding", by=AT_WORK, after=("review.opinions.done",), tell=False),
    move(
        "grant",
        ("deciding",),
        "granted",
        needs=("fee.study.paid", "review.opinions.done"),
        brings=(*GRANTED, "obligation.written.imposed", "inspection.first.wanted", "inspection.last.wanted"),
        asks=form(written_obligations("demands")),
    ),
    move("look", ("received", "review"), "review", brings=("supplement.list.checked",), tell=False),
    move(
        "ask_by_rule",
        ("received", "review"),
        "waiting",
        by=("system",),
        after=("supplement.list.lacking",),
        brings=("supplement.list.asked",),
    ),
    move("sound", ("received",), "deciding", brings=("review.silent.open",)),
    move("forget", ("deciding",), "closed", by=("system",)),
    move("refuse", ("review", "deciding"), "closed", brings=("fee.study.refund_due",)),
    move(
        "renew",
        ("granted", "expired"),
        "renewing",
        by=("requester",),
        needs=("validity.permit.renewable",),
        asks=form(Number(code="size", label=said("Nouvelle taille"), required=False)),
    ),
    move(
        "prolong",
        ("renewing",),
        "granted",
        by=("system", "agent"),
        after=("fee.study.paid",),
        needs=("fee.study.paid",),
        brings=("validity.permit.renewed", "document.paper.issued"),
    ),
    move("drop", ("renewing",), "granted", by=("requester",), brings=("validity.permit.renewal_dropped",)),
    move(
        "suspend",
        ("granted",),
        "suspended",
        asks=form(Date(code="suspended_until", label=said("Jusqu’au"), required=False)),
    ),
    move(
        "resume",
        ("suspended",),
        "granted",
        by=AT_WORK,
        after=("validity.permit.suspension_over",),
        brings=("validity.permit.valid",),
    ),
    move("expire", ("granted", "renewing", "suspended"), "expired", by=("system",), after=("validity.permit.expired",)),
    move("close", ("expired",), "closed", by=("system",), after=("validity.permit.lapsed",)),
    move("withdraw", ("received", "review", "waiting"), "closed", by=("requester",), brings=("fee.study.waived",)),
)
EVERYTHING = RequestType(
    code="everything",
    title=said("Permis complet"),
    summary=said("Un permis qui a tout"),
    slug=Text(fr="permis-complet", en="whole-permit"),
    theme=STREETS,
    form=form(
        Number(code="size", label=said("Taille")),
        YesNo(code="crowded", label=said("Du monde?")),
        ShortText(code="name", label=said("Nom"), required=False),
        Money(code="value", label=said("Valeur"), required=False),
    ),
    workflow=Workflow(states=STATES, transitions=MOVES),
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("named",)),
    retention=Retention(days=730),
    visibility=Visibility(public=False),
    parts=(TERM, INSURANCE, WRITTEN, PAPER, FIRST, LAST, LIST, OPINIONS, SILENT, FEE),
)
