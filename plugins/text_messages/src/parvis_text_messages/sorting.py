"""Text messages that stand on no request yet: where they lie."""

from parvis_sdk.text import Text
from parvis_sorting.messages import Pile
from parvis_text_messages.personal import WORDS, holder_of
from parvis_text_messages.tables import IncomingText

SENT_BY = Text(fr="Texto du {sender}", en="Text message from {sender}")
TEXTS = Pile(
    table=IncomingText,
    empty=WORDS,
    holder=holder_of,
    heading=lambda text: SENT_BY.format(sender=text.sender or "?"),
    is_of=lambda text, person: bool(person.phone) and person.phone == text.sender,
)
