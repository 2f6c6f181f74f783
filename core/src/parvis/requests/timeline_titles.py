"""What entries are called that any request may have, by their kinds in the order of the alphabet."""

from collections.abc import Mapping

from parvis.requests.closing import STILL_THERE
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

TITLES = {
    "amended": Text(fr="Requête corrigée", en="Request corrected"),
    "assigned": Text(fr="Confiée à : {unit}", en="Assigned to: {unit}"),
    "contact": Text(fr="Coordonnées mises à jour", en="Contact details updated"),
    "ended": Text(fr="Accès retiré à {name} ({role})", en="Access removed for {name} ({role})"),
    "erased": Text(fr="Renseignements personnels détruits", en="Personal information destroyed"),
    "external": Text(fr="Nouvelles de « {plugin} »", en="News from “{plugin}”"),
    "followed": Text(fr="Une personne suit la requête", en="A person follows the request"),
    "hindered": Text(
        fr="Une étape automatique n’a pas pu être effectuée", en="An automatic step could not be completed"
    ),
    "infected": Text(fr="Fichier retiré\u00a0: un virus y a été trouvé", en="File removed: a virus was found in it"),
    "kept_away": Text(fr="Accès retiré à {name}", en="Access withdrawn from {name}"),
    "let_back": Text(fr="Accès rétabli pour {name}", en="Access restored for {name}"),
    "messages": Text(fr="Préférence de messages modifiée", en="Message preference changed"),
    "not_fixed_too": Text(
        fr="Une personne {who} dit que {said}",
        en="A person {who} says that {said}",
    ),
    "note": Text(fr="Note interne", en="Internal note"),
    "occurrence": Text(fr="Nouvel épisode signalé", en="New occurrence reported"),
    "page_hidden": Text(fr="Page publique masquée", en="Public page hidden"),
    "page_kept": Text(fr="Signalement de la page\u00a0: rien à masquer", en="Report about the page: nothing to hide"),
    "page_shown": Text(fr="Page publique affichée de nouveau", en="Public page shown again"),
    "party": Text(fr="Accès donné à {name} ({role})", en="Access given to {name} ({role})"),
    "received": Text(fr="Message de la personne", en="Message from the requester"),
    "reply": Text(fr="Message de la Ville", en="Message from the town"),
    "returned": Text(fr="Courriel non remis à la personne", en="Email not delivered to the person"),
    "revealed": Text(fr="Renseignements confidentiels consultés", en="Confidential information viewed"),
    "settled": Text(fr="La personne indique que c’est réglé", en="The requester says that it is resolved"),
    "submitted": Text(fr="Requête reçue", en="Request received"),
    "taken": Text(fr="Requête exportée au complet", en="Whole request exported"),
    "unasked": Text(fr="La personne préfère ne pas répondre", en="The requester prefers not to answer"),
    "undelivered": Text(fr="{what}{then}", en="{what}{then}"),
    "words_public": Text(fr="Texte publié sur la page publique", en="Text published on the public page"),
    "words_taken_back": Text(fr="Texte retiré de la page publique", en="Text removed from the public page"),
}
WHO_FOLLOWS = Text(fr="qui suit la requête", en="who follows the request")
WHO_WAS_JOINED = Text(fr="dont la requête a été jointe", en="whose request was joined to it")
IS_NOT_SETTLED = Text(fr="ce n’est pas réglé", en="it is not resolved")
IS_STILL_THERE = Text(fr="c’est encore là", en="it is still there")
"""Who else says something of it, and what."""
NOT_DELIVERED = Text(fr="Un message n’a pas été remis", en="A message was not delivered")
INSTEAD = Text(fr="\u00a0: {instead}", en=": {instead}")
"""What was not delivered, by its channel, and what is done about it, by its way."""
BY_RULE = {
    "begins": Text(
        fr="Parce que le travail est commencé pour une des parties.", en="Because work on one of the parts has begun."
    ),
    "all": Text(fr="Parce que toutes les parties sont fermées.", en="Because all parts are closed."),
    "any": Text(fr="Parce qu’une des parties est fermée.", en="Because one of the parts is closed."),
    "not_fixed": Text(fr="Parce que le problème n’était pas réglé.", en="Because the problem had not been resolved."),
    "not_fixed_again": Text(
        fr="Le problème n’est pas réglé pour la deuxième fois ou plus : la personne responsable de l’unité décide "
        "de la suite.",
        en="The problem is unresolved for the second time or more: the person in charge of the unit decides what "
        "comes next.",
    ),
}
"""Why a request has moved by itself, or was given another rank or another person."""
YOURS = {
    "received": Text(fr="Votre message", en="Your message"),
    "settled": Text(fr="Vous avez indiqué que c’est réglé", en="You said that it is resolved"),
    "unasked": Text(fr="Vous préférez ne pas répondre", en="You prefer not to answer"),
}
"""The same to the person whose doing it was."""
UNSAID_WORDS = Text(
    fr="Une phrase est absente du document, faute de réponse\u00a0: {names}.",
    en="A sentence is missing from the document, for lack of an answer: {names}.",
)
UNREADABLE = Text(fr="(détruit)", en="(destroyed)")
"""What stands where words were that were destroyed with the personal information."""


def _values(entry: Entry) -> Mapping[str, Text | str]:
    said = IS_STILL_THERE if entry.body.get("move") == STILL_THERE else IS_NOT_SETTLED
    who = WHO_WAS_JOINED if entry.body.get("joined") else WHO_FOLLOWS
    return {"name": entry.body.get("name", ""), "said": said, "who": who}


WORDS = EntryWords(titles=TITLES, yours=YOURS, values=_values)
