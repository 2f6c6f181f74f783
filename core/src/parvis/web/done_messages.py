"""What a page says first after an action: sentences declared where the action is, named by the word in the address."""

from collections.abc import Callable, Iterable
from typing import Literal

from parvis.i18n import gettext
from parvis.web.places import ITS_NAME, SlotItem

SAID = "fait"  # the parameter of the address


class DoneMessage(SlotItem, frozen=True, kw_only=True):
    """One sentence, said once after an action: `name` is the word in the address (`?fait=…`) in every language.

    `slot` is the page that says it: `desk.request.done`, `tracking.request.done`.
    """

    IF_BROKEN = {"text": ITS_NAME}
    text: Callable[[], str]
    tone: Literal["ok", "warn"] = "ok"


def done_message(messages: Iterable[DoneMessage], word: str) -> DoneMessage | None:
    """What is said after the action of this word; nothing after one that nobody here has words for."""
    return next((each for each in messages if each.name == word), None)


SLOT = "tracking.request.done"
IT_IS_DONE = DoneMessage(slot=SLOT, name="1", text=lambda: gettext("It is done."))
KEPT_ANYWAY = DoneMessage(
    slot=SLOT,
    name="garde",
    text=lambda: gettext("The request had moved on in the meantime. What you sent us was added to it as a message."),
)
