"""A day that is compared with words that are no day."""

from parvis_bad.sound import lamp, said
from parvis_sdk.conditions import Is
from parvis_sdk.fields import Date, ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

SINCE = Date(
    code="since",
    label=said("Depuis quand?", "Since when?"),
)
WHY = ShortText(
    code="why",
    label=said("Pourquoi ce jour?", "Why that day?"),
    show_when=Is(field="since", value="31 décembre"),
)
LAMP = lamp(form=form(SINCE, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:16 · request type 'lamp' · field 'why' · show_when · 'since' never answers '31 décembre'
#     · the plugin is left out · compare with a day, “2026-11-29”
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:16 · request type 'lamp' · field 'why' ·
#     show_when · 'since' never answers '31 décembre' · the plugin is left out · compare with a day, “2026-11-29”
