"""The first and the last day of what a permit is for: the last is never before the first."""

from parvis_sdk.conditions import NotBefore
from parvis_sdk.fields import Check, Date
from parvis_sdk.text import Text


def not_before(last: str, first: str) -> tuple[Check, ...]:
    """What a last day must be: no day before the first one, whose code `first` is."""
    return (
        Check(
            must=NotBefore(field=last, other=first),
            says=Text(
                fr=f"Le dernier jour ne peut pas précéder le premier, le {{{first}}}.",
                en=f"The last day cannot be before the first one, {{{first}}}.",
            ),
        ),
    )


PLANNED = (
    Date(
        code="starts_on",
        means="first_day",
        label=Text(fr="Début prévu", en="Planned start"),
        earliest=0,
        required=False,
    ),
    Date(
        code="ends_on",
        label=Text(fr="Fin prévue", en="Planned end"),
        earliest=1,
        required=False,
        checks=not_before("ends_on", "starts_on"),
    ),
)
"""When works are to begin and to end, as far as that is known."""
