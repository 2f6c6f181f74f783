"""What each move of a complaint asks of the person who makes it.

The words told to the requester are always the question `reason`. What concerns another person, such as a ticket, is
only asked by moves that the requester is not told of.
"""

from functools import partial

from parvis_complaints.privacy import STORY
from parvis_sdk.decisions import step_form, words_told
from parvis_sdk.fields import Date, File, LongText, Number, OneOf, Option, Photo, ShortText
from parvis_sdk.text import Text

words = partial(
    words_told,
    help=Text(
        fr="La personne qui a porté plainte lira ce texte. N’y écrivez rien sur la personne visée.",
        en="The person who complained will read this text. Do not write anything about the person concerned.",
    ),
)

LETTER = step_form(
    Text(fr="Première lettre", en="First letter"),
    Date(code="sent_on", label=Text(fr="Envoyée le", en="Sent on"), earliest=-30, latest=0),
    words(Text(fr="Message à la personne", en="Message to the requester")),
)

VISIT = step_form(
    Text(fr="Constats de la visite", en="Findings of the visit"),
    Date(code="visited_on", label=Text(fr="Date de la visite", en="Date of the visit"), earliest=-60, latest=0),
    OneOf(
        code="finding",
        label=Text(fr="Qu’avez-vous constaté?", en="What did you find?"),
        options=(
            Option(code="confirmed", label=Text(fr="Le problème est constaté", en="The problem is confirmed")),
            Option(
                code="not_seen", label=Text(fr="Rien à signaler pendant la visite", en="Nothing found during the visit")
            ),
            Option(
                code="no_access",
                label=Text(fr="Accès impossible, ou personne sur place", en="No access, or nobody on site"),
            ),
        ),
    ),
    Number(
        code="level_db",
        label=Text(fr="Niveau mesuré", en="Level measured"),
        required=False,
        least=0,
        most=160,
        decimals=1,
        unit=Text(fr="dBA", en="dBA"),
    ),
    ShortText(
        code="ticket",
        label=Text(fr="Numéro du constat d’infraction", en="Number of the statement of offence"),
        required=False,
        max_length=40,
        privacy=STORY,
    ),
    LongText(
        code="findings",
        label=Text(fr="Notes d’inspection", en="Inspection notes"),
        required=False,
        max_length=4000,
        privacy=STORY,
    ),
    File(code="evidence", label=Text(fr="Photos, relevé ou rapport", en="Photos, readings or report"), required=False),
)

CONCLUSION = step_form(
    Text(fr="Conclusion", en="Conclusion"),
    words(Text(fr="Conclusion et explication", en="Conclusion and explanation"), required=True),
)

WORD = step_form(
    Text(fr="Message à la personne", en="Message to the requester"),
    words(Text(fr="Message à la personne", en="Message to the requester")),
)

QUESTION = step_form(
    Text(fr="Question à la personne", en="Question to the requester"),
    words(
        Text(fr="Que voulez-vous savoir?", en="What do you want to know?"),
        required=True,
        example=Text(
            fr="Le bruit vient-il du 2ᵉ ou du 3ᵉ étage?", en="Does the noise come from the 2nd or the 3rd floor?"
        ),
    ),
)

# The words may also have come as a message on the tracking page, hence nothing here is demanded.
ANSWER = step_form(
    Text(fr="Votre réponse", en="Your answer"),
    LongText(
        code="reason",
        label=Text(fr="Votre réponse", en="Your answer"),
        required=False,
        max_length=4000,
        privacy=STORY,
    ),
    Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False, most=5),
)

WITHDRAWAL = step_form(
    Text(fr="Retrait", en="Withdrawal"),
    LongText(
        code="reason",
        label=Text(fr="Raison du retrait", en="Reason for the withdrawal"),
        help=Text(
            fr="Par exemple : nous nous sommes entendus.",
            en="For example: we came to an understanding.",
        ),
        required=False,
        max_length=1000,
        rows=3,
        privacy=STORY,
    ),
)

OWNER = step_form(
    Text(fr="Organisme responsable", en="Responsible organization"),
    ShortText(
        code="owner",
        label=Text(fr="Nom de l’organisme", en="Name of the organization"),
        example=Text(fr="Service de police", en="Police department"),
        max_length=160,
    ),
    ShortText(
        code="owner_link",
        label=Text(fr="Adresse web", en="Web address"),
        example=Text(fr="https://www.exemple.ca/plaintes", en="https://www.example.ca/complaints"),
        pattern=r"https?://\S{3,180}",
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

CONTRACTOR = step_form(
    Text(fr="Organisme mandaté", en="Authorized organization"),
    ShortText(code="contractor", label=Text(fr="Nom de l’organisme", en="Name of the organization"), max_length=120),
    words(Text(fr="Message à la personne", en="Message to the requester")),
)

NOT_FIXED = step_form(
    Text(fr="Ce qui continue", en="What is still going on"),
    LongText(
        code="reason",
        label=Text(fr="Qu’est-ce qui continue ou recommence?", en="What is still going on, or has started again?"),
        help=Text(fr="Dites quand, si vous le savez.", en="Say when, if you know."),
        required=False,
        max_length=2000,
        rows=4,
        privacy=STORY,
    ),
)

REOPENING = step_form(
    Text(fr="Réouverture", en="Reopening"),
    words(Text(fr="Raison de la réouverture", en="Reason for reopening"), required=True),
)

MEASURES = step_form(
    Text(fr="Conclusion", en="Conclusion"),
    words(Text(fr="Conclusion et explication", en="Conclusion and explanation"), required=True),
    LongText(
        code="measures",
        label=Text(fr="Ce que la Ville change ou corrige", en="What the town changes or corrects"),
        required=False,
        max_length=2000,
        rows=3,
    ),
)

REVIEW = step_form(
    Text(fr="Demande de révision", en="Request for review"),
    LongText(
        code="reason",
        label=Text(fr="Pourquoi demandez-vous une révision?", en="Why do you ask for a review?"),
        help=Text(
            fr="Un fait nouveau, un document, ou un point auquel la réponse ne répond pas.",
            en="New information, a document, or a point that the answer does not address.",
        ),
        max_length=4000,
        privacy=STORY,
    ),
    File(code="evidence", label=Text(fr="Documents", en="Documents"), required=False),
)

FINAL = step_form(
    Text(fr="Conclusion finale", en="Final conclusion"),
    OneOf(
        code="outcome",
        label=Text(fr="Conclusion", en="Conclusion"),
        options=(
            Option(code="upheld", label=Text(fr="Conclusion maintenue", en="Conclusion upheld")),
            Option(code="changed", label=Text(fr="Conclusion modifiée en partie", en="Conclusion changed in part")),
            Option(code="reversed", label=Text(fr="Conclusion renversée", en="Conclusion reversed")),
        ),
    ),
    words(Text(fr="Explication", en="Explanation"), required=True),
)
