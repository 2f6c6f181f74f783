"""A message that fills in one name in French and another one in English."""

from parvis_bad.sound import lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import Message

TOLD = Message(
    on="repair",
    subject=said("Réparé", "Repaired"),
    body=said("{reference} est réparé.", "{type} is repaired."),
)
LAMP = lamp(messages=(TOLD,))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:10 · request type 'lamp' · messages[repair].body: fr has ['reference'], en has ['type']
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:10 · request type 'lamp' · messages[repair].body · the languages do
#     not have the same placeholders (fr: reference; en: type) · the text differs between languages · write the same
#     {names} in both
