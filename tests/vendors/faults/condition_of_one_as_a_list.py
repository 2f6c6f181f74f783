"""One answer that is looked into as if it were a list."""

from parvis_bad.sound import lamp, said
from parvis_sdk.conditions import Includes
from parvis_sdk.fields import OneOf, Option, ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

SEEN = OneOf(
    code="seen",
    label=said("Qu’avez-vous vu?", "What did you see?"),
    options=(
        Option(code="wire", label=said("Un fil", "A wire")),
        Option(code="glass", label=said("Du verre", "Glass")),
    ),
)
WHY = ShortText(
    code="why",
    label=said("Où est le fil?", "Where is the wire?"),
    show_when=Includes(field="seen", value="wire"),
)
LAMP = lamp(form=form(SEEN, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:20 · request type 'lamp' · field 'why' · show_when · 'seen' never answers a list · the
#     plugin is left out · use Is or OneOfThese
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:20 · request type 'lamp' · field 'why' ·
#     show_when · 'seen' never answers a list · the plugin is left out · use Is or OneOfThese
