"""What is said when a request type has no words of its own, and the words around every message."""

from parvis_sdk.text import Text

SUBMITTED = (
    Text(fr="Requête {reference}\u00a0: nous l’avons reçue", en="Request {reference}: we have received it"),
    Text(
        fr=("Nous avons reçu votre requête. Elle porte le numéro {reference}.\n\nPromis au plus tard le {promised}."),
        en=("We have received your request. Its number is {reference}.\n\nPromised by {promised}."),
    ),
)
MOVED = (
    Text(fr="Requête {reference}\u00a0: {state}", en="Request {reference}: {state}"),
    Text(
        fr="Votre requête est maintenant à cette étape\u00a0: {state}.\n\n{reason}",
        en="Your request is now at this step: {state}.\n\n{reason}",
    ),
)
JOINED = (
    Text(
        fr="Requête {reference}\u00a0: traitée avec une autre",
        en="Request {reference}: handled together with another one",
    ),
    Text(
        fr="Une autre personne a signalé le même problème. Nous traitons les deux requêtes ensemble\u00a0: vous "
        "n’avez rien à refaire, et nous vous aviserons de la suite.\n\nÉtape actuelle\u00a0: {state}.",
        en="Another person has reported the same problem. We are handling both together: you do not need to do "
        "anything, and we will write to you again.\n\nCurrent step: {state}.",
    ),
)
JOINED_OWN = (
    JOINED[0],
    Text(
        fr="Vous avez signalé le même problème plus d’une fois. Nous traitons le tout ensemble\u00a0: vous n’avez "
        "rien à refaire, et nous vous aviserons de la suite.\n\nÉtape actuelle\u00a0: {state}.",
        en="You have reported the same problem more than once. We are handling everything together: you do not "
        "need to do anything, and we will write to you again.\n\nCurrent step: {state}.",
    ),
)
ALONG = (
    Text(fr="Requête {reference}\u00a0: {state}", en="Request {reference}: {state}"),
    Text(
        fr="Votre requête est traitée avec une autre, sur le même problème. Étape actuelle\u00a0: {state}.",
        en="Your request is handled together with another report of the same problem. Current step: {state}.",
    ),
)
PARTED = (
    Text(
        fr="Requête {reference}\u00a0: de nouveau traitée séparément",
        en="Request {reference}: handled separately again",
    ),
    Text(
        fr="Votre requête n’est plus traitée avec une autre. Étape actuelle\u00a0: {state}.",
        en="Your request is no longer handled together with another one. Current step: {state}.",
    ),
)
LET_IN = (
    Text(fr="Accès à la requête {reference}", en="Access to request {reference}"),
    Text(
        fr="On vous a donné accès à une requête ({town})\u00a0: {type}.\n\nVoici votre lien privé. "
        "Ne le transmettez à personne\u00a0: {link}",
        en="You were given access to a request made to {town}: {type}.\n\nThis is your private link. Do not "
        "share it: {link}",
    ),
)
REPLIED = (
    Text(fr="Requête {reference}\u00a0: un message de {town}", en="Request {reference}: a message from {town}"),
    Text(
        fr="{town} vous a écrit au sujet de votre requête.\n\n{words}\n\nPour répondre\u00a0: {link}",
        en="{town} has written to you about your request.\n\n{words}\n\nTo answer: {link}",
    ),
)
FOLLOWED_STEP = (
    Text(fr="Requête {reference} que vous suivez\u00a0: {state}", en="Request {reference} that you follow: {state}"),
    Text(
        fr="La requête {reference} ({type}) est maintenant à cette étape\u00a0: {state}.",
        en="Request {reference} ({type}) is now at this step: {state}.",
    ),
)
CONFIRM = (
    Text(
        fr="Confirmez que vous voulez suivre la requête {reference}",
        en="Confirm that you want to follow request {reference}",
    ),
    Text(
        fr=(
            "Vous avez demandé à suivre la requête {reference} ({type}).\n\n"
            "Pour confirmer\u00a0: {link}\n\n"
            "Si vous n’avez rien demandé, ignorez ce message\u00a0: vous ne recevrez rien d’autre."
        ),
        en=(
            "You asked to follow request {reference} ({type}).\n\n"
            "To confirm: {link}\n\n"
            "If you did not ask for this, ignore this message: you will receive nothing else."
        ),
    ),
)
RESCHEDULED = (
    Text(fr="Requête {reference}\u00a0: une nouvelle date", en="Request {reference}: a new date"),
    Text(
        fr="La date promise a changé. Nouvelle date promise\u00a0: le {promised}.\n\n{words}",
        en="The promised date has changed. New promised date: {promised}.\n\n{words}",
    ),
)
RESCHEDULED_BY_TEXT = Text(
    fr="Nouvelle date promise\u00a0: le {promised}. {words}", en="New promised date: {promised}. {words}"
)
RETYPED = (
    Text(fr="Requête {reference}\u00a0: transmise au bon service", en="Request {reference}: sent to the right service"),
    Text(
        fr=(
            "Votre requête relève d’un autre service que celui que vous aviez choisi. Nous l’avons transmise à "
            "ce service\u00a0: vous n’avez rien à refaire.\n\nPromis au plus tard le {promised}."
        ),
        en=(
            "Your request belongs to another service than the one you chose. We have sent it to that service: you "
            "do not need to do anything.\n\nPromised by {promised}."
        ),
    ),
)
RECEIPT = (
    Text(fr="Requête {reference}\u00a0: votre accusé de réception", en="Request {reference}: your receipt"),
    Text(
        fr=(
            "Voici l’accusé de réception que vous avez demandé. Votre requête porte le numéro {reference}.\n\n"
            "Promis au plus tard le {promised}."
        ),
        en=(
            "Here is the receipt that you asked for. The number of your request is {reference}.\n\n"
            "Promised by {promised}."
        ),
    ),
)
RECEIPT_BY_TEXT = (
    Text(fr="Requête {reference}", en="Request {reference}"),
    Text(fr="Promis au plus tard le {promised}.", en="Promised by {promised}."),
)
SUBMITTED_BY_TEXT = (
    Text(fr="Requête {reference} reçue", en="Request {reference} received"),
    Text(fr="Promis au plus tard le {promised}.", en="Promised by {promised}."),
)
ANNOUNCED = (
    Text(fr="{title}", en="{title}"),
    Text(fr="{words}\n\nPour suivre l’incident\u00a0: {link}", en="{words}\n\nTo follow the incident: {link}"),
)
CORRECTED = Text(fr="Correction\u00a0: {title}", en="Correction: {title}")
URGENT = Text(fr="Urgent\u00a0: {title}", en="Urgent: {title}")
ANNOUNCED_DISCREETLY = (Text(fr="Un message de {town}", en="A message from {town}"), ANNOUNCED[1])
DISCREET_SUBJECT = Text(
    fr="Requête {reference}\u00a0: un message de {town}", en="Request {reference}: a message from {town}"
)

