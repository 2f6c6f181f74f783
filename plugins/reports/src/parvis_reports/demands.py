"""What each move of a report asks of the person who makes it.

The words that are told to the requester are always the question `reason`.
"""

from functools import partial

from parvis_sdk.decisions import step_form, words_told
from parvis_sdk.fields import PUBLIC, Consent, Date, LongText, OneOf, Option, Photo, ShortText
from parvis_sdk.forms import Form
from parvis_sdk.text import Text

REFERENCE = r"[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]"
WEB_ADDRESS = r"https?://\S{3,180}"


words = partial(words_told, longest=2000)

PLANNED = step_form(
    Text(fr="Date prévue", en="Planned date"),
    Date(code="planned_on", label=Text(fr="Date prévue", en="Planned date"), earliest=0, privacy=PUBLIC),
    words(Text(fr="Message à la personne", en="Message to the requester")),
)

CONTRACTOR = step_form(
    Text(fr="Entrepreneur", en="Contractor"),
    ShortText(
        code="contractor",
        label=Text(fr="Nom de l’entrepreneur ou de l’organisme", en="Name of the contractor or organization"),
        max_length=120,
    ),
)

WORK_ORDER = step_form(
    Text(fr="Bon de travail", en="Work order"),
    ShortText(
        code="work_order",
        label=Text(fr="Numéro du bon de travail", en="Work order number"),
        example=Text(fr="BT-2026-01874", en="BT-2026-01874"),
        required=False,
        max_length=40,
    ),
)

PROOF = step_form(
    Text(fr="Travail accompli", en="Work done"),
    words(
        Text(fr="Ce qui a été fait", en="What was done"),
        example=Text(fr="Trou nettoyé et comblé à l’asphalte chaude.", en="Hole cleaned and filled with hot asphalt."),
    ),
    Photo(
        code="proof",
        label=Text(fr="Photo du résultat", en="Photo of the result"),
        help=Text(
            fr="Sans visage ni plaque d’immatriculation : la photo est montrée sur la page publique.",
            en="Without faces or licence plates: the photo is shown on the public page.",
        ),
        required=False,
        most=3,
        privacy=PUBLIC,
    ),
)

QUESTION = step_form(
    Text(fr="Question à la personne", en="Question to the requester"),
    words(
        Text(fr="Que voulez-vous savoir?", en="What do you want to know?"),
        required=True,
        example=Text(
            fr="Le lampadaire est-il du côté pair ou impair de la rue?",
            en="Is the street light on the even or the odd side of the street?",
        ),
    ),
)

# The words may also have come as a message on the tracking page, hence nothing here is demanded.
ANSWER = step_form(
    Text(fr="Votre réponse", en="Your answer"),
    LongText(code="reason", label=Text(fr="Votre réponse", en="Your answer"), required=False, max_length=4000),
    Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False, most=5),
)

WITHDRAWAL = step_form(
    Text(fr="Retrait", en="Withdrawal"),
    LongText(
        code="reason",
        label=Text(fr="Raison du retrait", en="Reason for the withdrawal"),
        help=Text(fr="Par exemple : c’est déjà réparé.", en="For example: it is already repaired."),
        required=False,
        max_length=1000,
        rows=3,
    ),
)

ORIGINAL = step_form(
    Text(fr="Requête déjà ouverte", en="Request already open"),
    ShortText(
        code="original",
        label=Text(fr="Numéro de la requête déjà ouverte", en="Number of the request already open"),
        example=Text(fr="7K3M-9QXT-4", en="7K3M-9QXT-4"),
        pattern=REFERENCE,
        max_length=11,
    ),
    words(Text(fr="Message à la personne", en="Message to the requester")),
)

OWNER = step_form(
    Text(fr="Organisme responsable", en="Responsible organization"),
    ShortText(
        code="owner",
        label=Text(fr="Nom de l’organisme", en="Name of the organization"),
        example=Text(
            fr="Ministère des Transports et de la Mobilité durable",
            en="Ministère des Transports et de la Mobilité durable",
        ),
        max_length=160,
    ),
    ShortText(
        code="owner_link",
        label=Text(fr="Adresse web pour signaler", en="Web address for reporting"),
        example=Text(fr="https://www.quebec.ca/signaler", en="https://www.quebec.ca/en/report"),
        pattern=WEB_ADDRESS,
        required=False,
    ),
    # No question of kind Phone: a body is often reached by a short number such as 511.
    ShortText(
        code="owner_phone",
        label=Text(fr="Téléphone de l’organisme", en="Phone number of the organization"),
        example=Text(fr="511", en="511"),
        pattern=r"[0-9+][0-9 ().+-]{1,24}[0-9]",
        required=False,
        max_length=26,
    ),
    words(Text(fr="Message à la personne", en="Message to the requester")),
)

NOT_FIXED = step_form(
    Text(fr="Ce qui ne va pas encore", en="What is still wrong"),
    LongText(
        code="reason",
        label=Text(fr="Qu’est-ce qui ne va pas encore?", en="What is still wrong?"),
        help=Text(
            fr="Une phrase aide l’équipe à bien faire cette fois.",
            en="One sentence helps the team get it right this time.",
        ),
        required=False,
        max_length=2000,
        rows=4,
    ),
    Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False, most=5),
    Consent(
        code="may_call",
        label=Text(fr="Être rappelé", en="Being called back"),
        statement=Text(fr="Vous pouvez m’appeler à ce sujet.", en="You may call me about it."),
        required=False,
    ),
)

STILL_THERE = step_form(
    Text(fr="Ce qui est encore là", en="What is still there"),
    LongText(
        code="reason",
        label=Text(fr="Que voyez-vous aujourd’hui?", en="What do you see today?"),
        required=False,
        max_length=2000,
        rows=4,
    ),
    Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False, most=5),
)

REOPENING = step_form(
    Text(fr="Réouverture", en="Reopening"),
    words(Text(fr="Raison de la réouverture", en="Reason for reopening"), required=True),
)

GROUNDS = (
    Option(code="nothing_found", label=Text(fr="Rien à corriger sur place", en="Nothing to correct on site")),
    Option(code="already_done", label=Text(fr="Déjà corrigé", en="Already corrected")),
    Option(
        code="not_enough",
        label=Text(fr="Endroit ou problème impossible à trouver", en="Place or problem could not be found"),
    ),
)


def refusal(grounds: tuple[Option, ...]) -> Form:
    """Why the town does not step in: a ground for the figures, and words for the person."""
    return step_form(
        Text(fr="Raison", en="Reason"),
        OneOf(code="ground", label=Text(fr="Motif", en="Reason"), options=(*grounds, *GROUNDS)),
        words(Text(fr="Explication", en="Explanation"), required=True),
    )
