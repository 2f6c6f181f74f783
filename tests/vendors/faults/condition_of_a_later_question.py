"""A question that looks at one which is asked after it."""

from parvis_bad.sound import DANGER, lamp, said
from parvis_sdk.conditions import Is
from parvis_sdk.fields import ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

WHY = ShortText(
    code="why",
    label=said("Pourquoi?", "Why?"),
    show_when=Is(field="dangerous", value=True),
)
LAMP = lamp(form=form(DANGER, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' · show_when · the condition looks at 'dangerous',
#     which is not asked before it · the plugin is left out · ask 'dangerous' earlier, or correct its code
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' ·
#     show_when · the condition looks at 'dangerous', which is not asked before it · the plugin is left out · ask
#     'dangerous' earlier, or correct its code
