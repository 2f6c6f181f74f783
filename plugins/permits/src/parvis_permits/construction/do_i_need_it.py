"""Whether building work needs a permit, asked before the form."""

from parvis_sdk.conditions import All, AtMost, Is
from parvis_sdk.eligibility import Eligibility, Verdict
from parvis_sdk.text import Text

SMALL = All(parts=(Is(field="work_kind", value="accessory"), AtMost(field="floor_area", value=10)))
FINISHES = All(parts=(Is(field="work_kind", value="renovation"), Is(field="structure", value=False)))

DO_I_NEED_IT = Eligibility(
    title=Text(fr="Ai-je besoin d’un permis?", en="Do I need a permit?"),
    asks=("work_kind", "floor_area", "dwellings", "structure", "pool_kind", "work_value"),
    verdicts=(
        Verdict(
            code="public_ground",
            means="not_allowed",
            title=Text(fr="Construction interdite à cet endroit", en="Building is not allowed here"),
            body=Text(
                fr="Ce terrain est un parc ou un équipement public. Communiquez avec l’équipe des permis.",
                en="This land is a park or a public facility. Talk to the permits team.",
            ),
            when=Is(field="zone_use", value="park"),
        ),
        Verdict(
            code="small_building",
            means="not_needed",
            title=Text(fr="Aucun permis n’est nécessaire", en="No permit is needed"),
            body=Text(
                fr="Un seul petit bâtiment de 10 m² ou moins n’en exige pas. Il doit être à 1 m au moins des limites "
                "du terrain.",
                en="A single small building of 10 m² or less needs none. It must be at least 1 m from the property "
                "lines.",
            ),
            when=SMALL,
        ),
        Verdict(
            code="finishes",
            means="not_needed",
            title=Text(fr="Probablement aucun permis", en="Probably no permit"),
            body=Text(
                fr="Les finitions intérieures n’en exigent pas. Il en faut un pour les ouvertures, "
                "la toiture, le revêtement extérieur ou un logement ajouté.",
                en="Interior finishes need none. Openings, a roof, siding or an added dwelling need one.",
            ),
            when=FINISHES,
        ),
        Verdict(
            code="needed",
            title=Text(fr="Il faut un permis", en="A permit is needed"),
            body=Text(
                fr="Voici le délai, le coût et les documents à préparer.",
                en="Here are the response time, the cost and the documents to prepare.",
            ),
        ),
    ),
)
