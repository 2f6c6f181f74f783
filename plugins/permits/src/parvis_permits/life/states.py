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
            fr="Votre demande est reçue. Ne commencez rien avant d’avoir reçu le permis.",
            en="We have received your application. Do not start anything before you have the permit.",
        ),
    ),
    State(
        code="completeness",
        title=Text(fr="Vérification du dossier", en="Application being checked"),
        phase=Phase.IN_PROGRESS,
        story=Text(fr="Nous vérifions que le dossier est complet.", en="We are checking that it is complete."),
    ),
    State(
        code="incomplete",
        title=Text(fr="Complément demandé", en="Information requested"),
        phase=Phase.WAITING_FOR_YOU,
        story=Text(
            fr="Il manque un renseignement ou un document. Nous poursuivrons l’étude dès que vous aurez répondu.",
            en="Information or a document is missing. We will continue our review as soon as you answer.",
        ),
    ),
    State(
        code="review",
        title=Text(fr="À l’étude", en="Under review"),
        phase=Phase.IN_PROGRESS,
        story=Text(
            fr="Le dossier est complet. Les services concernés l’étudient.",
            en="Your application is complete. The departments concerned are reviewing it.",
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
        fr="Votre demande est approuvée. Le permis sera délivré dès que les droits seront payés.",
        en="Your application is approved. The permit will be issued as soon as the fees are paid.",
    ),
    timers=(Timer(transition="lapse", days=DAYS_TO_PAY),),
)

APPROVED_FREE = structs.replace(
    APPROVED,
    phase=Phase.DECIDED,
    story=Text(
        fr="Votre demande est approuvée. Le permis sera délivré bientôt.",
        en="Your application is approved. The permit will be issued soon.",
    ),
    timers=(),
)

ISSUED = State(
    code="issued",
    title=Text(fr="Permis délivré", en="Permit issued"),
    phase=Phase.DECIDED,
    story=Text(
        fr="Le permis est délivré. Le document indique ses conditions et sa durée de validité.",
        en="The permit is issued. The document states its conditions and how long it is valid.",
    ),
)

WORKS = (
    State(
        code="in_works",
        title=Text(fr="Travaux en cours", en="Work under way"),
        phase=Phase.DECIDED,
        story=Text(
            fr="Les travaux sont commencés. Une inspectrice ou un inspecteur passe aux étapes prévues.",
            en="The work has begun. An inspector visits at the planned stages.",
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
        fr="Le permis est suspendu. Arrêtez toute activité qu’il autorise jusqu’à ce qu’il soit rétabli.",
        en="The permit is suspended. Stop everything that it authorizes until it is reinstated.",
    ),
    brings=("validity.permit.suspended",),
)

UNINSURED = structs.replace(
    SUSPENDED,
    code="uninsured",
    title=Text(fr="Permis suspendu faute d’assurance", en="Permit suspended for lack of insurance"),
    story=Text(
        fr="Le permis est suspendu faute d’assurance valide. Il sera rétabli dès qu’une nouvelle "
        "attestation sera acceptée.",
        en="The permit is suspended for lack of valid insurance. It will be reinstated once a new "
        "certificate is accepted.",
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
        fr="Le renouvellement est demandé. Le permis sera prolongé dès que les droits seront payés.",
        en="The renewal has been requested. The permit will be extended as soon as the fees are paid.",
    ),
    brings=("validity.permit.renewing", "fee.renewal.due"),
)

UNPAID = State(
    code="unpaid",
    title=Text(fr="Fermée, droits impayés", en="Closed, fees unpaid"),
    phase=Phase.CLOSED,
    story=Text(
        fr="Les droits n’ont pas été payés et la demande a été fermée. Vous pouvez encore la reprendre et payer.",
        en="The fees were not paid and the application was closed. You can still resume it and pay.",
    ),
)

ENDS = (
    State(
        code="refused",
        title=Text(fr="Refusée", en="Refused"),
        phase=Phase.DECIDED,
        story=Text(
            fr="La demande est refusée. Les motifs et l’explication de la décision sont dans l’historique.",
            en="The application is refused. The reasons and the explanation of the decision are in the history.",
        ),
        timers=(Timer(transition="close", days=DAYS_TO_OBJECT),),
    ),
    State(
        code="revoked",
        title=Text(fr="Permis révoqué", en="Permit revoked"),
        phase=Phase.CLOSED,
        story=Text(
            fr="Le permis est révoqué. Les motifs sont dans l’historique.",
            en="The permit is revoked. The reasons are in the history.",
        ),
        brings=("validity.permit.revoked",),
    ),
    State(
        code="abandoned",
        title=Text(fr="Abandonnée", en="Abandoned"),
        phase=Phase.CLOSED,
        story=Text(
            fr="Faute de réponse de votre part, la demande a été fermée. Vous pouvez encore la reprendre.",
            en="The application was closed because we did not receive your answer. You can still resume it.",
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
