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
        title=gettext("Emails to sort"),
        meaning=gettext(
            "Replies to the town’s emails are attached to their requests automatically. The emails "
            "listed here could not be linked to a request."
        ),
        why=gettext("Reason for this classification"),
        kinds={
            "reply": pgettext("mail", "reply"),
            "new": pgettext("mail", "new email"),
            "auto-reply": pgettext("mail", "automatic reply"),
            "bounce": pgettext("mail", "not delivered"),
            "loop": pgettext("mail", "our own email"),
            "calendar": pgettext("mail", "calendar"),
            "junk": pgettext("mail", "junk"),
        },
        reasons=_reasons(),
        caution=gettext(
            "Anyone can fake the sender of an email. The address alone does not prove the person’s identity."
        ),
    )


def _reasons() -> dict[str, str]:
    """By which sign a mail was judged to be what it is; what a machine wrote into it stays as it is."""
    return {
        "no sign of a machine": gettext("no sign of automatic sending"),
        "sent to the address of an answer": gettext("sent to a reply address"),
        "its mark is not one of ours, or no longer": gettext("its reply code is not ours, or is no longer valid"),
        "its requester wrote too much within the hour": gettext("the requester sent too many emails in one hour"),
        "its request was destroyed": gettext("its request was destroyed"),
        "it comes from our own address": gettext("sent from our own address"),
        "names a receiver that could not be reached": gettext("mentions an undeliverable recipient"),
        "it has no return path and tells of a failure": gettext("no return address, and reports a failure"),
        "it has no return path": gettext("no return address"),
        "its subject says so": gettext("according to its subject"),
        "the mail server put it among junk": gettext("marked as junk by the mail server"),
        "a newsletter: List-Unsubscribe": gettext("a newsletter: List-Unsubscribe"),
    }


def _heading(mail: IncomingMessage) -> str:
    return mail.subject or (gettext("no longer kept") if mail.is_settled else gettext("without a subject"))


def _sender(mail: IncomingMessage) -> str:
    return f"{mail.sender_name} <{mail.sender}>".strip() if mail.sender else mail.sender_name


IS_ASIDE, IS_JUNK = IncomingMail.state == "aside", IncomingMail.sort == "junk"
PAGE = SortingPage(
    path="/bureau/courriels",
    guide="docs/incoming-mail#sorting",
    name="mail",
    asked="courriel",
    icon="mail",
    pile=MAIL,
    lists=(
        SortingList(code="", title=lambda: gettext("To sort"), which=IncomingMail.state == "open"),
        SortingList(code="indesirables", title=lambda: gettext("Junk"), which=IS_ASIDE & IS_JUNK),
        SortingList(
            code="machines",
            title=lambda: gettext("Sent automatically"),
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
