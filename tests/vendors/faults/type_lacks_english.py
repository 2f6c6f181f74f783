"""A text without English, where a town speaks both languages."""

from parvis_bad.sound import LAMPS, POLE, lamp
from parvis_sdk.fields import YesNo
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form
from parvis_sdk.text import Text

DANGER = YesNo(
    code="danger",
    label=Text(fr="Est-ce dangereux?"),
)
LAMP = lamp(form=form(DANGER, LAMPS, POLE))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:13 · request type 'lamp' · form.sections[request].fields[danger].label: no words in 'en'
#     ('Est-ce dangereux?')
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:13 · request type 'lamp' ·
#     form.sections[request].fields[danger].label · there are texts missing in “en” ('Est-ce dangereux?') · people who
#     read the town’s other language see French · write them
