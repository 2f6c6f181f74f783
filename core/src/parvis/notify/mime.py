"""An outgoing message as MIME: both parts, the thread, the way out, and no header that a person could have written."""

import re
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime
from functools import cache
from typing import Any

from parvis import clock
from parvis.requests.work.answer_address import MARKED
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.errors import Unreachable
from parvis_sdk.text import Text

ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"\\\x00-\x1f\x7f]+@[^\s@<>()\[\],;:"\\\x00-\x1f\x7f]+""")
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Whole(UnstructuredHeader):
    """A header with an address in it: folded, a long one would be encoded, and no mail program would know it again."""

    max_count = 1

    def fold(self: Any, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


@cache
def our_policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", Whole)  # type: ignore[arg-type]  # it makes the class it wants of ours
    return SMTP.clone(header_factory=registry)


def as_mime(message: OutgoingMessage, *, sender: str, reply_to: str = "") -> EmailMessage:
    """The message as it goes to a mail server. The same message always has the same Message-ID."""
    from_address = address(sender)
    mail = EmailMessage(policy=our_policy())
    mail["From"] = Address(display_name=one_line(message.sender), addr_spec=from_address.addr_spec)
    mail["To"] = address(message.to)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(clock.now())
    for name, value in thread_headers(message, from_address.domain).items():
        mail[name] = value
    # Where an answer lands on its request, that is where it goes, whatever address the settings give for all.
    marked = message.reply_to if MARKED.match(message.reply_to) else ""
    if answers_to := marked or reply_to or message.reply_to:
        mail["Reply-To"] = address(answers_to)
    mail["Auto-Submitted"] = "auto-generated"
    if message.stop_url and " " not in (url := one_line(message.stop_url)):
        mail["List-Unsubscribe"] = f"<{url}>"
        if url.startswith("https://"):  # RFC 8058 knows no other
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="quoted-printable")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = one_line(message.language)
    return mail


def thread_headers(message: OutgoingMessage, domain: str) -> dict[str, str]:
    """Message-ID, and the common ancestor by which mail programs group the messages of one request."""
    headers = {"Message-ID": f"<{_token(message.id)}@{domain}>"}
    if message.thread:
        first = f"<request-{_token(message.thread)}@{domain}>"
        headers |= {"In-Reply-To": first, "References": first}
    return headers


def address(text: str) -> Address:
    """One address, or a refusal: it will not become one by trying again."""
    if not ADDRESS.fullmatch(text.strip(" ")):
        raise Unreachable(
            Text(
                fr="aucun courriel ne peut être envoyé à cette adresse",
                en="the address is not one that e-mail can go to",
            )
        )
    name, _, domain = text.strip(" ").rpartition("@")
    try:
        return Address(username=name, domain=domain if domain.isascii() else domain.encode("idna").decode())
    except (ValueError, MessageError):  # of a domain that no name server could know
        raise Unreachable(
            Text(
                fr="aucun courriel ne peut être envoyé à cette adresse",
                en="the address is not one that e-mail can go to",
            )
        ) from None


def one_line(text: str) -> str:
    """No control character, so that nothing in it can begin another header."""
    return UNSAFE.sub(" ", text).strip()


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", text) or "message"
