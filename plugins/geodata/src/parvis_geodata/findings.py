"""What can be wrong with a row or a whole file, in words; what is severe keeps the row out."""

from msgspec import Struct

from parvis_sdk.text import Text


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to know of one value."""

    code: str
    column: str
    value: str
    reason: Text
    severe: bool


def said(fr: str, en: str) -> Text:
    return Text(fr=fr, en=en)


REFUSED = {
    "no_shape": said("il n’y a ni forme ni point", "there is neither a shape nor a point"),
    "unreadable": said("la forme ne peut pas être lue", "the shape cannot be read"),
    "no_area": said("une zone est un polygone", "a zone is a polygon"),
    "no_degrees": said("les coordonnées ne sont pas de cette projection", "the coordinates are not of this projection"),
    "swapped": said("la latitude est à la place de la longitude", "latitude stands in the place of longitude"),
    "zero_point": said("le point 0, 0 n’est nulle part", "the point 0, 0 is nowhere"),
    "crossing": said("les lignes de la forme se croisent", "the lines of the shape cross each other"),
    "outside": said("c’est hors de la Ville", "this is outside the town"),
    "no_code": said("il n’y a pas de code", "there is no code"),
    "bad_code": said(
        "ce n’est pas un code\u00a0: jusqu’à 60 lettres, chiffres et tirets",
        "this is no code: up to 60 letters, digits and hyphens",
    ),
    "doubled": said("ce code se trouve déjà plus haut", "this code stands further up already"),
    "no_name": said("il n’y a pas de nom", "there is no name"),
    "no_alias": said("il n’y a pas d’autre nom", "there is no other name"),
    "no_line": said("une rue est une ligne", "a street is a line"),
    "bad_kind": said(
        "le genre est park, water ou built\u00a0: dites-le sous [codes]",
        "the kind is park, water or built: say it in [codes]",
    ),
    "no_street": said("il n’y a pas de rue", "there is no street"),
    "unreadable_words": said(
        "des lettres sont perdues\u00a0: le codage du fichier n’est pas celui-là",
        "letters are lost: the file is in another encoding",
    ),
    "overlap": said("la zone en recouvre une autre", "the zone covers part of another one"),
}
TOLD = {
    "left_out": said("la correspondance laisse cette ligne de côté", "the mapping leaves this row out"),
    "elsewhere": said("ces limites ne touchent pas celles d’aujourd’hui", "these limits do not touch those of today"),
    "requests_outside": said(
        "des requêtes d’aujourd’hui seraient hors de ces limites", "requests of today would lie outside these limits"
    ),
    "unclosed": said("un anneau ouvert a été fermé", "an open ring was closed"),
    "mended": said("les lignes se croisaient\u00a0: la forme a été réparée", "lines crossed: the shape was mended"),
    "joined": said("jointe à la zone du même code plus haut", "joined to the zone of the same code further up"),
    "reaches_out": said("la zone dépasse les limites de la Ville", "the zone reaches over the limits of the town"),
    "middle": said("le milieu de la forme compte comme point", "the middle of the shape counts as its point"),
    "overlap_accepted": said(
        "la zone en recouvre une autre, ce qui est accepté", "the zone covers part of another, accepted"
    ),
    "sliver": said("la zone en recouvre une autre de peu", "the zone covers a little of another one"),
    "gap": said("cette partie de la Ville n’est dans aucune zone", "this part of the town is in no zone"),
    "moved": said(
        "la zone de ce code est ailleurs aujourd’hui\u00a0: ses requêtes porteront ce nom",
        "the zone of this code lies elsewhere today: its requests will bear this name",
    ),
    "goes": said(
        "cette zone n’est plus dessinée\u00a0: les requêtes qui y sont gardent son nom",
        "this zone is no longer drawn: requests in it keep its name",
    ),
}


def found(code: str, column: str = "", value: str = "", more: str = "") -> Finding:
    """A finding; `more` are figures that stand after its words."""
    reason = REFUSED.get(code) or TOLD[code]
    if more:
        reason = Text(fr=f"{reason.fr} ({more})", en=f"{reason.en} ({more})")
    return Finding(code=code, column=column, value=value[:200], reason=reason, severe=code in REFUSED)
