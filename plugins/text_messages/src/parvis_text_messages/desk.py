"""Text messages that stand on no request: read, made a request, put on one, or let go with a reason."""

import msgspec

from parvis.i18n import format_phone, gettext, pgettext
from parvis.web.desk.context import DeskContext
from parvis_sdk.contact_methods import TEXT_MESSAGE
from parvis_sdk.requests import Channel
from parvis_sorting.messages import SETTLED, IncomingMessage
from parvis_sorting.pages import (
    SortingList,
    SortingPage,
    SortingWords,
    handlers_of,
    menu_line,
    sheet_source,
    stalled_source,
)
from parvis_text_messages.settings import Settings
from parvis_text_messages.sorting import TEXTS
from parvis_text_messages.tables import IncomingText


def takes_texts(room: DeskContext) -> bool:
    """Whether a gateway may bring messages here."""
    return bool(room.host.of(Settings).secret)


def _words() -> SortingWords:
    return SortingWords(
        title=gettext("Text messages to sort"),
        meaning=gettext(
            "Replies are attached to their request automatically. The messages listed here match no "
            "request, or more than one."
        ),
        why=gettext("Reason"),
        kinds={
            "reply": pgettext("text message", "answer"),
            "new": pgettext("text message", "new message"),
            "ambiguous": pgettext("text message", "several requests possible"),
            "stop": "STOP",
            "start": "START",
            "help": pgettext("text message", "HELP"),
            "flood": pgettext("text message", "too many messages"),
            "part": pgettext("text message", "part of a message"),
        },
        reasons=_reasons(),
    )


def _reasons() -> dict[str, str]:
    """Why a message is where it is."""
    return {
        "names its reference": gettext("It mentions a request linked to this number."),
        "names a request that is not of its number": gettext(
            "It mentions a request that is not linked to this number."
        ),
        "no open request of its number": gettext("No open request is linked to this number."),
        "its number is the one of several persons": gettext("Several people use this number."),
        "the only request of its number": gettext("It is the only request linked to this number."),
        "answers the last thing that its number was told": gettext("It answers the last message sent to its number."),
        "several requests are possible": gettext("Several requests of this person are possible."),
        "its requester wrote too much within the hour": gettext("The sender sent too many messages in one hour."),
        "its number wrote too much within the hour": gettext("The sender sent too many messages in one hour."),
        "its request was destroyed": gettext("Its request was destroyed."),
        "a word that every gateway knows": gettext("STOP, START and HELP are applied immediately."),
        "no number": gettext("The sender is not a telephone number."),
    }


def _heading(text: IncomingMessage) -> str:
    if not text.sender:
        return gettext("Text message")
    return gettext("Text message from %(number)s") % {"number": _sender(text)}


def _sender(text: IncomingMessage) -> str:
    return format_phone(text.sender) if text.sender else ""


IS_WHOLE = IncomingText.sort != "part"
PAGE = SortingPage(
    path="/bureau/textos",
    guide="docs/text-messages#where-a-message-goes",
    name="text",
    asked="texto",
    icon="phone",
    pile=TEXTS,
    lists=(
        SortingList(
            code="",
            title=lambda: gettext("To sort"),
            which=IncomingText.state.is_in(["open", "arrived"]) & IS_WHOLE,
        ),
        SortingList(
            code="ecartes",
            title=lambda: pgettext("text messages", "Dismissed"),
            which=(IncomingText.state == "aside") & IS_WHOLE,
        ),
        SortingList(
            code="traites",
            title=lambda: gettext("Sorted"),
            which=IncomingText.state.is_in(SETTLED) & IS_WHOLE,
        ),
    ),
    words=_words,
    when=takes_texts,
    sender=_sender,
    heading=_heading,
    requester=lambda text: {"phone": text.sender, "preferred_channel": TEXT_MESSAGE.name},
    channel=msgspec.convert(TEXT_MESSAGE.name, Channel),
)
HANDLERS = handlers_of(PAGE)
LINK, SHEET, LEFT = menu_line(PAGE), sheet_source(PAGE), stalled_source(PAGE)
