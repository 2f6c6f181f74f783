"""Several answers that are compared as if they were one."""

from parvis_bad.sound import lamp, said
from parvis_sdk.conditions import Is
from parvis_sdk.fields import Option, SeveralOf, ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

SEEN = SeveralOf(
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
    show_when=Is(field="seen", value="wire"),
)
LAMP = lamp(form=form(SEEN, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:20 · request type 'lamp' · field 'why' · show_when · 'seen' answers a list, never 'wire'
#     · the plugin is left out · use Includes
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:20 · request type 'lamp' · field 'why' ·
#     show_when · 'seen' answers a list, never 'wire' · the plugin is left out · use Includes
