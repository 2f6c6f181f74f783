"""Words that are compared as a number is."""

from parvis_bad.sound import POLE, lamp, said
from parvis_sdk.conditions import AtLeast
from parvis_sdk.fields import ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

WHY = ShortText(
    code="why",
    label=said("Pourquoi?", "Why?"),
    show_when=AtLeast(field="pole", value=100),
)
LAMP = lamp(form=form(POLE, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' · show_when · 'pole' never answers a number · the
#     plugin is left out · compare a question that is a Number or Money
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' ·
#     show_when · 'pole' never answers a number · the plugin is left out · compare a question that is a Number or
#     Money
