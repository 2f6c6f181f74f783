"""Mail that stands on no request: read, made a request, put on one, or let go with a reason."""

from parvis.i18n import gettext, pgettext
from parvis.requests.work.answer_address import AnswerMailbox
from parvis.web.desk.context import DeskContext
from parvis_mail_intake.sorting import MAIL
from parvis_mail_intake.tables import IncomingMail
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


def fetches_mail(room: DeskContext) -> bool:
    """Whether this installation takes in the mail that people write."""
    return bool(room.host.of(AnswerMailbox).address)


def _words() -> SortingWords:
    return SortingWords(
        title=gettext("Mail to sort"),
        meaning=gettext(
            "An answer to a mail of the town goes to its request by itself. What stands here carries no sign of which "
            "one it is about."
        ),
        why=gettext("Judged so because"),
        kinds={
            "reply": pgettext("mail", "answer"),
            "new": pgettext("mail", "new mail"),
            "auto-reply": pgettext("mail", "automatic reply"),
            "bounce": pgettext("mail", "not delivered"),
            "loop": pgettext("mail", "our own mail"),
            "calendar": pgettext("mail", "calendar"),
            "junk": pgettext("mail", "junk"),
        },
        reasons=_reasons(),
        caution=gettext("Anybody can write any sender into a mail: the address alone proves nothing."),
    )


def _reasons() -> dict[str, str]:
    """By which sign a mail was judged to be what it is; what a machine wrote into it stays as it is."""
    return {
        "no sign of a machine": gettext("no sign of a machine"),
        "sent to the address of an answer": gettext("sent to the address of an answer"),
        "its mark is not one of ours, or no longer": gettext("its mark is not one of ours, or no longer"),
        "its requester wrote too much within the hour": gettext("its requester wrote too much within the hour"),
        "its request was destroyed": gettext("its request was destroyed"),
        "it comes from our own address": gettext("it comes from our own address"),
        "names a receiver that could not be reached": gettext("names a receiver that could not be reached"),
        "it has no return path and tells of a failure": gettext("it has no return path and tells of a failure"),
        "it has no return path": gettext("it has no return path"),
        "its subject says so": gettext("its subject says so"),
        "the mail server put it among junk": gettext("the mail server put it among junk"),
        "a newsletter: List-Unsubscribe": gettext("a newsletter: List-Unsubscribe"),
    }


def _heading(mail: IncomingMessage) -> str:
    return mail.subject or (gettext("no longer kept") if mail.is_settled else gettext("without a subject"))


def _sender(mail: IncomingMessage) -> str:
    return f"{mail.sender_name} <{mail.sender}>".strip() if mail.sender else mail.sender_name


IS_ASIDE, IS_JUNK = IncomingMail.state == "aside", IncomingMail.sort == "junk"
PAGE = SortingPage(
    path="/bureau/courriels",
    name="mail",
    asked="courriel",
    icon="mail",
    pile=MAIL,
    lists=(
        SortingList(code="", title=lambda: gettext("To sort"), which=IncomingMail.state == "open"),
        SortingList(code="indesirables", title=lambda: gettext("Junk"), which=IS_ASIDE & IS_JUNK),
        SortingList(
            code="machines",
            title=lambda: gettext("Sent by machines"),
            which=IS_ASIDE & (IncomingMail.sort != "junk"),
        ),
        SortingList(code="traites", title=lambda: gettext("Sorted"), which=IncomingMail.state.is_in(SETTLED)),
    ),
    words=_words,
    when=fetches_mail,
    sender=_sender,
    heading=_heading,
    requester=lambda mail: {"name": mail.sender_name, "email": mail.sender},
    channel="email",
)
HANDLERS = handlers_of(PAGE)
LINK, SHEET, LEFT = menu_line(PAGE), sheet_source(PAGE), stalled_source(PAGE)
