"""A permit with a fee, as tests of charges and payments declare it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record
from parvis_fees.charges import charges_of
from parvis_sdk.conditions import Is
from parvis_sdk.fee_rules import latest
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Date, Money, Number, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import PlaceRule, RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.tariffs import (
    DOLLAR,
    Asked,
    DaysBetween,
    DrawnArea,
    Exemption,
    Fixed,
    PerUnit,
    Step,
    Tariff,
    Tiers,
    Unit,
)
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


def said(fr: str, en: str = "") -> Text:
    return Text(fr=fr, en=en or fr)


TABLE = Tariff(
    since=date(2026, 1, 1),
    basis=said("Règlement 1234"),
    lines=(
        Fixed(code="study", title=said("Étude", "Study"), amount=Decimal(50)),
        Tiers(
            code="works",
            title=said("Travaux", "Works"),
            of=Asked(field="value", unit=DOLLAR),
            steps=(Step(above=Decimal(0), price=Decimal("2.50")),),
        ),
        PerUnit(
            code="signs",
            title=said("Enseignes", "Signs"),
            of=(Asked(field="signs", unit=Unit(one=said("enseigne", "sign"), many=said("enseignes", "signs"))),),
            price=Decimal(20),
            taxed=True,
        ),
        Fixed(code="deposit", title=said("Dépôt", "Deposit"), amount=Decimal(200), deposit=True),
    ),
    exemptions=(Exemption(code="charity", title=said("Organisme", "Charity"), when=Is(field="charity", value=True)),),
)
LATER = msgspec.structs.replace(
    TABLE, since=date(2026, 10, 1), lines=(Fixed(code="study", title=said("Étude", "Study"), amount=Decimal(60)),)
)
FORM = Form(
    sections=(
        Section(
            code="what",
            title=said("Quoi"),
            fields=(
                Money(code="value", label=said("Valeur")),
                Number(code="signs", label=said("Enseignes"), required=False),
                YesNo(code="charity", label=said("Organisme?"), required=False),
            ),
        ),
    )
)
STATES = (
    State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
    State(code="approved", title=said("Approuvée"), phase=Phase.DECIDED, brings=("fee.permit.due",)),
    State(code="issued", title=said("Délivrée"), phase=Phase.DECIDED),
    State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
)
MOVES = (
    Transition(code="approve", title=said("Approuver"), sources=("received",), target="approved"),
    Transition(
        code="issue",
        title=said("Délivrer", "Issue"),
        sources=("approved",),
        target="issued",
        by=("system", "agent"),
        needs=("fee.permit.paid",),
        after=("fee.permit.paid", "fee.permit.waived"),
    ),
    Transition(
        code="reckon",
        title=said("Calculer de nouveau", "Calculate again"),
        sources=("approved", "issued"),
        target="approved",
        brings=("fee.permit.due",),
    ),
    Transition(
        code="finish",
        title=said("Terminer"),
        sources=("issued",),
        target="closed",
        brings=("fee.permit.refund_due",),
    ),
    Transition(code="again", title=said("Reprendre"), sources=("closed",), target="approved"),
    Transition(
        code="let_off",
        title=said("Renoncer", "Give up"),
        sources=("approved",),
        target="closed",
        brings=("fee.permit.waived",),
    ),
)
PERMIT = RequestType(
    code="sign",
    title=said("Enseigne", "Sign"),
    summary=said("Un permis", "A permit"),
    slug=said("enseigne", "sign"),
    theme=Theme(code="permits", title=said("Permis", "Permits"), slug=said("permis", "permits")),
    form=FORM,
    workflow=Workflow(states=STATES, transitions=MOVES),
    retention=Retention(days=365),
    parts=(Fee(code="permit", title=said("Permis", "Permit"), tariffs=(TABLE, LATER), refund="deposit"),),
)
BY_AREA = Tariff(
    since=date(2026, 1, 1),
    basis=said("Règlement 1234"),
    lines=(
        PerUnit(
            code="area",
            title=said("Surface occupée", "Area taken"),
            of=(DrawnArea(), DaysBetween(first="first", last="last")),
            price=Decimal("0.10"),
        ),
        PerUnit(
            code="posts",
            title=said("Poteaux", "Posts"),
            of=(Asked(field="posts", unit=Unit(one=said("poteau", "post"), many=said("poteaux", "posts"))),),
            price=Decimal(5),
        ),
    ),
)
TERRACE = msgspec.structs.replace(
    PERMIT,
    code="terrace",
    title=said("Terrasse", "Terrace"),
    slug=said("terrasse", "terrace"),
    place=PlaceRule(shapes=("point", "polygon")),
    form=Form(
        sections=(
            Section(
                code="when",
                title=said("Quand"),
                fields=(
                    Date(code="first", label=said("Premier jour", "First day")),
                    Date(code="last", label=said("Dernier jour", "Last day")),
                    Number(code="posts", label=said("Poteaux", "Posts"), required=False),
                ),
            ),
        )
    ),
    workflow=Workflow(
        states=(STATES[0], msgspec.structs.replace(STATES[3], brings=("fee.use.due",))),
        transitions=(Transition(code="close", title=said("Fermer"), sources=("received",), target="closed"),),
    ),
    parts=(Fee(code="use", title=said("Occupation", "Use"), tariffs=(BY_AREA,)),),
)
ANSWERS = {"value": "10 000", "signs": 3}  # 50 + 25 + 60 + 3.00 + 5.99 (TPS, TVQ) + 200
TOTAL = 34_399


async def owing(town, answers, at=MONDAY):
    with clock.moved_to(at):
        reference = (await town.submit("sign", answers=answers)).reference
        became = await make_move(town.host, reference, "approve", {}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
    return reference


async def charge_of(town, reference):
    return latest(await charges_of((await town.record(reference)).id))["permit"]


async def facts_of(town, reference):
    record = await town.record(reference)
    return await standing_facts(town.host, record, await type_of_record(town.host, record))
