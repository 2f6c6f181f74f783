"""A yes-or-no that is compared with a word: it never holds."""

from parvis_bad.sound import DANGER, lamp, said
from parvis_sdk.conditions import Is
from parvis_sdk.fields import ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

WHY = ShortText(
    code="why",
    label=said("Pourquoi?", "Why?"),
    show_when=Is(field="danger", value="oui"),
)
LAMP = lamp(form=form(DANGER, WHY))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' · show_when · 'danger' never answers 'oui' · the
#     plugin is left out · compare with True or False
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:12 · request type 'lamp' · field 'why' ·
#     show_when · 'danger' never answers 'oui' · the plugin is left out · compare with True or False
