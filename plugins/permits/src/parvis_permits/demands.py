"""Questions that a move of any permit may ask; the words told to the applicant are always the question `reason`."""

from parvis_sdk.fields import AnyField, LongText
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text


def form(title: Text, *fields: AnyField) -> Form:
    """A form of one section."""
    return Form(sections=(Section(code="demand", title=title, fields=fields),))


def words(label: Text, *, required: bool = False, example: Text | None = None) -> LongText:
    """Words that the applicant will read."""
    return LongText(
        code="reason",
        label=label,
        help=Text(fr="La personne lira ces mots.", en="The person will read these words."),
        example=example,
        required=required,
        max_length=4000,
        rows=4,
    )


WORD = form(
    Text(fr="Mot pour la personne", en="A word to the person"),
    words(Text(fr="Mot pour la personne", en="A word to the person")),
)

REASON = form(Text(fr="Raison", en="Reason"), words(Text(fr="Raison", en="Reason"), required=True))
