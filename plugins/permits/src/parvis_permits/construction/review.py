"""Whose opinions a building permit rests on: zoning always; fire, engineering and heritage where the work calls."""

from parvis_sdk.conditions import All, Is, Not, OneOfThese, Some
from parvis_sdk.fields import Number, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.reviews import Review, Silence, Task
from parvis_sdk.text import Text

WORK = ("building_kind", "work_kind", "description", "floor_area", "storeys", "dwellings", "plans")
GROUND = ("lot", "survey")
BY_LAW = ("zone", "zone_use", "zone_storeys", "zone_coverage", "zone_rear_setback", "site_planning")
VISIBLE = OneOfThese(field="work_kind", values=("new", "extension", "renovation", "demolition"))
CROWDED = OneOfThese(field="building_kind", values=("multiple", "business"))
DIGS = Some(
    parts=(
        OneOfThese(field="work_kind", values=("new", "extension", "demolition")),
        Is(field="pool_kind", value="in_ground"),
    )
)

FIRE = Form(
    sections=(
        Section(
            code="access",
            title=Text(fr="Accès et eau", en="Access and water"),
            fields=(
                YesNo(
                    code="truck_access",
                    label=Text(
                        fr="Une voie d’accès pour les camions d’incendie est-elle prévue?",
                        en="Is an access route for fire trucks planned?",
                    ),
                ),
                Number(
                    code="hydrant_distance",
                    label=Text(fr="Distance de la borne d’incendie", en="Distance to the fire hydrant"),
                    least=0,
                    most=5000,
                    unit=Text(fr="m", en="m"),
                    required=False,
                ),
            ),
        ),
    )
)

OPINIONS = Review(
    code="opinions",
    title=Text(fr="Avis des services", en="Opinions of the departments"),
    tasks=(
        Task(
            code="zoning",
            title=Text(fr="Conformité au zonage", en="Zoning compliance"),
            help=Text(
                fr="Usage, marges, hauteur et taux d’implantation, selon le règlement de zonage.",
                en="Use, setbacks, height and lot coverage under the zoning by-law.",
            ),
            unit="planning",
            shows=(*BY_LAW, *GROUND, *WORK),
            depends_on=(*BY_LAW, *GROUND, *WORK, "place"),
            readers=("deciders", "reviewers"),
        ),
        Task(
            code="fire",
            title=Text(fr="Sécurité incendie", en="Fire safety"),
            help=Text(
                fr="Accès des véhicules d’urgence, bornes d’incendie, issues.",
                en="Access for emergency vehicles, fire hydrants, exits.",
            ),
            when=Some(parts=(CROWDED, Is(field="work_kind", value="new"))),
            shows=WORK,
            depends_on=(*WORK, "place"),
            silence=Silence(escalate=(50, 80)),
            asks=FIRE,
            readers=("deciders", "reviewers"),
        ),
        Task(
            code="engineering",
            title=Text(fr="Génie et réseaux", en="Engineering and services"),
            help=Text(
                fr="Raccordements, drainage, entrée charretière.",
                en="Service connections, drainage, driveway entrance.",
            ),
            unit="public_works",
            when=DIGS,
            shows=(*GROUND, *WORK, "starts_on"),
            depends_on=(*GROUND, *WORK, "place"),
            silence=Silence(escalate=(80,)),
            readers=("deciders", "reviewers"),
        ),
        Task(
            code="heritage",
            title=Text(fr="Comité consultatif d’urbanisme (PIIA)", en="Planning advisory committee (PIIA)"),
            help=Text(
                fr="Recommandation du comité selon les objectifs et critères du règlement sur les PIIA.",
                en="Recommendation of the committee under the objectives and criteria of the site "
                "planning by-law (PIIA).",
            ),
            days=20,
            # Where the town's layers do not say whether a by-law protects the sector, the committee is asked.
            when=All(parts=(VISIBLE, Not(part=Is(field="site_planning", value=False)))),
            after=("zoning",),
            shows=("site_planning", *WORK, "elevations", "photos"),
            readers=("deciders", "requester"),
        ),
    ),
)
