"""The permit to occupy the public domain: a scaffold, a container or a terrace, on an area drawn on the map."""

from datetime import date
from decimal import Decimal

from parvis_permits import abouts
from parvis_permits.documents import REFUSAL, SUPPLEMENT_LETTER
from parvis_permits.life.messages import permit_messages
from parvis_permits.life.workflow import permit_workflow
from parvis_permits.occupation.form import BLOCKS_TRAFFIC, INSURED, OCCUPATION_FORM
from parvis_permits.people import PEOPLE
from parvis_permits.privacy import SEVEN_YEARS
from parvis_permits.supplement import completeness
from parvis_permits.themes import PERMITS
from parvis_sdk.conditions import OneOfThese
from parvis_sdk.document_contents import FeeTable, PlaceMap
from parvis_sdk.documents import Document
from parvis_sdk.fees import Fee
from parvis_sdk.forms import Form, Section
from parvis_sdk.obligations import Obligation, Proof
from parvis_sdk.overlaps import Overlap
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.reviews import Review, Task
from parvis_sdk.tariffs import DaysBetween, DrawnArea, Exemption, Fixed, PerUnit, Tariff
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

COMPLETENESS = completeness(OCCUPATION_FORM)

OPINIONS = Review(
    code="opinions",
    title=Text(fr="Avis des services", en="Opinions of the departments"),
    tasks=(
        Task(
            code="traffic",
            title=Text(fr="Circulation", en="Traffic"),
            unit="roads",
            days=5,
            when=BLOCKS_TRAFFIC,
            shows=("purpose", "starts_on", "ends_on", "closes", "traffic_plan"),
        ),
        Task(
            code="fire",
            title=Text(fr="Sécurité incendie", en="Fire safety"),
            days=5,
            when=OneOfThese(field="closes", values=("street",)),
            shows=("purpose", "starts_on", "ends_on", "closes", "traffic_plan"),
        ),
    ),
)

FEE = Fee(
    code="permit",
    title=Text(fr="Droits d’occupation", en="Occupation fees"),
    once=True,
    credits=True,
    tariffs=(
        Tariff(
            since=date(2026, 1, 1),
            lines=(
                Fixed(
                    code="study",
                    title=Text(fr="Étude de la demande", en="Application review"),
                    amount=Decimal(55),
                ),
                PerUnit(
                    code="occupation",
                    title=Text(fr="Occupation", en="Occupation"),
                    price=Decimal("0.60"),
                    of=(DrawnArea(whole=True), DaysBetween(first="starts_on", last="ends_on")),
                    least=Decimal(35),
                ),
                Fixed(
                    code="deposit",
                    title=Text(fr="Dépôt pour la remise en état", en="Deposit for restoring the site"),
                    amount=Decimal(500),
                    when=OneOfThese(field="purpose", values=("container", "crane", "scaffold")),
                    deposit=True,
                ),
            ),
            exemptions=(
                Exemption(
                    code="community",
                    title=Text(fr="Organisme reconnu par la Ville", en="Organization recognized by the town"),
                    when=OneOfThese(field="applicant_kind", values=("organization",)),
                    lines=("study", "occupation"),
                ),
            ),
        ),
    ),
)

INSURANCE = Obligation(
    code="insurance",
    title=Text(fr="Assurance responsabilité", en="Liability insurance"),
    text=Text(
        fr="Une assurance responsabilité civile doit couvrir toute la durée de l’occupation.",
        en="Civil liability insurance must cover the whole period of occupation.",
    ),
    reminders=(15, 3),
    proofs=(
        Proof(
            code="certificate",
            title=Text(fr="Attestation d’assurance", en="Certificate of insurance"),
            form=Form(
                sections=(Section(code="certificate", title=Text(fr="Assurance", en="Insurance"), fields=INSURED),)
            ),
            lasts="insured_until",
        ),
    ),
)

VALIDITY = Validity(code="permit", title=Text(fr="Permis d’occupation", en="Occupation permit"), until="ends_on")

PERMIT = Document(
    code="permit",
    title=Text(fr="Permis d’occupation du domaine public", en="Public domain occupation permit"),
    kind="permit",
    number="OCC-{year}-{number:05}",
    lead=Text(
        fr="Autorise l’occupation du domaine public décrite ci-dessous.",
        en="Authorizes the occupation of the public domain described below.",
    ),
    shows=("purpose", "starts_on", "ends_on", "closes"),
    conditions="conditions",
    validity="permit",
    keeps_number=True,
    holds=(
        PlaceMap(code="map", title=Text(fr="Surface occupée", en="Area occupied"), around=60),
        FeeTable(code="fees", title=Text(fr="Droits d’occupation", en="Occupation fees"), fee="permit"),
    ),
    may_lack=("map",),
)

PARTS = (COMPLETENESS, OPINIONS, FEE, INSURANCE, VALIDITY, PERMIT, REFUSAL, SUPPLEMENT_LETTER)

OCCUPATION = RequestType(
    code="occupation",
    title=Text(fr="Permis d’occupation du domaine public", en="Public domain occupation permit"),
    summary=Text(
        fr="Installer un échafaudage, un conteneur, une grue ou une terrasse sur la rue, le trottoir ou une place.",
        en="Put a scaffold, a container, a crane or a terrace on the street, the sidewalk or a square.",
    ),
    slug=Text(fr="occupation-du-domaine-public", en="public-domain-occupation"),
    theme=PERMITS,
    icon="barrier",
    about=abouts.OCCUPATION,
    form=OCCUPATION_FORM,
    workflow=permit_workflow(*PARTS),
    place=PlaceRule(
        shapes=("polygon",), label=Text(fr="Quelle surface occuperez-vous?", en="What area will you occupy?")
    ),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision", en="Decision"),
            business_days=10,
            until="decided",
        ),
    ),
    category="purpose",
    retention=SEVEN_YEARS,
    visibility=Visibility(public=False, similar_within=30, similar_days=365),
    messages=permit_messages(insured=True),
    parts=(
        VALIDITY,
        INSURANCE,
        PERMIT,
        REFUSAL,
        SUPPLEMENT_LETTER,
        COMPLETENESS,
        OPINIONS,
        FEE,
    ),
    parties=PEOPLE,
    overlaps=Overlap(first="starts_on", last="ends_on", types=("event",)),
    keywords=(
        Text(
            fr="occupation du domaine public, occuper la rue, occuper le trottoir, fermer la rue, entrave",
            en="occupy the street, occupy the sidewalk, public domain, close the street, obstruction",
        ),
        Text(
            fr="échafaudage, conteneur, benne, grue, nacelle, roulotte de chantier, déménagement, camion",
            en="scaffold, scaffolding, container, dumpster, skip, crane, lift, site trailer, moving truck",
        ),
        Text(
            fr="terrasse sur le trottoir, café-terrasse, placottoir, kiosque",
            en="sidewalk patio, terrace, café terrace, parklet, stand",
        ),
    ),
    unlike=(Text(fr="dépôt sauvage, conteneur plein", en="illegal dumping, full container"),),
    prepare=Text(
        fr="L’attestation d’assurance, les dates et, si une voie est fermée, le plan de circulation.",
        en="The certificate of insurance, the dates and, if a lane is closed, the traffic plan.",
    ),
)
