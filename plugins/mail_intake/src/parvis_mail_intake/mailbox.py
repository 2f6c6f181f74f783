"""One connection to a mailbox by IMAP: which mails are there, their bytes, and moving one away; each call blocks."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from parvis_mail_intake.settings import Settings
from parvis_sdk.errors import Later

LARGEST = 40_000_000  # bytes; of what is larger only the head is read
HEAD = 65_536
MOST_AT_ONCE = 200
NEEDS_QUOTES = re.compile(r'([\\"])')


class Mailbox:
    """An open connection. Nothing is ever deleted here: a mail goes from one folder to another, or stays."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self.client = client
        _, said = client.capability()  # asked again: many servers list their capabilities only after sign-in
        self.can_move = b"MOVE" in bytes(said[0] or b"").upper().split()

    def uids(self, folder: str) -> list[bytes]:
        """The mails of a folder, the oldest first; none where there is no such folder."""
        answered, _ = self.client.select(_quoted(folder))
        if answered != "OK":
            return []
        found = self._ask("SEARCH", "UNDELETED")
        return found[0].split()[:MOST_AT_ONCE] if found and isinstance(found[0], bytes) else []

    def raw(self, uid: bytes) -> bytes:
        """The bytes of a mail of the folder chosen last, without marking it as read; empty once it is gone."""
        sizes = self._ask("FETCH", uid.decode(), "(RFC822.SIZE)")
        size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(each for each in sizes if isinstance(each, bytes)))
        is_large = size is not None and int(size[1]) > LARGEST
        part = f"(BODY.PEEK[]<0.{HEAD}>)" if is_large else "(BODY.PEEK[])"
        answer = self._ask("FETCH", uid.decode(), part)
        return next((bytes(each[1]) for each in answer if isinstance(each, tuple)), b"")

    def move(self, uid: bytes, folder: str) -> None:
        """Put a mail of the folder chosen last into another, which is made when it is not there."""
        if self.can_move:
            if self.client.uid("MOVE", uid.decode(), _quoted(folder))[0] != "OK":
                self._make(folder)
                self._ask("MOVE", uid.decode(), _quoted(folder))
            return
        if self.client.uid("COPY", uid.decode(), _quoted(folder))[0] != "OK":
            self._make(folder)
            self._ask("COPY", uid.decode(), _quoted(folder))
        self._ask("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Deleted)")  # here; it stands in the other folder

    def _make(self, folder: str) -> None:
        self.client.create(_quoted(folder))

    def _ask(self, *command: str) -> list[bytes | tuple[bytes, bytes]]:
        answered, found = self.client.uid(command[0], *command[1:])
        if answered != "OK":
            raise Later(f"the mail server refuses {command[0]}: {found!r:.200}")
        return [each for each in found if each is not None]


@contextmanager
def opened(settings: Settings) -> Iterator[Mailbox]:
    """The mailbox of these settings, signed in to, and signed out of afterwards; `Later` when it cannot be reached."""
    try:
        client = _connected(settings)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Later(f"the mailbox cannot be opened: {error}") from error
    try:
        yield Mailbox(client)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Later(f"the mail server went away: {error}") from error
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            client.logout()


def _connected(settings: Settings) -> imaplib.IMAP4:
    client: imaplib.IMAP4
    trusted = ssl.create_default_context()
    if settings.tls == "tls":
        client = imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=trusted, timeout=settings.seconds)
    else:
        client = imaplib.IMAP4(settings.host, settings.port, timeout=settings.seconds)
    try:
        if settings.tls == "starttls":
            client.starttls(trusted)
        client.login(settings.user, settings.password)
    except BaseException:
        client.shutdown()
        raise
    return client


def _quoted(folder: str) -> str:
    """A folder's name as the protocol wants it: other letters than ASCII in its own UTF-7."""
    said = re.sub(r"[^\x20-\x7e]+", _utf7, folder.replace("&", "&-"))
    return '"' + NEEDS_QUOTES.sub(r"\\\1", said) + '"'


def _utf7(found: re.Match[str]) -> str:
    return found[0].encode("utf-7").decode().replace("+", "&").replace("/", ",")
