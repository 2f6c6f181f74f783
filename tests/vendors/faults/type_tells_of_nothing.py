"""A message on a fact that never comes true."""

from parvis_bad.sound import lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import Message

TOLD = Message(
    on="fee.visit.payed",
    subject=said("Payé", "Paid"),
    body=said("Merci.", "Thank you."),
)
LAMP = lamp(messages=(TOLD,))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request type 'lamp' · message on 'fee.visit.payed' · nothing of that name happens ·
#     the plugin is left out · use one of close, fee.visit.due, fee.visit.failed, fee.visit.paid,
#     fee.visit.refund_due, fee.visit.refunded, fee.visit.waived, refuse, repair, replied, rescheduled, retyped,
#     submitted, withdrawn
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · request type 'lamp' · message on
#     'fee.visit.payed' · nothing of that name happens · the plugin is left out · use one of close, fee.visit.due,
#     fee.visit.failed, fee.visit.paid, fee.visit.refund_due, fee.visit.refunded, fee.visit.waived, refuse, repair,
#     replied, rescheduled, retyped, submitted, withdrawn
