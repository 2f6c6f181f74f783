"""The three steps of how pressing a request is, and what people call them."""

from parvis_sdk.text import Text

ORDINARY, PRESSING, URGENT = 0, 1, 2
PRIORITIES = {
    ORDINARY: Text(fr="Normale", en="Normal"),
    PRESSING: Text(fr="Élevée", en="High"),
    URGENT: Text(fr="Urgente", en="Urgent"),
}


def priority_name(priority: int) -> Text:
    """What a step is called; its number where it is none of ours."""
    return PRIORITIES.get(priority, Text(fr=str(priority)))
