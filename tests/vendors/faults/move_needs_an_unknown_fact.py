"""A move that needs, for some answers, what can never come true."""

from msgspec import structs
from parvis_bad.sound import FLOW, POLE, REPAIR, LAMPS, lamp, said
from parvis_sdk.conditions import AtLeast
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form
from parvis_sdk.workflow import Need

MANY = structs.replace(
    REPAIR,
    needs_when=(Need(fact="fee.visits.paid", when=AtLeast(field="lamps", value=3), says=said("Payez.", "Pay.")),),
)
LAMP = lamp(form=form(LAMPS, POLE), workflow=structs.replace(FLOW, transitions=(MANY, *FLOW.transitions[1:])))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/sound.py:25 · request type 'lamp' · transition 'repair' · needs_when · 'fee.visits.paid' is nothing
#     that can happen here · the plugin is left out · use one of fee.visit.due, fee.visit.failed, fee.visit.paid,
#     fee.visit.refund_due, fee.visit.refunded, fee.visit.waived
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/sound.py:25 · request type 'lamp' · transition 'repair' ·
#     needs_when · 'fee.visits.paid' is nothing that can happen here · the plugin is left out · use one of
#     fee.visit.due, fee.visit.failed, fee.visit.paid, fee.visit.refund_due, fee.visit.refunded, fee.visit.waived
