"""How a message to an applicant is put together.

Bodies carry no greeting and no signature: the channel adds them in the town's name.
"""

from parvis_sdk.request_types import Message
from parvis_sdk.text import Text

REASON = Text(fr="{reason}", en="{reason}")
FOLLOW = Text(fr="Détails et suivi : {link}", en="Details and tracking: {link}")


def message(on: str, fr: str, en: str, *paragraphs: Text) -> Message:
    """A message of these paragraphs, its subject ending in `fr` or `en`."""
    return Message(
        on=on,
        subject=Text(fr="Demande {reference}\u00a0: " + fr, en="Application {reference}: " + en),
        body=Text(fr="\n\n".join(text.fr for text in paragraphs), en="\n\n".join(text.en for text in paragraphs)),
    )
