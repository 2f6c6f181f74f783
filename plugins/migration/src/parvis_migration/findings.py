"""What can be said of a cell of a file: what is wrong with it, and what then becomes of its row."""

from msgspec import Struct

from parvis_sdk.text import Text


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to know of one cell; a `severe` one keeps its row out."""

    code: str
    column: str
    value: str
    reason: Text
    severe: bool


def said(fr: str, en: str) -> Text:
    return Text(fr=fr, en=en)


REFUSED = {
    "no_number": said("il n’y a pas de numéro", "there is no number"),
    "no_type": said("ce type n’est pas dans la correspondance", "this type is not in the mapping"),
    "no_state": said("cet état n’est pas dans la correspondance", "this state is not in the mapping"),
    "no_date": said("la date de dépôt manque", "the date of filing is missing"),
    "no_moment": said("ce n’est pas une date", "this is not a date"),
    "future": said("cette date n’est pas encore passée", "this date is still to come"),
    "outside_refused": said("ce point est hors de la Ville", "this point is outside the town"),
    "unreadable": said("la requête ne peut pas être lue", "the request cannot be read"),
    "not_taken": said("la requête n’a pas pu être prise", "the request could not be taken in"),
    "broken": said("la ligne ne peut pas être lue", "the line cannot be read"),
}
TOLD = {
    "twice": said("la même ligne se trouve plus haut", "the same row stands further up"),
    "twice_otherwise": said(
        "ce numéro se trouve plus haut avec un autre contenu\u00a0: la première ligne compte",
        "this number stands further up with other content: the first row counts",
    ),
    "left_out": said("la correspondance laisse ce type de côté", "the mapping leaves this type out"),
    "closed_when": said(
        "la date de fermeture manque\u00a0: la dernière date connue compte",
        "the closing date is missing: the last known date counts",
    ),
    "backwards": said(
        "cette date précède le dépôt\u00a0: celle du dépôt compte", "this date is before the filing, whose date counts"
    ),
    "month_only": said(
        "seul le mois est connu\u00a0: son premier jour compte", "only the month is known: its first day counts"
    ),
    "no_point": said("ce n’est pas un point\u00a0: il est laissé de côté", "this is not a point: it is left out"),
    "zero_point": said("le point 0, 0 est laissé de côté", "the point 0, 0 is left out"),
    "crowded_point": said(
        "trop de requêtes ont ce même point\u00a0: il est laissé de côté",
        "too many requests have this point: it is left out",
    ),
    "outside": said("ce point hors de la Ville est laissé de côté", "this point outside the town is left out"),
    "not_ours": said(
        "quelqu’un d’autre s’occupe de ce lieu\u00a0: le point est laissé de côté",
        "somebody else looks after this place: the point is left out",
    ),
    "no_link": said(
        "aucune requête de ce numéro n’est dans le fichier ni déjà importée",
        "no request of this number is in the file or was imported before",
    ),
    "link_to_itself": said("ce numéro est celui de la ligne elle-même", "this is the number of the row itself"),
    "link_kept_out": said(
        "la requête de ce numéro n’est pas reprise\u00a0: sans elle, il n’y a pas de lien",
        "the request of this number does not come in: there is no link without it",
    ),
    "link_in_a_circle": said(
        "chaque requête de ce cercle ferait partie de l’autre\u00a0: ce lien n’est pas fait",
        "in this circle each request would be a part of the other: this link is not made",
    ),
    "spelled_otherwise": said(
        "ce numéro existe aussi sous une autre graphie, peut-être un doublon\u00a0: une recherche trouve les deux",
        "this number is there in another spelling too, perhaps a duplicate: a search finds both",
    ),
    "no_file": said("ce fichier n’est pas là", "this file is not there"),
    "no_files_given": said("dites où sont les fichiers : --files", "say where the files are: --files"),
    "file_twice": said(
        "plusieurs fichiers portent ce nom dans des dossiers différents : aucun n’est pris",
        "several files in different folders have this name: none is taken",
    ),
    "file_large": said("ce fichier est trop lourd", "this file is too large"),
    "file_away": said(
        "ce fichier n’a pas pu être lu à son adresse\u00a0: la prochaine reprise l’essaie encore",
        "this file could not be read at its address: the next run tries again",
    ),
    "file_refused": said("ce fichier n’est pas pris", "this file is not taken"),
    "dropped": said("cette valeur devient une note interne", "this value becomes an internal note"),
    "left_submitted": said(
        "la date de dépôt a changé\u00a0: elle n’est pas reprise", "the date of filing changed: it is not taken over"
    ),
    "left_ended": said(
        "la date de fermeture a changé\u00a0: elle n’est pas reprise", "the closing date changed: it is not taken over"
    ),
    "left_words": said("le texte a changé\u00a0: il n’est pas repris", "the words changed: they are not taken over"),
    "left_place": said("le lieu a changé\u00a0: corrigez-le au bureau", "the place changed: correct it at the desk"),
    "left_unit": said(
        "l’unité a changé\u00a0: transférez la requête au bureau", "the unit changed: move the request at the desk"
    ),
    "left_contact": said(
        "les coordonnées ont changé\u00a0: corrigez-les au bureau",
        "the contact details changed: correct them at the desk",
    ),
    "left_entry": said(
        "le mode de dépôt ou la langue a changé\u00a0: ce n’est pas repris",
        "the channel or the language changed: it is not taken over",
    ),
    "other_type": said(
        "la requête a un autre type ici\u00a0: changez-le au bureau",
        "the request has another type here: change it at the desk",
    ),
    "touched": said(
        "la requête a été traitée ici depuis\u00a0: rien n’est changé",
        "the request was worked on here since: nothing is changed",
    ),
}


def found(code: str, *, column: str = "", value: str = "", said: Text | None = None) -> Finding:
    """A finding, with the description of the caller who knows more."""
    reason = REFUSED.get(code) or TOLD[code]
    if said is not None:
        reason = Text(fr=f"{reason.fr}\u00a0: {said.fr}", en=f"{reason.en}: {said.en or said.fr}")
    return Finding(code=code, column=column, value=value[:200], reason=reason, severe=code in REFUSED)
