"""Where an application for a permit may stand, whatever the permit, with the sentence that tells the applicant so."""

from msgspec import structs

from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer

DAYS_TO_PAY = 60
DAYS_TO_OBJECT = 30

STUDY = (
    State(
        code="received",
        title=Text(fr="Reçue", en="Received"),
        phase=Phase.RECEIVED,
        story=Text(
            fr="Votre demande est reçue. Ne commencez rien avant d’avoir le permis.",
            en="We have received your application. Do not begin anything before you have the permit.",
        ),
    ),
    State(
        code="completeness",
        title=Text(fr="Vérification du dossier", en="Checking the file"),
        phase=Phase.IN_PROGRESS,
        story=Text(fr="Nous vérifions que le dossier est complet.", en="We are checking that the file is complete."),
    ),
    State(
        code="incomplete",
        title=Text(fr="Complément demandé", en="Supplement asked for"),
        phase=Phase.WAITING_FOR_YOU,
        story=Text(
            fr="Il manque quelque chose au dossier. Le délai reprend dès que vous répondez.",
            en="Something is missing from the file. The clock starts again as soon as you answer.",
        ),
    ),
    State(
        code="review",
        title=Text(fr="À l’étude", en="Under review"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="Le dossier est complet. Les services concernés l’étudient.",
            en="The file is complete. The services concerned are reviewing it.",
        ),
    ),
    State(
        code="decision_due",
        title=Text(fr="Décision à rendre", en="Decision due"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="L’étude est terminée. La décision sera rendue bientôt.",
            en="The review is over. The decision will be made soon.",
        ),
    ),
)

APPROVED = State(
    code="approved",
    title=Text(fr="Approuvée, à délivrer", en="Approved, to be issued"),
    phase=Phase.WAITING_FOR_YOU,
    story=Text(
        fr="Votre demande est approuvée. Le permis est délivré dès que les droits sont payés.",
        en="Your application is approved. The permit is issued as soon as the fees are paid.",
    ),
    timers=(Timer(transition="lapse", days=DAYS_TO_PAY),),
)

APPROVED_FREE = structs.replace(
    APPROVED,
    phase=Phase.DECIDED,
    story=Text(
        fr="Votre demande est approuvée. Le permis suit.", en="Your application is approved. The permit will follow."
    ),
    timers=(),
)

ISSUED = State(
    code="issued",
    title=Text(fr="Permis délivré", en="Permit issued"),
    phase=Phase.DECIDED,
    story=Text(
        fr="Le permis est délivré. Il est dans votre dossier, avec ses conditions et sa durée.",
        en="The permit is issued. It is in your file, with its conditions and how long it holds.",
    ),
)

WORKS = (
    State(
        code="in_works",
        title=Text(fr="Travaux en cours", en="Work under way"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Les travaux sont commencés. Un inspecteur passe aux étapes prévues.",
            en="The work has begun. An inspector comes at the planned stages.",
        ),
    ),
    State(
        code="compliant",
        title=Text(fr="Travaux conformes", en="Work compliant"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Les travaux sont terminés et conformes au permis.", en="The work is done and complies with the permit."
        ),
        timers=(Timer(transition="close", days=DAYS_TO_OBJECT),),
    ),
)

SUSPENDED = State(
    code="suspended",
    title=Text(fr="Permis suspendu", en="Permit suspended"),
    phase=Phase.WAITING_FOR_YOU,
    story=Text(
        fr="Le permis est suspendu. Rien ne peut se faire avant qu’il soit rétabli.",
        en="The permit is suspended. Nothing may be done until it is restored.",
    ),
    brings=("validity.permit.suspended",),
)

UNINSURED = structs.replace(
    SUSPENDED,
    code="uninsured",
    title=Text(fr="Permis suspendu, sans assurance", en="Permit suspended, no insurance"),
    story=Text(
        fr="Le permis est suspendu faute d’assurance valide. Il est rétabli dès qu’une nouvelle est acceptée.",
        en="The permit is suspended for lack of valid insurance. It is restored once a new one is accepted.",
    ),
)

EXPIRED = State(
    code="expired",
    title=Text(fr="Permis échu", en="Permit expired"),
    phase=Phase.DECIDED,
    story=Text(fr="Le permis est échu.", en="The permit has expired."),
    timers=(Timer(transition="close", days=DAYS_TO_OBJECT),),
)

EXPIRED_RENEWABLE = structs.replace(
    EXPIRED,
    story=Text(
        fr="Le permis est échu. Il peut encore être renouvelé.", en="The permit has expired. It can still be renewed."
    ),
)

RENEWING = State(
    code="renewing",
    title=Text(fr="Renouvellement à payer", en="Renewal to be paid"),
    phase=Phase.WAITING_FOR_YOU,
    story=Text(
        fr="Le renouvellement est demandé. Le permis est prolongé dès que les droits sont payés.",
        en="The renewal is asked for. The permit is extended as soon as the fees are paid.",
    ),
    brings=("validity.permit.renewing", "fee.renewal.due"),
)

UNPAID = State(
    code="unpaid",
    title=Text(fr="Fermée, droits impayés", en="Closed, fees unpaid"),
    phase=Phase.CLOSED,
    story=Text(
        fr="Les droits n’ont pas été payés et la demande a été fermée. Vous pouvez encore la reprendre et payer.",
        en="The fees were not paid and the application was closed. You can still take it up again and pay.",
    ),
)

ENDS = (
    State(
        code="refused",
        title=Text(fr="Refusée", en="Refused"),
        phase=Phase.DECIDED,
        story=Text(
            fr="La demande est refusée. Les motifs et vos recours sont dans l’historique.",
            en="The application is refused. The grounds and your remedies are in the history.",
        ),
        timers=(Timer(transition="close", days=DAYS_TO_OBJECT),),
    ),
    State(
        code="revoked",
        title=Text(fr="Permis révoqué", en="Permit revoked"),
        phase=Phase.CLOSED,
        story=Text(
            fr="Le permis est révoqué. Les motifs sont dans l’historique.",
            en="The permit is revoked. The grounds are in the history.",
        ),
        brings=("validity.permit.revoked",),
    ),
    State(
        code="abandoned",
        title=Text(fr="Abandonnée", en="Abandoned"),
        phase=Phase.CLOSED,
        story=Text(
            fr="Sans réponse de votre part, la demande a été fermée. Vous pouvez encore la reprendre.",
            en="Without an answer from you, the application was closed. You can still take it up again.",
        ),
    ),
    State(
        code="withdrawn",
        title=Text(fr="Retirée", en="Withdrawn"),
        phase=Phase.CLOSED,
        story=Text(fr="Vous avez retiré cette demande.", en="You withdrew this application."),
    ),
    State(code="closed", title=Text(fr="Fermée", en="Closed"), phase=Phase.CLOSED),
)
