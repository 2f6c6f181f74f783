"""A number that is compared with more than it may be."""

from parvis_bad.sound import LAMPS, lamp, said
from parvis_sdk.conditions import AtLeast
from parvis_sdk.fields import ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

WHY = ShortText(
    code="why",
    label=said("Pourquoi autant?", "Why so many?"),
    show_when=AtLeast(field="lamps", value=51),
)
LAMP = lamp(form=form(LAMPS, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' · show_when · 'lamps' never answers 51 or more:
#     50 at most · the plugin is left out · compare with a number from 1 to 50
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' ·
#     show_when · 'lamps' never answers 51 or more: 50 at most · the plugin is left out · compare with a number from
#     1 to 50
