"""What the person who complained is told, step by step.

Bodies carry no greeting and no signature: the channel adds them in the town's name. None of them names the person
concerned, nor says more than that a message about the complaint has come: others may see the subject on a screen.
"""

from parvis_complaints.inspection import Words
from parvis_sdk.request_types import Message
from parvis_sdk.text import Text

REASON = Text(fr="{reason}", en="{reason}")
LOG = Text(
    fr="Si cela recommence, indiquez-nous le jour et l’heure, sous le même numéro\u00a0: {link}",
    en="If it happens again, tell us the day and the time, under the same number: {link}",
)


def inspection_messages(words: Words, *, received: Text) -> tuple[Message, ...]:
    """All messages of a complaint that an inspector looks into, in its own words."""
    entrusted = (
        _message("entrust", "transmise", "passed on", words.entrusted, REASON) if words.entrusted is not None else None
    )
    return (
        _acknowledgement(received, LOG),
        _message(
            "first_letter",
            "première lettre envoyée",
            "first letter sent",
            words.letter,
            Text(fr="Date d’envoi : {sent_on}", en="Date sent: {sent_on}"),
            REASON,
            LOG,
        ),
        *((entrusted,) if entrusted is not None else ()),
        _message("plan_visit", "visite d’inspection", "inspection visit", words.visit, LOG),
        _message(
            "offence",
            "infraction constatée",
            "offence found",
            Text(
                fr=(
                    "Lors de l’inspection, nous avons constaté une infraction au règlement. La "
                    "Ville prend les mesures prévues. La loi nous interdit de vous dire "
                    "lesquelles, car elles visent une autre personne."
                ),
                en=(
                    "The inspection found a breach of the by-law and the town is taking the "
                    "required measures. The law prevents us from telling you which ones, because "
                    "they concern another person."
                ),
            ),
            REASON,
        ),
        _message(
            "unfounded",
            "conclusion",
            "conclusion",
            Text(
                fr="Nous n’avons pas constaté d’infraction au règlement.",
                en="We did not find a breach of the by-law.",
            ),
            REASON,
            Text(
                fr="Si vous avez un fait nouveau, écrivez-nous\u00a0: {link}",
                en="If you have new information, write to us: {link}",
            ),
        ),
        _message("settle", "situation corrigée", "situation corrected", words.settled, REASON),
        _message(
            "not_fixed",
            "rouverte",
            "reopened",
            Text(
                fr="Merci de nous l’avoir dit. Votre plainte est rouverte sous le même numéro.",
                en="Thank you for telling us. Your complaint is reopened under the same number.",
            ),
        ),
        *conversation(),
    )


def review_messages(*, received: Text) -> tuple[Message, ...]:
    """All messages of a complaint about the town itself."""
    return (
        _acknowledgement(received),
        _message(
            "start_review",
            "à l’examen",
            "under review",
            Text(
                fr=(
                    "Une personne qui n’est pas en cause examine votre plainte. Nous vous répondrons au plus tard le "
                    "{promised}."
                ),
                en=("A person who is not involved is reviewing your complaint. We will answer you by {promised}."),
            ),
        ),
        _message(
            "find_founded",
            "notre réponse",
            "our answer",
            Text(
                fr="Votre plainte est fondée, et nous vous présentons nos excuses.",
                en="Your complaint is founded, and we apologize.",
            ),
            REASON,
            DISAGREE,
        ),
        _message(
            "find_partly_founded",
            "notre réponse",
            "our answer",
            Text(fr="Votre plainte est fondée en partie.", en="Your complaint is founded in part."),
            REASON,
            DISAGREE,
        ),
        _message(
            "find_unfounded",
            "notre réponse",
            "our answer",
            Text(
                fr="Après examen, nous ne pouvons pas conclure que votre plainte est fondée.",
                en="After review, we cannot conclude that your complaint is founded.",
            ),
            REASON,
            DISAGREE,
        ),
        _message(
            "request_review",
            "révision demandée",
            "second review requested",
            Text(
                fr="Nous avons reçu votre demande de révision. Une autre personne, membre de la "
                "direction, reprend l’étude de votre plainte.",
                en=(
                    "We have received your request for review. Another person, from management, is "
                    "reviewing your complaint again."
                ),
            ),
        ),
        _message(
            "conclude",
            "conclusion de la révision",
            "outcome of the second review",
            Text(fr="La révision est terminée : {outcome}.", en="The second review is complete: {outcome}."),
            REASON,
            Text(
                fr=(
                    "Si vous n’êtes pas d’accord, vous pouvez vous adresser au Protecteur du citoyen ou à "
                    "l’ombudsman, s’il est compétent."
                ),
                en=(
                    "If you disagree, you can contact the Protecteur du citoyen or the ombudsman, "
                    "where they have jurisdiction."
                ),
            ),
        ),
        *conversation(),
    )


