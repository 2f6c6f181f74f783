"""What each transition of a permit asks of the agent; the text for the applicant is always `reason`."""

from parvis_permits.days import not_before
from parvis_sdk.decisions import step_form, words_told
from parvis_sdk.fields import Date, LongText, Option, SeveralOf, YesNo
from parvis_sdk.forms import Form
from parvis_sdk.text import Text

APPROVAL: Form = step_form(
    Text(fr="Approbation", en="Approval"),
    LongText(
        code="conditions",
        label=Text(fr="Conditions du permis", en="Conditions of the permit"),
        help=Text(
            fr="Écrivez une condition par ligne. Elles figureront sur le permis.",
            en="Write one condition per line. They will appear on the permit.",
        ),
        required=False,
        max_length=4000,
    ),
    words_told(Text(fr="Message à la personne", en="Message to the requester")),
)

REFUSAL: Form = step_form(
    Text(fr="Refus", en="Refusal"),
    SeveralOf(
        code="grounds",
        label=Text(fr="Motifs", en="Reasons"),
        least=1,
        options=(
            Option(code="use", label=Text(fr="Usage non permis dans la zone", en="Use not allowed in the zone")),
            Option(code="setbacks", label=Text(fr="Marges ou implantation", en="Setbacks or location")),
            Option(code="height", label=Text(fr="Hauteur ou nombre d’étages", en="Height or number of storeys")),
            Option(code="coverage", label=Text(fr="Taux d’implantation ou densité", en="Lot coverage or density")),
            Option(code="heritage", label=Text(fr="PIIA ou patrimoine", en="Site planning (PIIA) or heritage")),
            Option(code="safety", label=Text(fr="Sécurité", en="Safety")),
            Option(code="incomplete", label=Text(fr="Dossier incomplet", en="Incomplete file")),
        ),
    ),
    words_told(
        Text(fr="Explication et recours", en="Explanation and how to contest the decision"),
        required=True,
        example=Text(
            fr="La marge arrière est de 4 m et le règlement exige 6 m. Vous pouvez demander une dérogation mineure.",
            en="The rear setback is 4 m and the by-law requires 6 m. You may apply for a minor exemption.",
        ),
    ),
)

START: Form = step_form(
    Text(fr="Début des travaux", en="Start of the work"),
    Date(
        code="started_on",
        label=Text(fr="Date du début des travaux", en="Date the work begins"),
        earliest=-30,
        latest=60,
    ),
)

RENEWAL: Form = step_form(
    Text(fr="Renouvellement", en="Renewal"),
    YesNo(
        code="works_begun",
        label=Text(fr="Les travaux sont-ils commencés?", en="Has the work begun?"),
        help=Text(
            fr="Les travaux qui ne sont pas commencés sont examinés de nouveau selon le règlement en vigueur.",
            en="Work that has not begun is reviewed again under the current by-law.",
        ),
        required=False,
    ),
)
"""What a renewal costs depends on it."""

WITHDRAWAL: Form = step_form(
    Text(fr="Retrait", en="Withdrawal"),
    LongText(
        code="reason",
        label=Text(fr="Raison du retrait", en="Reason for the withdrawal"),
        help=Text(
            fr="Par exemple\u00a0: le projet est reporté.",
            en="For example: the project is postponed.",
        ),
        required=False,
        max_length=1000,
        rows=3,
    ),
)


def new_last_day(code: str) -> Form:
    """Until when a permit that was for certain days is renewed; the answer takes the place of the one in the form."""
    return step_form(
        Text(fr="Renouvellement", en="Renewal"),
        Date(
            code=code,
            label=Text(fr="Nouveau dernier jour", en="New last day"),
            earliest=0,
            checks=not_before(code, "starts_on"),
        ),
        words_told(Text(fr="Message à la personne", en="Message to the requester")),
    )
