"""A number of lamps that is compared with an amount of money."""

from parvis_bad.sound import LAMPS, lamp, said
from parvis_sdk.conditions import AtMost
from parvis_sdk.fields import Check, Money
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form

COST = Money(
    code="cost",
    label=said("Combien?", "How much?"),
    checks=(Check(must=AtMost(field="cost", other="lamps"), says=said("Trop cher.", "Too dear.")),),
)
LAMP = lamp(form=form(LAMPS, COST))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:9 · request type 'lamp' · field 'cost' · check · 'cost' (CAD) and 'lamps' (no unit) do not
#     compare · the plugin is left out · say what one is worth of the other: `times`
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:9 · request type 'lamp' · field 'cost' · check ·
#     'cost' (CAD) and 'lamps' (no unit) do not compare · the plugin is left out · say what one is worth of the other:
#     `times`
