"""What an incoming mail is, by the signs that machines leave: a reply, a new one, or nothing that anybody must read."""

import re
from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from parvis_mail_intake.incoming import ParsedMail

Sort = Literal["reply", "new", "auto-reply", "bounce", "loop", "calendar", "junk"]
MARKED = re.compile(r"^[^@\s]+\+([0-9a-z]{9})\.([0-9a-f]{24})@", re.IGNORECASE)
MOST_HOPS = 40
MACHINES = re.compile(r"^(?:mailer-daemon|mail-daemon|postmaster|bounces?)(?:[+.-][^@]*)?@", re.IGNORECASE)
AWAY = re.compile(
    r"^(?:\[[^\]]*\]\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|réponse automatique|absence du bureau|absent du bureau|message d['’]absence|avis d['’]absence)\b",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"^(?:undeliver(?:able|ed)|delivery status notification|mail delivery (?:failed|failure|subsystem)|returned mail"
    r"|échec de (?:la )?remise|non remis|message non distribué)",
    re.IGNORECASE,
)
AUTOMATIC = ("auto_reply", "auto-reply")


class MailVerdict(Struct, frozen=True, kw_only=True):
    """What a mail is and by which sign; `mark` is what it claims to answer, which only `placing` may believe."""

    sort: Sort
    why: str
    reference: str = ""
    mark: str = ""


def judge(mail: ParsedMail, *, own: Collection[str] = (), from_junk: bool = False) -> MailVerdict:
    """The first of these signs decides. What no sign speaks against is for a person to read."""
    reference, mark = marked(mail)
    if why := _loops(mail, own):
        return MailVerdict(sort="loop", why=why)
    if why := _bounced(mail):
        return MailVerdict(sort="bounce", why=why, reference=reference, mark=mark)
    if mail.calendar:
        return MailVerdict(sort="calendar", why=f"calendar: {mail.calendar}")
    if why := _automatic(mail):
        return MailVerdict(sort="auto-reply", why=why)
    if mark:
        return MailVerdict(sort="reply", why="sent to the address of an answer", reference=reference, mark=mark)
    if why := _junk(mail, from_junk=from_junk):
        return MailVerdict(sort="junk", why=why)
    return MailVerdict(sort="new", why="no sign of a machine")


def marked(mail: ParsedMail) -> tuple[str, str]:
    """The reference and the mark in the first address that has both; two empty ones otherwise."""
    for address in mail.to:
        if found := MARKED.match(address):
            return found[1].upper(), found[2].lower()
    return "", ""


def _loops(mail: ParsedMail, own: Collection[str]) -> str:
    if mail.sender.casefold() in {address.casefold() for address in own if address}:
        return "it comes from our own address"
    hops = len(mail.signs.get("received", ()))
    return f"it went through {hops} servers" if hops > MOST_HOPS else ""


def _bounced(mail: ParsedMail) -> str:
    if mail.report == "delivery-status":
        return "multipart/report: delivery-status"
    if mail.undelivered:
        return "names a receiver that could not be reached"
    is_empty = mail.sign("return-path") == "<>"
    if MACHINES.match(mail.sender) and (is_empty or FAILED.match(mail.subject)):
        return f"from {mail.sender.partition('@')[0]}, a mail server"
    return "it has no return path and tells of a failure" if is_empty and FAILED.match(mail.subject) else ""


def _automatic(mail: ParsedMail) -> str:
    automatic = mail.sign("auto-submitted")
    if automatic and automatic.partition(";")[0].strip() != "no":
        return f"Auto-Submitted: {automatic[:40]}"
    if mail.report:
        return f"multipart/report: {mail.report[:40]}"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from"):
        if mail.sign(name) not in ("", "no"):
            return name
    if mail.sign("precedence") in AUTOMATIC:
        return f"Precedence: {mail.sign('precedence')}"
    if AWAY.match(mail.subject):
        return "its subject says so"
    return "it has no return path" if mail.sign("return-path") == "<>" else ""


def _junk(mail: ParsedMail, *, from_junk: bool) -> str:
    if from_junk:
        return "the mail server put it among junk"
    if mail.sign("x-spam-flag") == "yes":
        return "X-Spam-Flag: yes"
    if mail.sign("precedence") in ("bulk", "junk"):
        return f"Precedence: {mail.sign('precedence')}"
    return "a newsletter: List-Unsubscribe" if mail.sign("list-unsubscribe") and mail.sign("list-id") else ""
