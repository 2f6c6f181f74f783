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
    "external": Text(fr="Nouvelles de « {plugin} »", en="News from “{plugin}”"),
    "follow_up": Text(fr="À revoir\u00a0: {day}", en="To look at again: {day}"),
    "followed": Text(fr="Une personne suit la requête", en="Somebody follows the request"),
    "hindered": Text(fr="Une étape n’a pas pu se faire d’elle-même", en="A step could not be made by itself"),
    "infected": Text(fr="Fichier retiré\u00a0: un virus y a été trouvé", en="File removed: a virus was found in it"),
    "looked_at": Text(fr="Revue", en="Looked at again"),
    "messages": Text(fr="Préférence de messages modifiée", en="Message preference changed"),
    "not_reached": Text(fr="Appel sans réponse", en="Call not answered"),
    "note": Text(fr="Note interne", en="Internal note"),
    "occurrence": Text(fr="Nouvel épisode signalé", en="New occurrence reported"),
    "party": Text(fr="Accès donné à {name} ({role})", en="Access given to {name} ({role})"),
    "posted": Text(fr="Lettre mise à la poste", en="Letter sent by mail"),
    "priority": Text(fr="Priorité\u00a0: {priority}", en="Priority: {priority}"),
    "promised": Text(fr="Nouvelle date promise", en="New promised date"),
    "received": Text(fr="Message de la personne", en="Message from the requester"),
    "recounted": Text(fr="Délai recalculé", en="Delay counted again"),
    "refunded": Text(fr="Paiement en trop remboursé", en="Surplus payment refunded"),
    "reply": Text(fr="Message de la Ville", en="Message from the town"),
    "revealed": Text(fr="Identité confidentielle consultée", en="Confidential identity viewed"),
    "settled": Text(fr="La personne dit que c’est réglé", en="The requester says that it is settled"),
    "submitted": Text(fr="Requête reçue", en="Request received"),
    "unasked": Text(fr="La personne ne veut pas être interrogée", en="The requester does not want to be asked"),
    "unreached": Text(fr="Personne impossible à joindre", en="Requester could not be reached"),
    "unpaid": Text(fr="Paiement en ligne sans suite", en="Online payment came to nothing"),
}
YOURS = {
    "received": Text(fr="Votre message", en="Your message"),
    "settled": Text(fr="Vous avez dit que c’est réglé", en="You said that it is settled"),
    "unasked": Text(fr="Vous ne voulez pas répondre à la question", en="You do not want to answer the question"),
}
"""The same to the person whose doing it was."""
