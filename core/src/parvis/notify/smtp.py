"""Email by a mail server: an outgoing message as MIME, and what the server answers to it."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from email import policy
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime
from functools import cache
from typing import Any

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from parvis import clock
from parvis.notify.settings import Settings
from parvis.requests.work.answer_address import MARKED
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import EMAIL
from parvis_sdk.errors import Later, Refused, Unreachable
from parvis_sdk.text import Text

ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"\\\x00-\x1f\x7f]+@[^\s@<>()\[\],;:"\\\x00-\x1f\x7f]+""")
LANGUAGE = "Content-Language"
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
    return policy.SMTP.clone(header_factory=registry)


def as_mime(message: OutgoingMessage, *, sender: str, reply_to: str = "") -> EmailMessage:
    """The message as it goes to a mail server. The same message always has the same Message-ID."""
    mail = EmailMessage(policy=our_policy())
    headers = headers_of(message, sender=sender, reply_to=reply_to)
    language = headers.pop(LANGUAGE)
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(message.text, cte="quoted-printable")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail[LANGUAGE] = language  # setting the content drops what is said of it before
    return mail


def headers_of(message: OutgoingMessage, *, sender: str, reply_to: str = "") -> dict[str, str | Address]:
    """What stands above a message, without what says how its parts are written."""
    from_address = address(sender)
    headers: dict[str, str | Address] = {
        "From": Address(display_name=one_line(message.sender), addr_spec=from_address.addr_spec),
        "To": address(message.to),
        "Subject": one_line(message.subject),
        "Date": format_datetime(clock.now()),
        **thread_headers(message, from_address.domain),
    }
    # Where an answer lands on its request, that is where it goes, whatever address the settings give for all.
    marked = message.reply_to if MARKED.match(message.reply_to) else ""
    if answers_to := marked or reply_to or message.reply_to:
        headers["Reply-To"] = address(answers_to)
    headers["Auto-Submitted"] = "auto-generated"
    if message.stop_url and " " not in (url := one_line(message.stop_url)):
        headers["List-Unsubscribe"] = f"<{url}>"
        if url.startswith("https://"):  # RFC 8058 knows no other
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    headers[LANGUAGE] = one_line(message.language)
    return headers


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
                en="the address is not one that email can go to",
            )
        )
    name, _, domain = text.strip(" ").rpartition("@")
    try:
        return Address(username=name, domain=domain if domain.isascii() else domain.encode("idna").decode())
    except (ValueError, MessageError):  # of a domain that no name server could know
        raise Unreachable(
            Text(
                fr="aucun courriel ne peut être envoyé à cette adresse",
                en="the address is not one that email can go to",
            )
        ) from None


def one_line(text: str) -> str:
    """No control character, so that nothing in it can begin another header."""
    return UNSAFE.sub(" ", text).strip()


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", text) or "message"


GOODBYE_SECONDS = 2.0
SHUTTING_DOWN = 421
STATUS = re.compile(r"\s*(5\.\d{1,3}\.\d{1,3})\b")
RECEIVER = Text(
    fr="le serveur de courriel n’accepte pas ce destinataire\u00a0: {code} {words}",
    en="the mail server does not accept this receiver: {code} {words}",
)
MESSAGE = Text(
    fr="le serveur de courriel n’accepte pas ce message\u00a0: {code} {words}",
    en="the mail server does not accept this message: {code} {words}",
)
OF_THE_SENDER = ("5.1.7", "5.1.8")
CLOSED = "5.2.1"
OF_A_BOX = (550, 551, 552, 553)
FULL = 552
OURS = re.compile(r"relay|denied|polic|spam|block|blacklist|authent|sender", re.IGNORECASE)


