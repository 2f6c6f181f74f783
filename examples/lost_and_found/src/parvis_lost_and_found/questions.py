"""The questions of the two forms, for people who lost and people who found something."""

from parvis_sdk.fields import INTERNAL, PERSONAL, PUBLIC, Date, LongText, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

SORT = OneOf(
    code="sort",
    label=Text(fr="De quoi s’agit-il?", en="What is it?"),
    options=(
        Option(code="bicycle", label=Text(fr="Vélo", en="Bicycle")),
        Option(code="phone", label=Text(fr="Téléphone", en="Phone")),
        Option(code="bag", label=Text(fr="Sac ou portefeuille", en="Bag or wallet")),
        Option(code="other", label=Text(fr="Autre chose", en="Something else")),
    ),
    privacy=PUBLIC,
)
COLOUR = OneOf(
    code="colour",
    label=Text(fr="De quelle couleur?", en="Of which colour?"),
    options=(
        Option(code="black", label=Text(fr="Noir", en="Black")),
        Option(code="red", label=Text(fr="Rouge", en="Red")),
        Option(code="blue", label=Text(fr="Bleu", en="Blue")),
        Option(code="green", label=Text(fr="Vert", en="Green")),
        Option(code="other", label=Text(fr="Autre couleur", en="Another colour")),
    ),
    privacy=PUBLIC,
)
WORDS = LongText(code="words", label=Text(fr="Description", en="Description"), required=False, max_length=1000)
LOST_ON = Date(code="lost_on", label=Text(fr="Jour de la perte", en="Day of the loss"), latest=0)
FOUND_ON = Date(code="found_on", label=Text(fr="Jour de la découverte", en="Day it was found"), latest=0)
SERIAL = ShortText(
    code="serial",
    label=Text(fr="Numéro de série", en="Serial number"),
    help=Text(
        fr="Sous le pédalier d’un vélo, dans les réglages d’un téléphone. Il n’est montré à personne d’autre.",
        en="Under the crank of a bicycle, in the settings of a phone. It is shown to nobody else.",
    ),
    required=False,
    max_length=40,
    privacy=PERSONAL,
)
CLAIMED = ShortText(
    code="serial",
    label=Text(fr="Numéro de série de votre objet", en="Serial number of your thing"),
    max_length=40,
    privacy=INTERNAL,
)


def form(*fields: Date | LongText | OneOf | ShortText) -> Form:
    return Form(sections=(Section(code="thing", title=Text(fr="L’objet", en="The thing"), fields=fields),))


LOST_FORM = form(SORT, COLOUR, LOST_ON, WORDS)
FOUND_FORM = form(SORT, COLOUR, FOUND_ON, SERIAL, WORDS)
CLAIM_FORM = form(CLAIMED)
