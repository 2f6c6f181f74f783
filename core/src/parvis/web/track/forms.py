"""The questions that the pages of a request ask by themselves: a message with files, contact details, a language."""

from parvis_sdk.fields import File, LongText, OneOf, Option
from parvis_sdk.text import Text

WORDS = LongText(code="words", label=Text(fr="Votre message", en="Your message"), max_length=4000, rows=4)
FILES = File(
    code="files",
    label=Text(fr="Photos ou documents", en="Photos or documents"),
    required=False,
    most=5,
)
MESSAGE_FIELDS = (WORDS, FILES)
LANGUAGE = OneOf(
    code="language",
    label=Text(fr="Langue des messages", en="Language of messages"),
    options=(
        Option(code="fr", label=Text(fr="Français", en="French")),
        Option(code="en", label=Text(fr="Anglais", en="English")),
    ),
)
