"""What arranging a task asks: more time, a body outside, why it is no longer asked for."""

from parvis_sdk.fields import Date, Email, LongText, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

WHY = Text(fr="Raison", en="Reason")
REASON = LongText(code="reason", label=WHY, required=False, max_length=2000, rows=2)
NEEDED_REASON = LongText(code="reason", label=WHY, max_length=2000, rows=2)
DAY = Date(code="day", label=Text(fr="Nouvelle échéance", en="New due date"), earliest=0)
LANGUAGES = (
    Option(code="fr", label=Text(fr="Français", en="French")),
    Option(code="en", label=Text(fr="Anglais", en="English")),
)
EXTEND = Form(sections=(Section(code="extend", title=WHY, fields=(DAY, NEEDED_REASON)),))
CANCEL = Form(sections=(Section(code="cancel", title=WHY, fields=(NEEDED_REASON,)),))
OUTSIDE = Form(
    sections=(
        Section(
            code="outside",
            title=WHY,
            fields=(
                ShortText(
                    code="name", label=Text(fr="Organisme ou personne", en="Organization or person"), max_length=120
                ),
                Email(code="email", label=Text(fr="Courriel", en="Email")),
                OneOf(code="language", label=Text(fr="Langue", en="Language"), options=LANGUAGES),
                REASON,
            ),
        ),
    )
)