class MailConnections:
    """Connections to one mail server, as many at once as are allowed and as it lets in.

    Each is kept for as long as a message waits for one, and then said goodbye on: none is ever idle. A first one has to
    be there before others are opened, so a server that is away is asked once for all that wait.
    """

    def __init__(self, most: int, connect: Callable[[], Awaitable[SMTP]]) -> None:
        self._most = self._allowed = most
        self._connect = connect
        self._opening = self._live = 0
        self._waiting: deque[asyncio.Future[SMTP | None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[SMTP]:
        """A connection on which nothing else is said meanwhile."""
        client = await self._taken()
        try:
            yield client
        except asyncio.CancelledError:
            client.close()  # in the middle of a word
            raise
        finally:
            await self._give_back(client)

    async def _taken(self) -> SMTP:
        while True:
            if self._may_open():
                client = await self._opened()
            else:
                client = await self._kept()
            if client is not None:
                return client

    def _may_open(self) -> bool:
        held = self._live + self._opening
        return held == 0 or (self._live > 0 and held < self._allowed)

    async def _opened(self) -> SMTP | None:
        """A new connection; None where the server lets no more in beside those that there are."""
        self._opening += 1
        try:
            client = await self._connect()
            self._live += 1
            return client
        except Later as later:
            if not self._live:
                self._wake(later)
                raise
            self._allowed = self._live
            return None
        finally:
            self._opening -= 1
            self._wake()

    async def _kept(self) -> SMTP | None:
        """The next one that is free; None where another may be opened, or where it went away meanwhile."""
        waiting: asyncio.Future[SMTP | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            client = await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and not waiting.exception() and (given := waiting.result()):
                await self._give_back(given)
            raise
        if client is None:
            return None
        is_there = False
        try:
            is_there = await _is_there(client)
        finally:  # also where nobody wants to know it any more
            if not is_there:
                client.close()
                self._one_less()
        return client if is_there else None

    async def _give_back(self, client: SMTP) -> None:
        """To the one that has waited longest; if there is none, closed."""
        while client.is_connected and self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(client)
                return
        self._one_less()
        await _part(client)

    def _one_less(self) -> None:
        self._live -= 1
        if not self._live:
            self._allowed = self._most
        self._wake()

    def _wake(self, why: Later | None = None) -> None:
        """Have those who wait look again, or tell them that there is no server."""
        waiting, self._waiting = self._waiting, deque()
        for each in waiting:
            if not each.done():
                each.set_exception(why) if why else each.set_result(None)


class Smtp:
    """Gives messages to the town's mail server, several side by side over connections that are kept meanwhile."""

    name, contact_method = EMAIL.name, EMAIL

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.side_by_side = settings.connections
        self._connections = MailConnections(settings.connections, self._connected)

    async def send(self, message: OutgoingMessage) -> str:
        """Send one message. Once the server has taken it, nothing that goes wrong after makes it go twice."""
        if not self.settings.host:
            raise Later(
                Text(
                    fr="aucun serveur de courriel n’est nommé\u00a0: donnez host sous [plugins.notify], ou "
                    'mode = "mailbox"',
                    en='no mail server is named: give [plugins.notify] host, or mode = "mailbox"',
                )
            )
        mail = as_mime(message, sender=self.settings.sender, reply_to=self.settings.reply_to)
        async with self._connections.one() as client:
            # What comes back then names its request, as an answer does.
            sender = message.reply_to if MARKED.match(message.reply_to) else None
            return await self._give(client, mail, sender)

    async def _connected(self) -> SMTP:
        client, there = self._client(), False
        try:
            await self._connect(client)
            there = True
        finally:
            if not there:
                client.close()
        return client

    def _client(self) -> SMTP:
        settings = self.settings
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.seconds,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            username=settings.user or None,
            password=settings.password or None,
        )

    async def _connect(self, client: SMTP) -> None:
        """A trouble here is never the message's own: a wrong password or a server that is away can be cured."""
        try:
            await client.connect()
        except SMTPAuthenticationError as error:
            raise Later(
                Text(
                    fr="le serveur de courriel n’accepte pas notre nom d’utilisateur et notre mot de passe "
                    f"({error.code})",
                    en=f"the mail server does not accept our user and password ({error.code})",
                )
            ) from error
        except (SMTPException, OSError) as error:
            raise Later(
                Text(
                    fr=f"le serveur de courriel est impossible à joindre\u00a0: {_said(error)}",
                    en=f"the mail server cannot be reached: {_said(error)}",
                )
            ) from error

    async def _give(self, client: SMTP, mail: EmailMessage, sender: str | None) -> str:
        try:
            _, answer = await client.send_message(mail, sender=sender)
        except SMTPRecipientsRefused as error:
            one = error.recipients[0]
            raise _of_the_receiver(one.code, one.message) from error
        except SMTPSenderRefused as error:
            raise Later(
                Text(
                    fr=f"le serveur de courriel n’accepte pas notre adresse d’expéditeur\u00a0: {error.code} "
                    f"{error.message}",
                    en=f"the mail server does not accept our sender address: {error.code} {error.message}",
                )
            ) from error
        except SMTPNotSupported as error:
            raise Refused(
                Text(
                    fr=f"le serveur de courriel ne peut pas transporter ce message\u00a0: {_said(error)}",
                    en=f"the mail server cannot carry this message: {_said(error)}",
                )
            ) from error
        except SMTPResponseException as error:
            raise _of_the_message(error) from error
        except (SMTPException, OSError) as error:
            client.close()  # what it would answer now is an answer to nothing
            raise Later(
                Text(
                    fr=f"le serveur de courriel a coupé la communication\u00a0: {_said(error)}",
                    en=f"the mail server went away: {_said(error)}",
                )
            ) from error
        return answer


def _of_the_receiver(code: int, words: str) -> Later | Refused:
    """Of a server that names no enhanced status only what it usually says of its own boxes is held to be of one."""
    if code == SHUTTING_DOWN:
        return Later(
            Text(
                fr=f"le serveur de courriel s’arrête\u00a0: {code} {words}",
                en=f"the mail server is closing: {code} {words}",
            )
        )
    if 400 <= code < 500:
        return Later(
            Text(
                fr=f"le serveur de courriel demande d’attendre\u00a0: {code} {words}",
                en=f"the mail server asks to wait: {code} {words}",
            ),
            only_this=True,
        )
    reason = RECEIVER.format(code=code, words=words)
    status = _status(words)
    if _is_of_the_box(status) or (not status and code in OF_A_BOX and not OURS.search(words)):
        return _unreachable(reason, code, status, words)
    return Refused(reason)


def _of_the_message(error: SMTPResponseException) -> Later | Refused:
    if 500 <= error.code < 600:
        reason = MESSAGE.format(code=error.code, words=error.message)
        status = _status(error.message)
        if _is_of_the_box(status):
            return _unreachable(reason, error.code, status, error.message)
        return Refused(reason)
    return Later(
        Text(
            fr=f"le serveur de courriel demande d’attendre\u00a0: {error.code} {error.message}",
            en=f"the mail server asks to wait: {error.code} {error.message}",
        )
    )


def _unreachable(reason: Text, code: int, status: str, words: str) -> Unreachable:
    for_good = status.startswith("5.1.") or status == CLOSED if status else code != FULL
    return Unreachable(reason, for_good=for_good, status=status, said=f"{code} {words}")


def _status(words: str) -> str:
    """The enhanced status code that an answer begins with (RFC 3463); empty where there is none."""
    found = STATUS.match(words)
    return found[1] if found else ""


def _is_of_the_box(status: str) -> bool:
    """Whether the answer is about whom a message is for: their address or their box, not ours, nor a policy."""
    return status.startswith(("5.1.", "5.2.")) and status not in OF_THE_SENDER


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__


async def _is_there(client: SMTP) -> bool:
    """Whether a server listens on a connection that was kept, before another message is begun on it."""
    try:
        await client.rset()
    except (SMTPException, OSError):
        return False
    return True


async def _part(client: SMTP) -> None:
    """Say goodbye if the server listens; close in any case."""
    with suppress(SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await client.quit()
    client.close()
