"""What the applicant for a permit is told at each move of its life."""

from msgspec import structs

from parvis_permits.life.in_force import during_works
from parvis_permits.messages import FOLLOW, REASON, message
from parvis_sdk.request_types import Message
from parvis_sdk.text import Text


def permit_messages(
    *,
    charged: bool = True,
    insured: bool = False,
    inspected: bool = False,
    renewable: bool = False,
    ruled: bool = False,
) -> tuple[Message, ...]:
    """The messages of one permit; with `charged` also those about its fees, with `insured` about its insurance, with
    `inspected` about works, with `renewable` about its renewal, with `ruled` about what rules ask for."""
    approval = CHARGED if charged else FREE
    using = (*SUSPENSION, *(INSURANCE if insured else ()), *(RENEWAL if renewable else TAKEN_UP))
    if inspected:
        using = (*WORKS, *using, *(structs.replace(each, on=during_works(each.on)) for each in using))
    asking = [structs.replace(each, on="ask_by_rule") for each in STUDY if ruled and each.on == "need_information"]
    return (*STUDY, *asking, *approval, *DECISIONS, *using)


STUDY = (
    message(
        "submitted",
        "reçue",
        "received",
        Text(
            fr="Votre demande est reçue ({type}). Elle porte le numéro {reference}.",
            en="We have received your application ({type}). Its number is {reference}.",
        ),
        Text(
            fr="Nous vérifions d’abord que le dossier est complet. Ne commencez rien avant d’avoir reçu le permis.",
            en="We first check that your application is complete. Do not start anything before you have the permit.",
        ),
        FOLLOW,
    ),
    message(
        "accept",
        "dossier complet",
        "complete",
        Text(
            fr="Votre dossier est complet et nous commençons l’étude de votre demande. Décision "
            "promise au plus tard le {promised}.",
            en="Your application is complete and we are starting our review. Decision promised by {promised}.",
        ),
        FOLLOW,
    ),
    message(
        "need_information",
        "renseignements ou documents à fournir",
        "information or documents needed",
        Text(fr="Pour continuer, nous avons besoin de ce qui suit\u00a0:", en="To continue, we need the following:"),
        REASON,
        Text(
            fr="Pour répondre\u00a0: {link}\nNous poursuivrons l’étude dès que vous aurez répondu.",
            en="To answer: {link}\nWe will continue our review as soon as you answer.",
        ),
    ),
    message(
        "answer",
        "complément d’information reçu",
        "additional information received",
        Text(
            fr="Nous avons reçu votre complément d’information et reprenons la vérification de votre demande.",
            en="We have received your additional information and are checking your application again.",
        ),
    ),
    message(
        "withdraw",
        "retirée",
        "withdrawn",
        Text(
            fr="Votre demande est retirée, comme vous l’avez demandé.",
            en="Your application is withdrawn, as you asked.",
        ),
    ),
    message(
        "abandon",
        "fermée sans réponse",
        "closed without an answer",
        Text(
            fr="Nous n’avons pas reçu ce que nous attendions et avons fermé la demande. Vous "
            "pouvez encore la reprendre\u00a0: {link}",
            en="We did not receive what we were waiting for and have closed the application. You "
            "can still resume it: {link}",
        ),
    ),
    message(
        "reopen",
        "étude rouverte",
        "review reopened",
        Text(fr="Nous reprenons l’étude de votre demande.", en="We are reviewing your application again."),
        REASON,
    ),
)

CHARGED = (
    message(
        "approve",
        "approuvée",
        "approved",
        Text(
            fr="Votre demande est approuvée. Le permis sera délivré dès que les droits seront payés.",
            en="Your application is approved. The permit will be issued as soon as the fees are paid.",
        ),
        REASON,
        FOLLOW,
    ),
    message(
        "lapse",
        "fermée, droits impayés",
        "closed, fees unpaid",
        Text(
            fr="Les droits n’ont pas été payés et nous avons fermé la demande. Vous pouvez encore la reprendre et "
            "payer\u00a0: {link}",
            en="The fees were not paid and we have closed the application. You can still resume it and pay: {link}",
        ),
    ),
    message(
        "pay_after_all",
        "reprise, droits à payer",
        "resumed, fees to be paid",
        Text(
            fr="Nous reprenons votre demande. Le permis sera délivré dès que les droits seront payés\u00a0: {link}",
            en="Your application has been resumed. The permit will be issued as soon as the fees are paid: {link}",
        ),
    ),
)

