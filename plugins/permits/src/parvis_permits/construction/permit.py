"""The application for a building permit: building, enlarging, renovating, demolishing, putting in a pool."""

from msgspec import structs

from parvis_permits import abouts
from parvis_permits.construction.do_i_need_it import DO_I_NEED_IT
from parvis_permits.construction.fee import CONSTRUCTION_FEE, RENEWAL_FEE
from parvis_permits.construction.form import CONSTRUCTION_FORM
from parvis_permits.construction.inspections import INSPECTIONS
from parvis_permits.construction.review import OPINIONS
from parvis_permits.documents import BUILDING_PERMIT, REFUSAL, SUPPLEMENT_LETTER
from parvis_permits.life.messages import permit_messages
from parvis_permits.life.workflow import permit_workflow
from parvis_permits.people import PEOPLE
from parvis_permits.privacy import SEVEN_YEARS
from parvis_permits.supplement import COMPLETENESS, VALUE_OF_AREA
from parvis_permits.themes import PERMITS
from parvis_sdk.conditions import OneOfThese
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text
from parvis_sdk.validity import Renewal, Transfer, Validity

SMALL_WORKS = OneOfThese(field="work_kind", values=("renovation", "accessory", "pool"))

LIST = structs.replace(COMPLETENESS, rules=(VALUE_OF_AREA,))
VALIDITY = Validity(
    code="permit",
    title=Text(fr="Permis de construction", en="Building permit"),
    months=12,
    reminders=(60, 14),
    renewal=Renewal(opens=60, grace=30, holds=True),
    transfer=Transfer(),
)

CONSTRUCTION = RequestType(
    code="construction",
    title=Text(fr="Permis de construction", en="Building permit"),
    summary=Text(
        fr="L’autorisation de construire, d’agrandir, de rénover ou de démolir un bâtiment, ou de creuser une piscine.",
        en="The authorization to build, enlarge, renovate or demolish a building, or to put in a pool.",
    ),
    slug=Text(fr="construction", en="building"),
    theme=PERMITS,
    icon="building",
    about=abouts.CONSTRUCTION,
    form=CONSTRUCTION_FORM,
    workflow=permit_workflow(
        LIST,
        OPINIONS,
        CONSTRUCTION_FEE,
        RENEWAL_FEE,
        VALIDITY,
        BUILDING_PERMIT,
        REFUSAL,
        SUPPLEMENT_LETTER,
        *INSPECTIONS,
        inspected=True,
        renewable=True,
    ),
    place=PlaceRule(label=Text(fr="Où se feront les travaux?", en="Where will the work be done?")),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="checking",
            title=Text(fr="Vérification du dossier", en="Application check"),
            business_days=10,
            until="in_progress",
            internal=True,
        ),
        ServiceLevel(
            code="small_works",
            title=Text(
                fr="Petits travaux\u00a0: décision",
                en="Small projects: decision",
            ),
            business_days=15,
            until="decided",
            since="review",
            statutory=True,
            when=SMALL_WORKS,
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision", en="Decision"),
            business_days=30,
            until="decided",
            since="review",
            statutory=True,
        ),
    ),
    category="work_kind",
    eligibility=DO_I_NEED_IT,
    retention=SEVEN_YEARS,
    # Who builds what, and for how much, is not for the map.
    visibility=Visibility(public=False, similar_within=30, similar_days=365),
    messages=permit_messages(inspected=True, renewable=True, ruled=True),
    parts=(
        VALIDITY,
        BUILDING_PERMIT,
        REFUSAL,
        SUPPLEMENT_LETTER,
        LIST,
        OPINIONS,
        *INSPECTIONS,
        CONSTRUCTION_FEE,
        RENEWAL_FEE,
    ),
    parties=PEOPLE,
    keywords=(
        Text(
            fr="permis de construction, permis de construire, permis de bâtir, permis de rénovation, bâtir, construire",
            en="building permit, construction permit, renovation permit, build, building a house",
        ),
        Text(
            fr="agrandissement, agrandir la maison, rallonge, ajout d’un étage, sous-sol, logement, garage, cabanon, "
            "remise, galerie, balcon, terrasse, patio, véranda",
            en="extension, addition to the house, enlarge, second storey, basement, dwelling, garage, shed, porch, "
            "balcony, deck, patio, sunroom",
        ),
        Text(
            fr="rénover, rénovation, refaire la cuisine, refaire la salle de bain, fenêtres, toiture, revêtement, "
            "fondation, mur porteur",
            en="renovate, renovation, redo the kitchen, redo the bathroom, windows, roof, siding, foundation, "
            "load-bearing wall",
        ),
        Text(
            fr="démolir, démolition, piscine creusée, piscine hors terre, spa, clôture de piscine",
            en="demolish, demolition, swimming pool, above-ground pool, hot tub, pool fence",
        ),
        Text(
            fr="plans, architecte, entrepreneur, licence RBQ, arpenteur, marges",
            en="plans, architect, contractor, RBQ licence, surveyor, setbacks",
        ),
    ),
    unlike=(
        Text(
            fr="permis d’abattage, vente de garage, permis de stationnement, terrasse sur trottoir, licence de chien",
            en="felling permit, garage sale, parking permit, sidewalk patio, dog licence",
        ),
    ),
    prepare=Text(
        fr=(
            "Le certificat de localisation, les plans des travaux et leur valeur. Le numéro de lot ou le matricule, "
            "sur le compte de taxes. La licence RBQ de l’entrepreneur. Si vous n’êtes pas propriétaire, un "
            "mandat signé."
        ),
        en=(
            "The certificate of location, the plans and the value of the work. The lot or roll number, on the tax "
            "bill. The contractor’s RBQ licence. If you are not the owner, a signed authorization."
        ),
    ),
)
