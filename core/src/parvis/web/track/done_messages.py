"""What the private page of a request says first after something was done on it."""

from parvis.i18n import gettext
from parvis.web.done_messages import DoneMessage

SLOT = "tracking.request.done"
IT_IS_DONE = DoneMessage(slot=SLOT, name="1", text=lambda: gettext("It is done."))
KEPT_ANYWAY = DoneMessage(
    slot=SLOT,
    name="garde",
    text=lambda: gettext("The request had moved on in the meantime. What you sent us was added to it as a message."),
)
MESSAGES = (
    KEPT_ANYWAY,
    DoneMessage(slot=SLOT, name="regle", text=lambda: gettext("Thank you. We have noted that it is resolved.")),
    DoneMessage(
        slot=SLOT,
        name="rouvert",
        text=lambda: gettext("Thank you for telling us. Your request is open again, under the same number."),
    ),
)
