"""What an applicant for felling a tree is told, step by step."""

from parvis_permits.messages import FOLLOW, REASON, message
from parvis_sdk.text import Text

STUDY = (
    message(
        "submitted",
        "reçue",
        "received",
        Text(
            fr="Votre demande de certificat d’abattage est reçue. Elle porte le numéro {reference}.",
            en="We have received your application for a felling certificate. Its number is {reference}.",
        ),
        Text(
            fr=(
                "Décision promise au plus tard le {promised}, si le dossier est complet. N’abattez "
                "pas l’arbre avant d’avoir le certificat\u00a0: vous pourriez recevoir une amende."
            ),
            en=(
                "Decision promised by {promised}, if the file is complete. Do not fell the tree "
                "before you have the certificate: you could be fined."
            ),
        ),
        Text(
            fr="Pour la suivre, ajouter un document ou la retirer : {link}",
            en="To follow it, add a document or withdraw it: {link}",
        ),
    ),
    message(
        "start_review",
        "à l’étude",
        "under review",
        Text(fr="L’étude de votre demande est commencée.", en="The review of your application has begun."),
    ),
    message(
        "plan_visit",
        "visite prévue",
        "visit planned",
        Text(
            fr="Une inspectrice ou un inspecteur passera bientôt examiner l’arbre. La date est sur la page de votre "
            "demande.",
            en="An inspector will come soon to examine the tree. The date is on the page of your application.",
        ),
        REASON,
        FOLLOW,
    ),
    message(
        "need_information",
        "renseignements ou documents à fournir",
        "information or documents needed",
        Text(fr="Pour continuer, nous avons besoin de ce qui suit\u00a0:", en="To continue, we need the following:"),
        REASON,
        Text(
            fr=(
                "Pour répondre\u00a0: {link}\nLe délai est suspendu jusqu’à votre réponse. Sans réponse "
                "dans les trente jours, la demande sera fermée."
            ),
            en=(
                "To answer: {link}\nThe response time is paused until you answer. Without an "
                "answer within thirty days, the application will be closed."
            ),
        ),
    ),
    message(
        "answer",
        "complément d’information reçu",
        "additional information received",
        Text(
            fr="Nous avons reçu votre réponse et reprenons l’étude. Nouvelle date promise\u00a0: le {promised}.",
            en="We have received your answer and are continuing our review. New promised date: {promised}.",
        ),
    ),
    message(
        "close_unanswered",
        "fermée sans réponse",
        "closed without an answer",
        Text(
            fr=(
                "Nous n’avons pas reçu ce que nous avions demandé et avons fermé la demande. Vous pouvez encore "
                "répondre : {link}"
            ),
            en="We did not receive what we asked for and have closed the application. You can still answer: {link}",
        ),
    ),
    message(
        "withdraw",
        "retirée",
        "withdrawn",
        Text(
            fr="Votre demande est retirée, comme vous l’avez demandé. L’arbre ne peut pas être abattu sans certificat.",
            en="Your application is withdrawn, as you asked. The tree may not be felled without a certificate.",
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

DECISIONS = (
    message(
        "grant",
        "certificat accordé",
        "certificate granted",
        Text(
            fr="Votre certificat d’abattage porte le numéro {document_number}. Il est valide jusqu’au {valid_until}.",
            en="Your felling certificate has the number {document_number}. It is valid until {valid_until}.",
        ),
        Text(
            fr=(
                "Condition : planter des arbres de remplacement (nombre exigé : {trees_to_plant}) d’ici le "
                "{plant_before}, puis nous envoyer une photo."
            ),
            en=(
                "Condition: plant replacement trees (number required: {trees_to_plant}) by {plant_before}, "
                "then send us a photo."
            ),
        ),
        REASON,
        Text(
            fr=(
                "Gardez le certificat sur place pendant l’abattage. Pour le télécharger et "
                "confirmer la plantation\u00a0: {link}"
            ),
            en=("Keep the certificate on site during the felling. To download it and confirm the planting: {link}"),
        ),
    ),
    message(
        "grant_outright",
        "certificat accordé",
        "certificate granted",
        Text(
            fr=(
                "Votre certificat d’abattage porte le numéro {document_number}. Il est valide jusqu’au {valid_until}. "
                "Aucun arbre de remplacement n’est exigé."
            ),
            en=(
                "Your felling certificate has the number {document_number}. It is valid until {valid_until}. No "
                "replacement tree is required."
            ),
        ),
        REASON,
        FOLLOW,
    ),
    message(
        "refuse",
        "refusée",
        "refused",
        Text(
            fr="Votre demande est refusée et l’arbre ne peut pas être abattu. Motifs : {grounds}.",
            en="Your application is refused and the tree may not be felled. Reasons: {grounds}.",
        ),
        REASON,
        FOLLOW,
    ),
)

REPLACEMENT = (
    message(
        "obligation.replacement.due",
        "l’arbre de remplacement est-il planté?",
        "is the replacement tree planted?",
        Text(
            fr=(
                "Nous vous avons accordé un certificat d’abattage, à condition de planter des "
                "arbres de remplacement. Le dernier jour pour planter est le {due}."
            ),
            en=(
                "We granted you a felling certificate on the condition that replacement trees be "
                "planted. The last day to plant is {due}."
            ),
        ),
        Text(
            fr=(
                "Si la plantation est faite, envoyez une photo\u00a0: {link}\nSinon, vous pouvez encore "
                "planter ou nous expliquer le retard."
            ),
            en=(
                "If the planting is done, send a photo: {link}\nIf not, you can still plant or tell us why it is late."
            ),
        ),
    ),
    message(
        "obligation.replacement.overdue",
        "plantation en retard",
        "planting overdue",
        Text(
            fr=(
                "Nous n’avons pas reçu la photo de l’arbre de remplacement, qui est une condition de votre "
                "certificat. Une inspection peut avoir lieu."
            ),
            en=(
                "We have not received the photo of the replacement tree, which is a condition of your certificate. An "
                "inspection may take place."
            ),
        ),
        Text(
            fr="Envoyez la photo ou expliquez-nous le retard\u00a0: {link}",
            en="Send the photo or tell us why it is late: {link}",
        ),
    ),
    message(
        "obligation.replacement.met",
        "plantation confirmée",
        "planting confirmed",
        Text(
            fr="Votre photo est acceptée et la condition de votre certificat est remplie. Merci d’avoir planté.",
            en="Your photo is accepted and the condition of your certificate is met. Thank you for planting.",
        ),
    ),
    message(
        "offence",
        "condition non respectée",
        "condition not met",
        Text(
            fr="La condition de remplacement de votre certificat n’a pas été respectée.",
            en="The replacement condition of your certificate was not met.",
        ),
        REASON,
        FOLLOW,
    ),
)

MESSAGES = (*STUDY, *DECISIONS, *REPLACEMENT)
