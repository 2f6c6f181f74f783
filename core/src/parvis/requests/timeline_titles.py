"""What a line of the story is called, by the kind of its entry: one line for each, in the order of the alphabet."""

from parvis_sdk.text import Text

TITLES = {
    "amended": Text(fr="Requête corrigée", en="Request corrected"),
    "announced": Text(fr="Message à tous ceux que l’incident touche", en="Message to everybody concerned"),
    "assigned": Text(fr="Confiée à : {unit}", en="Assigned to: {unit}"),
    "attached": Text(fr="Rattachée à l’incident {incident}", en="Attached to incident {incident}"),
    "call_wanted": Text(fr="Rappel demandé", en="Asked to be called back"),
    "called": Text(fr="Personne jointe par téléphone", en="Requester told by telephone"),
    "checklist": Text(fr="Liste de vérification\u00a0: {done} sur {total}", en="Checklist: {done} of {total}"),
    "clocks": Text(fr="Un délai commence", en="A delay begins"),
    "contact": Text(fr="Coordonnées mises à jour", en="Contact details updated"),
    "detached": Text(fr="Retirée de l’incident {incident}", en="Taken out of incident {incident}"),
    "ended": Text(fr="Accès retiré à {name} ({role})", en="Access of {name} ended ({role})"),
    "erased": Text(fr="Renseignements personnels détruits", en="Personal information destroyed"),
    "escalated": Text(fr="Délai dépassé\u00a0: signalé à la gestion", en="Delay over: told to management"),
    "external": Text(fr="Nouvelles de « {plugin} »", en="News from “{plugin}”"),
    "follow_up": Text(fr="À revoir\u00a0: {day}", en="To look at again: {day}"),
    "followed": Text(fr="Une personne suit la requête", en="Somebody follows the request"),
    "hindered": Text(fr="Une étape n’a pas pu se faire d’elle-même", en="A step could not be made by itself"),
    "infected": Text(fr="Fichier retiré\u00a0: un virus y a été trouvé", en="File removed: a virus was found in it"),
    "joined": Text(fr="Jointe à une autre requête", en="Joined to another request"),
    "joined_by": Text(fr="Une autre requête est jointe à celle-ci", en="Another request is joined to this one"),
    "kept_away": Text(fr="Accès retiré à {name}", en="Access withdrawn from {name}"),
    "let_back": Text(fr="Accès rétabli pour {name}", en="Access restored for {name}"),
    "looked_at": Text(fr="Revue", en="Looked at again"),
    "messages": Text(fr="Préférence de messages modifiée", en="Message preference changed"),
    "news_along": Text(
        fr="Nouvelles de «\u00a0{plugin}\u00a0» sur une requête jointe", en="News from “{plugin}” on a joined request"
    ),
    "not_reached": Text(fr="Appel sans réponse", en="Call not answered"),
    "note": Text(fr="Note interne", en="Internal note"),
    "occurrence": Text(fr="Nouvel épisode signalé", en="New occurrence reported"),
    "page_hidden": Text(fr="Page publique masquée", en="Public page hidden"),
    "page_kept": Text(fr="Signalement de la page\u00a0: rien à masquer", en="Report about the page: nothing to hide"),
    "page_shown": Text(fr="Page publique affichée de nouveau", en="Public page shown again"),
    "parted": Text(fr="Séparée de l’autre requête", en="Taken apart from the other request"),
    "parted_by": Text(fr="Une requête jointe en est séparée", en="A joined request is taken apart"),
    "party": Text(fr="Accès donné à {name} ({role})", en="Access given to {name} ({role})"),
    "paused": Text(fr="Délai suspendu\u00a0: {why}", en="Delay paused: {why}"),
    "posted": Text(fr="Lettre mise à la poste", en="Letter sent by mail"),
    "priority": Text(fr="Priorité\u00a0: {priority}", en="Priority: {priority}"),
    "promised": Text(fr="Nouvelle date promise", en="New promised date"),
    "received": Text(fr="Message de la personne", en="Message from the requester"),
    "recounted": Text(fr="Délai recalculé", en="Delay counted again"),
    "refunded": Text(fr="Paiement en trop remboursé", en="Surplus payment refunded"),
    "reply": Text(fr="Message de la Ville", en="Message from the town"),
    "resumed": Text(fr="Le délai court de nouveau", en="The delay runs again"),
    "returned": Text(fr="Le courriel revient de l’adresse de la personne", en="Mail comes back from the address"),
    "revealed": Text(fr="Renseignements confidentiels consultés", en="Confidential information viewed"),
    "settled": Text(fr="La personne dit que c’est réglé", en="The requester says that it is settled"),
    "split": Text(fr="Une autre requête en est tirée", en="Another request is made of a part of it"),
    "split_from": Text(fr="Tirée d’une autre requête", en="Made of a part of another request"),
    "submitted": Text(fr="Requête reçue", en="Request received"),
    "taken": Text(fr="Dossier complet téléchargé", en="Whole file taken away"),
    "tied": Text(fr="Liée à une autre requête", en="Tied to another request"),
    "told": Text(fr="Avis de l’incident {incident} remis {way}", en="Notice about incident {incident} delivered {way}"),
    "unasked": Text(fr="La personne ne veut pas être interrogée", en="The requester does not want to be asked"),
    "undelivered": Text(fr="{what}{then}", en="{what}{then}"),
    "unreached": Text(fr="Personne impossible à joindre", en="Requester could not be reached"),
    "unpaid": Text(fr="Paiement en ligne sans suite", en="Online payment came to nothing"),
    "warned": Text(fr="Délai bientôt à échéance\u00a0: avertissement", en="Delay soon over: warning"),
    "untied": Text(fr="Lien avec une autre requête retiré", en="Tie to another request removed"),
    "words_public": Text(fr="Texte publié sur la page publique", en="Words published on the public page"),
    "words_taken_back": Text(fr="Texte retiré de la page publique", en="Words taken off the public page"),
    "word_along": Text(fr="Nouveau message sur une requête jointe", en="New message on a joined request"),
}
NOT_DELIVERED = Text(fr="Un message n’a pas été remis", en="A message was not delivered")
INSTEAD = Text(fr="\u00a0: {instead}", en=": {instead}")
"""What was not delivered, by its channel, and what is done about it, by its way."""
BY_RULE = {
    "begins": Text(
        fr="Parce que le travail est commencé pour une des parties.", en="Because work on one of the parts has begun."
    ),
    "all": Text(fr="Parce que toutes les parties sont terminées.", en="Because all parts are over."),
    "any": Text(fr="Parce qu’une des parties est terminée.", en="Because one of the parts is over."),
}
"""Why a request that stands for several has moved by itself."""
YOURS = {
    "received": Text(fr="Votre message", en="Your message"),
    "settled": Text(fr="Vous avez dit que c’est réglé", en="You said that it is settled"),
    "unasked": Text(fr="Vous ne voulez pas répondre à la question", en="You do not want to answer the question"),
}
"""The same to the person whose doing it was."""
UNSAID_WORDS = Text(
    fr="Le document omet une phrase, faute de réponse\u00a0: {names}.",
    en="The document leaves a sentence out, for lack of an answer: {names}.",
)
PAID_BEFORE_WORDS = {
    "whole": Text(
        fr="{title}\u00a0: déjà réglé pour ce dossier, rien de plus n’est à payer.",
        en="{title}: settled for this file already, nothing more is to be paid.",
    ),
    "in_part": Text(
        fr="{title}\u00a0: réglé en partie pour ce dossier, seule la différence est à payer.",
        en="{title}: settled in part for this file, only the difference is to be paid.",
    ),
}
"""Why a fee that falls due again is not charged, or not whole. Amounts are for those who may see them: not here."""
UNREADABLE = Text(fr="(détruit)", en="(destroyed)")
"""What stands where words were that were destroyed with the personal information."""