DISAGREE = Text(
    fr="Pour lire la réponse complète ou demander une révision : {link}",
    en="To read the whole answer or ask for a second review: {link}",
)


def conversation() -> tuple[Message, ...]:
    """The messages that every complaint may bring."""
    return (
        _message(
            "triage",
            "prise en charge",
            "we are handling it",
            Text(
                fr="Votre plainte est recevable et l’équipe concernée s’en occupe.",
                en="We have accepted your complaint, and the team responsible is handling it.",
            ),
        ),
        _message(
            "need_information",
            "une question pour vous",
            "a question for you",
            Text(
                fr="Pour continuer, nous avons besoin d’une précision :",
                en="To continue, we need one more detail:",
            ),
            REASON,
            Text(
                fr="Pour répondre\u00a0: {link}\nSans réponse dans les trente jours, votre plainte sera fermée.",
                en="To answer: {link}\nIf we have no answer within thirty days, your complaint will be closed.",
            ),
        ),
        _message(
            "answer",
            "merci de votre réponse",
            "thank you for your answer",
            Text(
                fr="Nous avons reçu votre réponse et poursuivons l’étude de votre plainte. Nouvelle date "
                "promise\u00a0: le {promised}.",
                en="We have received your answer and are working on your complaint again. New promised date: "
                "{promised}.",
            ),
        ),
        _message(
            "close_unanswered",
            "fermée sans réponse",
            "closed without an answer",
            Text(
                fr=(
                    "Nous n’avons pas reçu la précision demandée et avons fermé votre plainte. Vous pouvez encore "
                    "répondre : {link}"
                ),
                en="We did not receive the detail we asked for and have closed your complaint. You can still answer: "
                "{link}",
            ),
        ),
        _message(
            "not_ours",
            "à adresser ailleurs",
            "to be sent elsewhere",
            Text(
                fr="Cette plainte ne relève pas de la Ville, mais de l’organisme suivant\u00a0: {owner}.",
                en="This complaint is not the town’s responsibility. It should go to this organization: {owner}.",
            ),
            REASON,
            Text(fr="Ses coordonnées : {link}", en="Its contact details: {link}"),
        ),
        _message(
            "withdraw",
            "retirée",
            "withdrawn",
            Text(
                fr="Votre plainte est retirée, comme vous l’avez demandé. Votre identité reste protégée.",
                en="Your complaint is withdrawn, as you asked. Your identity remains protected.",
            ),
        ),
        _message(
            "reopen",
            "rouverte",
            "reopened",
            Text(fr="Nous avons rouvert votre plainte.", en="We have reopened your complaint."),
            REASON,
        ),
    )


def _acknowledgement(received: Text, *more: Text) -> Message:
    return _message(
        "submitted",
        "reçue",
        "received",
        Text(
            fr="Votre plainte est reçue. Elle porte le numéro {reference}.",
            en="We have received your complaint. Its number is {reference}.",
        ),
        received,
        *(more or (Text(fr="Pour la suivre ou la retirer : {link}", en="To follow or withdraw it: {link}"),)),
    )


def _message(on: str, fr: str, en: str, *paragraphs: Text) -> Message:
    return Message(
        on=on,
        subject=Text(fr="Plainte {reference}\u00a0: " + fr, en="Complaint {reference}: " + en),
        body=Text(fr="\n\n".join(text.fr for text in paragraphs), en="\n\n".join(text.en for text in paragraphs)),
    )
