"""An exemption whose condition compares a yes-or-no with text: nobody is ever exempt."""

from datetime import date

from parvis_bad.sound import VISIT, lamp, said
from parvis_sdk.conditions import Is
from parvis_sdk.fees import Fee
from parvis_sdk.hooks import hookimpl
from parvis_sdk.tariffs import Exemption, Tariff

FREE = Exemption(
    code="free",
    title=said("Danger", "Danger"),
    when=Is(field="danger", value="yes"),
)
FEE = Fee(
    code="visit",
    title=said("Visite", "Visit"),
    tariffs=(Tariff(since=date(2026, 1, 1), lines=(VISIT,), exemptions=(FREE,)),),
)
LAMP = lamp(parts=(FEE,))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:11 · request type 'lamp' · fee 'visit' · tariff of 2026-01-01 · exemption 'free' ·
#     'danger' never answers 'yes' · the plugin is left out · compare with True or False
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:11 · request type 'lamp' · fee 'visit' ·
#     tariff of 2026-01-01 · exemption 'free' · 'danger' never answers 'yes' · the plugin is left out · compare with
#     True or False
