"""What the requester of a report is told, step by step.

Bodies carry no greeting and no signature: the channel adds them in the town's name.
"""

from parvis_reports.states import Words
from parvis_sdk.request_types import Message
from parvis_sdk.text import Text

REASON = Text(fr="{reason}", en="{reason}")


def report_messages(words: Words, *, received: Text) -> tuple[Message, ...]:
    """All messages of one kind of report, in its own words; `received` says what happens next."""
    return (
        Message(
            on="submitted",
            subject=Text(fr="Signalement {reference} reçu : {type}", en="Report {reference} received: {type}"),
            body=_paragraphs(
                Text(
                    fr="Merci de votre signalement. Il porte le numéro {reference}.",
                    en="Thank you for your report. Its number is {reference}.",
                ),
                received,
                Text(
                    fr="Pour le suivre, ajouter une photo ou le retirer : {link}",
                    en="To follow it, add a photo or withdraw it: {link}",
                ),
            ),
        ),
        *_work(words),
        *CONVERSATION,
        *REFUSALS,
        *SECOND_CHANCES,
    )


def _work(words: Words) -> tuple[Message, ...]:
    entrusted = (
        Message(
            on="entrust",
            subject=Text(fr="Signalement {reference} : transmis", en="Report {reference}: passed on"),
            body=words.contractor,
        )
        if words.contractor is not None
        else None
    )
    return (
        Message(
            on="triage",
            subject=Text(fr="Signalement {reference} : pris en charge", en="Report {reference}: we are handling it"),
            body=Text(
                fr="L’équipe concernée a lu votre signalement et s’en occupe.",
                en="The team responsible has read your report and is handling it.",
            ),
        ),
        Message(
            on="plan",
            subject=Text(fr="Signalement {reference} : intervention prévue", en="Report {reference}: visit planned"),
            body=_paragraphs(
                words.planned, Text(fr="Date prévue : {planned_on}", en="Planned date: {planned_on}"), REASON
            ),
        ),
        *((entrusted,) if entrusted is not None else ()),
        Message(
            on="start",
            subject=Text(fr="Signalement {reference} : intervention en cours", en="Report {reference}: crew at work"),
            body=words.working,
        ),
        Message(
            on="resolve",
            subject=Text(fr="Signalement {reference} : c’est réglé", en="Report {reference}: resolved"),
            # Whether it is settled is asked by the host, beside these words.
            body=_paragraphs(words.done, REASON),
        ),
    )


def _paragraphs(*texts: Text) -> Text:
    return Text(fr="\n\n".join(text.fr for text in texts), en="\n\n".join(text.en for text in texts))


CONVERSATION = (
    Message(
        on="answer",
        subject=Text(
            fr="Signalement {reference} : merci de votre réponse", en="Report {reference}: thank you for your answer"
        ),
        body=Text(
            fr="Nous avons reçu votre réponse et l’équipe poursuit son travail. Nouvelle date promise : le {promised}.",
            en="We have received your answer and the team is continuing its work. New promised date: {promised}.",
        ),
    ),
    Message(
        on="need_information",
        subject=Text(
            fr="Signalement {reference} : une question pour vous", en="Report {reference}: a question for you"
        ),
        body=_paragraphs(
            Text(
                fr="Pour continuer, l’équipe a besoin d’une précision :",
                en="To continue, the team needs one more detail:",
            ),
            REASON,
            Text(
                fr="Pour répondre : {link}\nSans réponse dans les trente jours, le signalement sera fermé.",
                en="To answer: {link}\nIf we have no answer within thirty days, the report will be closed.",
            ),
        ),
    ),
    Message(
        on="close_unanswered",
        subject=Text(fr="Signalement {reference} fermé sans réponse", en="Report {reference} closed without an answer"),
        body=Text(
            fr=(
                "Nous n’avons pas reçu la précision demandée et avons fermé votre signalement. Vous pouvez encore "
                "répondre pour le faire rouvrir : {link}"
            ),
            en=(
                "We did not receive the detail we asked for and have closed your report. You can still answer to "
                "have it "
                "reopened: {link}"
            ),
        ),
    ),
    Message(
        on="withdraw",
        subject=Text(fr="Signalement {reference} retiré", en="Report {reference} withdrawn"),
        body=Text(
            fr="Votre signalement est retiré, comme vous l’avez demandé. Vous ne recevrez plus de messages à son "
            "sujet.",
            en="Your report is withdrawn, as you asked. You will receive no more messages about it.",
        ),
    ),
)

REFUSALS = (
    Message(
        on="duplicate",
        subject=Text(fr="Signalement {reference} : déjà en cours", en="Report {reference}: already under way"),
        body=Text(
            fr=(
                "Nous connaissions déjà le problème que vous signalez. Il est suivi sous le numéro "
                "{original}.\n\n{reason}"
            ),
            en="We already knew about the problem you reported. It is followed under number {original}.\n\n{reason}",
        ),
    ),
    Message(
        on="not_ours",
        subject=Text(fr="Signalement {reference} : à adresser ailleurs", en="Report {reference}: to be sent elsewhere"),
        body=Text(
            fr=(
                "Cet endroit ou cet équipement ne relève pas de la Ville, mais de : {owner}.\n\n{reason}\n\nSes "
                "coordonnées et le texte de votre signalement, prêt à copier, sont ici : {link}"
            ),
            en=(
                "This place or equipment is not the town’s. It belongs to: {owner}.\n\n{reason}\n\nIts contact details "
                "and the text of your report, ready to copy, are here: {link}"
            ),
        ),
    ),
    Message(
        on="refuse",
        subject=Text(fr="Signalement {reference} : sans suite", en="Report {reference}: no action"),
        body=Text(
            fr=(
                "Après examen, la Ville n’interviendra pas.\n\n{reason}\n\nVous n’êtes pas d’accord ou la situation a "
                "changé? Écrivez-nous : {link}"
            ),
            en=(
                "After reviewing your report, the town will not take action.\n\n{reason}\n\nDo you disagree, or has "
                "the "
                "situation changed? Write to us: {link}"
            ),
        ),
    ),
)

SECOND_CHANCES = (
    Message(
        on="not_fixed",
        subject=Text(fr="Signalement {reference} rouvert", en="Report {reference} reopened"),
        body=Text(
            fr=(
                "Merci de nous l’avoir dit. Votre signalement est rouvert sous le même numéro et l’équipe y retourne. "
                "Le délai recommence. Nouvelle date promise : le {promised}."
            ),
            en=(
                "Thank you for telling us. Your report is reopened under the same number and the team is going back "
                "to it. The response time starts again. New promised date: {promised}."
            ),
        ),
    ),
    Message(
        on="still_there",
        subject=Text(fr="Signalement {reference} rouvert", en="Report {reference} reopened"),
        body=Text(
            fr=(
                "Merci de nous l’avoir dit. Votre signalement est rouvert sous le même numéro. L’équipe relance "
                "l’organisme responsable et vous écrira la suite."
            ),
            en=(
                "Thank you for telling us. Your report is reopened under the same number. The team will follow up with "
                "the responsible organization and write to you."
            ),
        ),
    ),
    Message(
        on="reopen",
        subject=Text(fr="Signalement {reference} rouvert", en="Report {reference} reopened"),
        body=Text(
            fr="Nous avons rouvert votre signalement.\n\n{reason}",
            en="We have reopened your report.\n\n{reason}",
        ),
    ),
)