FREE = (
    message(
        "approve",
        "approuvée",
        "approved",
        Text(
            fr="Votre demande est approuvée. Le permis sera délivré bientôt.",
            en="Your application is approved. The permit will be issued soon.",
        ),
        REASON,
        FOLLOW,
    ),
)

DECISIONS = (
    message(
        "issue",
        "permis délivré",
        "permit issued",
        Text(
            fr="Votre permis est délivré. Il porte le numéro {document_number}. Téléchargez-le et gardez-le sur place.",
            en="Your permit is issued. Its number is {document_number}. Download it and keep it on site.",
        ),
        FOLLOW,
    ),
    message(
        "refuse",
        "refusée",
        "refused",
        Text(
            fr="Votre demande est refusée. Motifs\u00a0: {grounds}.",
            en="Your application is refused. Reasons: {grounds}.",
        ),
        REASON,
        FOLLOW,
    ),
    message(
        "revoke",
        "permis révoqué",
        "permit revoked",
        Text(fr="Votre permis est révoqué.", en="Your permit is revoked."),
        REASON,
        FOLLOW,
    ),
)

SUSPENSION = (
    message(
        "suspend",
        "permis suspendu",
        "permit suspended",
        Text(
            fr="Votre permis est suspendu. Arrêtez toute activité qu’il autorise jusqu’à ce qu’il soit rétabli.",
            en="Your permit is suspended. Stop everything that it authorizes until it is reinstated.",
        ),
        REASON,
        FOLLOW,
    ),
    message(
        "restore",
        "permis rétabli",
        "permit restored",
        Text(fr="Votre permis est de nouveau en vigueur.", en="Your permit is in force again."),
        REASON,
        FOLLOW,
    ),
)

INSURANCE = (
    message(
        "suspend_uninsured",
        "permis suspendu",
        "permit suspended",
        Text(
            fr="Votre permis est suspendu, car l’assurance n’est plus valide. Arrêtez toute "
            "activité jusqu’à ce qu’une nouvelle attestation soit acceptée. Envoyez-la "
            "ici\u00a0: {link}",
            en="Your permit is suspended because the insurance is no longer valid. Stop all "
            "activity until a new certificate is accepted. Send it here: {link}",
        ),
    ),
    message(
        "restore_insured",
        "permis rétabli",
        "permit restored",
        Text(fr="Votre permis est de nouveau en vigueur.", en="Your permit is in force again."),
        REASON,
        FOLLOW,
    ),
)

TAKEN_UP = (
    message(
        "expire",
        "permis échu",
        "permit expired",
        Text(fr="Votre permis est échu.", en="Your permit has expired."),
        FOLLOW,
    ),
    message(
        "renew",
        "permis renouvelé",
        "permit renewed",
        Text(fr="Votre permis est renouvelé jusqu’au {until}.", en="Your permit is renewed until {until}."),
        FOLLOW,
    ),
)

RENEWAL = (
    message(
        "expire",
        "permis échu",
        "permit expired",
        Text(
            fr="Votre permis est échu. Il peut encore être renouvelé\u00a0: {link}",
            en="Your permit has expired. It can still be renewed: {link}",
        ),
    ),
    message(
        "renew",
        "renouvellement demandé",
        "renewal requested",
        Text(
            fr="Nous avons reçu votre demande de renouvellement. Des droits de {amount} sont à payer\u00a0: {link}",
            en="We have received your renewal request. A fee of {amount} is to be paid: {link}",
        ),
    ),
    message(
        "drop_renewal",
        "renouvellement annulé",
        "renewal cancelled",
        Text(
            fr="Le renouvellement est annulé et ses droits ne sont plus à payer. L’échéance du permis reste la même.",
            en="The renewal is cancelled and its fee is no longer to be paid. The permit still "
            "expires on the same date.",
        ),
        FOLLOW,
    ),
    message(
        "prolong",
        "permis prolongé",
        "permit extended",
        Text(
            fr="Votre permis est prolongé jusqu’au {until}.",
            en="Your permit is extended until {until}.",
        ),
        FOLLOW,
    ),
)

WORKS = (
    message(
        "start_works",
        "début des travaux noté",
        "start of work noted",
        Text(
            fr="Nous avons noté le début des travaux. Une inspectrice ou un inspecteur passera aux étapes prévues.",
            en="We have noted the start of the work. An inspector will come at the planned stages.",
        ),
    ),
    message(
        "conform",
        "travaux conformes",
        "work compliant",
        Text(
            fr="Les travaux sont conformes au permis. Le dossier sera bientôt fermé.",
            en="The work complies with the permit. The file will be closed soon.",
        ),
    ),
)
