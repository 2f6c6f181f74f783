"""Where an application for felling a tree may stand, with the sentence that tells the applicant so."""

from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer

DAYS_TO_ANSWER = 30
DAYS_TO_OBJECT = 30
DAYS_TO_FELL = 180

STUDY = (
    State(
        code="received",
        title=Text(fr="Reçue", en="Received"),
        phase=Phase.RECEIVED,
        story=Text(
            fr="Votre demande est reçue. N’abattez pas l’arbre avant d’avoir le certificat.",
            en="We have received your application. Do not fell the tree before you have the certificate.",
        ),
        brings=("fee.study.due",),
    ),
    State(
        code="review",
        title=Text(fr="À l’étude", en="Under review"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="L’équipe des permis vérifie que le dossier est complet et étudie votre demande.",
            en="The permits team is checking that the file is complete and reviewing your application.",
        ),
    ),
    State(
        code="site_visit",
        title=Text(fr="Visite prévue", en="Visit planned"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="Une inspectrice ou un inspecteur passera examiner l’arbre. La date est dans l’historique.",
            en="An inspector will come to examine the tree. The date is in the history.",
        ),
    ),
    State(
        code="waiting",
        title=Text(fr="En attente d’un complément", en="Waiting for details"),
        phase=Phase.WAITING_FOR_YOU,
        story=Text(
            fr="Il manque quelque chose au dossier. Le délai reprendra dès que vous répondrez.",
            en="Something is missing from the file. The response time resumes as soon as you answer.",
        ),
        timers=(Timer(transition="close_unanswered", days=DAYS_TO_ANSWER),),
    ),
)

DECISIONS = (
    State(
        code="granted",
        title=Text(fr="Accordée avec condition", en="Granted with a condition"),
        phase=Phase.DECIDED,
        story=Text(
            fr=(
                "Le certificat est accordé. Vous pouvez abattre l’arbre, puis en planter un autre avant la date "
                "indiquée, et nous envoyer une photo."
            ),
            en=(
                "The certificate is granted. You may fell the tree, then plant another before the date given, and "
                "send us a photo."
            ),
        ),
    ),
    State(
        code="granted_outright",
        title=Text(fr="Accordée sans condition", en="Granted without a condition"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Le certificat est accordé. Aucun arbre de remplacement n’est exigé.",
            en="The certificate is granted. No replacement tree is required.",
        ),
        timers=(Timer(transition="close", days=DAYS_TO_FELL),),
    ),
    State(
        code="refused",
        title=Text(fr="Refusée", en="Refused"),
        phase=Phase.DECIDED,
        story=Text(
            fr=(
                "La demande est refusée. Les motifs et l’explication de la décision sont dans l’historique. "
                "L’arbre ne peut pas être abattu."
            ),
            en=(
                "The application is refused. The reasons and the explanation of the decision are in the history. "
                "The tree may not be felled."
            ),
        ),
        timers=(Timer(transition="close", days=DAYS_TO_OBJECT),),
    ),
)

OFFENCE = (
    State(
        code="offence",
        title=Text(fr="Infraction constatée", en="Offence found"),
        phase=Phase.DECIDED,
        story=Text(
            fr="L’arbre de remplacement n’a pas été planté, ce qui contrevient à la condition du certificat.",
            en="The replacement tree was not planted, which breaches the condition of the certificate.",
        ),
    ),
)

ENDS = (
    State(
        code="closed",
        title=Text(fr="Fermée", en="Closed"),
        phase=Phase.CLOSED,
        story=Text(fr="Le dossier est complet et fermé.", en="The file is complete and closed."),
    ),
    State(
        code="unanswered",
        title=Text(fr="Fermée sans réponse", en="Closed without an answer"),
        phase=Phase.CLOSED,
        story=Text(
            fr="Nous n’avons pas reçu le complément demandé et la demande est fermée. Une réponse "
            "suffit pour la rouvrir.",
            en="We did not receive what we asked for and the application is closed. Your answer will reopen it.",
        ),
    ),
    State(
        code="withdrawn",
        title=Text(fr="Retirée", en="Withdrawn"),
        phase=Phase.CLOSED,
        story=Text(
            fr="La demande a été retirée. L’arbre ne peut pas être abattu.",
            en="The application was withdrawn. The tree may not be felled.",
        ),
    ),
)