GREETING = Text(fr="Bonjour,", en="Hello,")
GREETING_BY_NAME = Text(fr="Bonjour {name},", en="Hello {name},")

REFERENCE = Text(fr="Numéro", en="Number")
TYPE = Text(fr="Sujet", en="Subject")
PLACE = Text(fr="Endroit", en="Place")
STATE = Text(fr="Étape", en="Step")
PROMISED = Text(fr="Date promise", en="Promised date")
COLON = Text(fr="\u00a0: ", en=": ")

OPEN_REQUEST = Text(fr="Suivre ma requête", en="Follow my request")
OPEN_PUBLIC = Text(fr="Voir la requête", en="See the request")
OPEN_INCIDENT = Text(fr="Voir l’incident", en="See the incident")
OPEN_CONFIRM = Text(fr="Confirmer", en="Confirm")
HERE = Text(fr="ouvrir la page", en="open the page")

IS_IT_SETTLED = Text(fr="Est-ce réglé?", en="Is it resolved?")
SETTLED_YES = Text(fr="Oui, c’est réglé", en="Yes, it is resolved")
SETTLED_NO = Text(fr="Non, ce n’est pas réglé", en="No, it is not resolved")

IS_IT_STILL_THERE = Text(fr="Est-ce encore là?", en="Is it still there?")
IT_IS_GONE = Text(fr="Non, le problème a disparu", en="No, the problem is gone")
STILL_THERE = Text(fr="Oui, c’est encore là", en="Yes, it is still there")
QUESTIONS = {
    "settled": (IS_IT_SETTLED, SETTLED_YES, SETTLED_NO),
    "still_there": (IS_IT_STILL_THERE, IT_IS_GONE, STILL_THERE),
}
"""What is asked, the answer that ends the matter, and the one that opens it again."""
OPENED_BY_OTHERS = (
    Text(fr="Requête {reference} rouverte", en="Request {reference} reopened"),
    Text(
        fr="D’autres personnes indiquent que ce n’est pas réglé. La requête est rouverte sous le même numéro et "
        "l’équipe y retourne.",
        en="Other people tell us that it is not resolved. The request is reopened under the same number, and the "
        "team is going back to it.",
    ),
)
STILL_THERE_SAY_OTHERS = (
    Text(fr="Requête {reference} rouverte", en="Request {reference} reopened"),
    Text(
        fr="D’autres personnes nous disent que c’est encore là. La requête est rouverte sous le même numéro et "
        "l’équipe relance l’organisme responsable.",
        en="Other people tell us that it is still there. The request is reopened under the same number, and the "
        "team reminds the body in charge.",
    ),
)

BECAUSE_REQUESTER = Text(
    fr="Vous recevez ce message parce que vous avez fait cette requête.",
    en="You receive this message because you made this request.",
)
BECAUSE_LET_IN = Text(
    fr="Vous recevez ce message parce qu’on vous a donné accès à cette requête. Le lien permet d’y renoncer.",
    en="You receive this message because you were given access to this request. You can give up access with the link.",
)
BECAUSE_FOLLOWER = Text(
    fr="Vous recevez ce message parce que vous suivez cette requête.",
    en="You receive this message because you follow this request.",
)
BECAUSE_INCIDENT = Text(
    fr="Vous recevez ce message parce que vous nous avez écrit à ce sujet, ou que vous le suivez.",
    en="You receive this message because you wrote to us about this, or because you follow it.",
)
BECAUSE_ASKED = Text(
    fr="Vous recevez ce message parce que cette adresse de courriel a été donnée pour suivre une requête.",
    en="You receive this message because this email address was given to follow a request.",
)
STOP = Text(fr="Ne plus recevoir de messages", en="Stop receiving messages")
STOP_TEXTS = Text(fr="Arrêter", en="Stop")
LINK_IS_YOURS = Text(
    fr="Le lien ouvre votre requête sans mot de passe\u00a0: ne le transférez pas.",
    en="The link opens your request without a password: do not forward it.",
)
