"""What each move of an application for felling asks of the person who makes it."""

from parvis_permits.privacy import PROPERTY
from parvis_sdk.conditions import NotBefore
from parvis_sdk.decisions import step_form, words_told
from parvis_sdk.fields import Check, Date, File, LongText, Number, OneOf, Option, Photo, SeveralOf, ShortText
from parvis_sdk.text import Text

QUESTION = step_form(
    Text(fr="Ce qui manque", en="What is missing"),
    words_told(
        Text(fr="Que faut-il ajouter ou préciser?", en="What must be added or explained?"),
        required=True,
        example=Text(
            fr="Il nous faut une photo du tronc et le rapport d’un arboriculteur.",
            en="We need a photo of the trunk and an arborist’s report.",
        ),
    ),
)

# The words may also have come as a message on the tracking page, hence nothing here is demanded.
ANSWER = step_form(
    Text(fr="Votre réponse", en="Your answer"),
    LongText(code="reason", label=Text(fr="Votre réponse", en="Your answer"), required=False, max_length=4000),
    File(code="documents", label=Text(fr="Documents et photos", en="Documents and photos"), required=False),
)

WITHDRAWAL = step_form(
    Text(fr="Retrait", en="Withdrawal"),
    LongText(
        code="reason",
        label=Text(fr="Raison du retrait", en="Reason for the withdrawal"),
        help=Text(
            fr="Par exemple : je garde l’arbre.",
            en="For example: I am keeping the tree.",
        ),
        required=False,
        max_length=1000,
        rows=3,
    ),
)

VISIT = step_form(
    Text(fr="Visite du terrain", en="Site visit"),
    Date(code="visit_on", label=Text(fr="Date de la visite", en="Date of the visit"), earliest=0, privacy=PROPERTY),
    words_told(
        Text(fr="Message à la personne", en="Message to the requester"),
        example=Text(fr="Votre présence n’est pas nécessaire.", en="You do not need to be there."),
    ),
)

OPINION = step_form(
    Text(fr="Constats de la visite", en="Findings of the visit"),
    OneOf(
        code="opinion",
        label=Text(fr="Avis", en="Opinion"),
        options=(
            Option(code="fell", label=Text(fr="Abattage justifié", en="Felling justified")),
            Option(code="prune", label=Text(fr="Un élagage suffirait", en="Pruning would be sufficient")),
            Option(code="keep", label=Text(fr="Arbre sain à conserver", en="Healthy tree to be kept")),
        ),
    ),
    LongText(code="findings", label=Text(fr="Notes de la visite", en="Visit notes"), required=False, max_length=4000),
    Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False, most=10),
)

GRANT = step_form(
    Text(fr="Certificat et condition", en="Certificate and condition"),
    Date(
        code="valid_until",
        label=Text(fr="Valide jusqu’au", en="Valid until"),
        help=Text(fr="L’abattage doit être fait avant cette date.", en="The felling must be done before this date."),
        earliest=1,
    ),
    Number(
        code="trees_to_plant",
        label=Text(fr="Nombre d’arbres à planter", en="Number of trees to plant"),
        example=Text(fr="1", en="1"),
        least=1,
        most=200,
    ),
    Date(
        code="plant_before",
        label=Text(fr="À planter au plus tard le", en="To be planted by"),
        earliest=1,
        checks=(
            Check(
                must=NotBefore(field="plant_before", other="valid_until"),
                says=Text(
                    fr="La date limite de plantation ne peut pas précéder la fin du certificat, le {valid_until}.",
                    en="The planting due date cannot be before the end of the certificate, {valid_until}.",
                ),
            ),
        ),
    ),
    words_told(Text(fr="Conditions et précisions", en="Conditions and details")),
)

GRANT_OUTRIGHT = step_form(
    Text(fr="Certificat", en="Certificate"),
    Date(code="valid_until", label=Text(fr="Valide jusqu’au", en="Valid until"), earliest=1),
    words_told(
        Text(fr="Raison pour laquelle aucun remplacement n’est exigé", en="Why no replacement is required"),
        required=True,
        example=Text(fr="Le terrain compte déjà assez d’arbres.", en="There are already enough trees on the property."),
    ),
)

REFUSAL = step_form(
    Text(fr="Refus", en="Refusal"),
    SeveralOf(
        code="grounds",
        label=Text(fr="Motifs", en="Reasons"),
        least=1,
        options=(
            Option(code="healthy", label=Text(fr="L’arbre est sain et sans danger", en="The tree is healthy and safe")),
            Option(
                code="pruning_enough",
                label=Text(fr="Un élagage ou un haubanage suffit", en="Pruning or cabling is sufficient"),
            ),
            Option(
                code="reason_not_allowed",
                label=Text(fr="Motif non prévu au règlement", en="Reason not provided for in the by-law"),
            ),
            Option(code="protected", label=Text(fr="Arbre ou milieu protégé", en="Protected tree or area")),
            Option(
                code="not_owner",
                label=Text(fr="Droit sur l’arbre non démontré", en="Right to the tree not established"),
            ),
            Option(code="incomplete", label=Text(fr="Dossier incomplet", en="Incomplete file")),
        ),
    ),
    words_told(Text(fr="Explication et recours", en="Explanation and how to contest the decision"), required=True),
)

REPLACEMENT = step_form(
    Text(fr="Plantation de remplacement", en="Replacement planting"),
    Date(
        code="planted_on", label=Text(fr="Quand avez-vous planté?", en="When did you plant?"), earliest=-730, latest=0
    ),
    ShortText(
        code="planted_species",
        label=Text(fr="Quelle essence avez-vous plantée?", en="Which species did you plant?"),
        example=Text(fr="Chêne rouge", en="Red oak"),
        max_length=120,
    ),
    Photo(
        code="photos",
        label=Text(fr="Photo de l’arbre planté", en="Photo of the planted tree"),
        help=Text(
            fr="Une photo qui montre l’arbre entier et un repère du terrain, comme la maison.",
            en="A photo that shows the whole tree and a landmark of the property, such as the house.",
        ),
        least=1,
        most=6,
    ),
    LongText(
        code="reason",
        label=Text(fr="Autres précisions", en="Other details"),
        required=False,
        max_length=1000,
        rows=3,
    ),
)
