"""Dovecot with one mailbox, and the delivery of mail into it as a mail server does it."""

import imaplib
import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis_testing.ports import free_port

from .running import leave_out, running

USER, PASSWORD = "requetes", "ouvre-toi"
CONFIGURATION = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = no
auth_allow_cleartext = yes
default_login_user = {owner}
default_internal_user = {owner}
default_internal_group = {group}
first_valid_uid = 1
mail_driver = maildir
mail_path = {folder}/mail
mail_uid = {owner}
mail_gid = {group}
mail_home = {folder}/home
recipient_delimiter = +
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    home = {folder}/home
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """A running server."""

    def __init__(self, imap: int, lmtp: int) -> None:
        self.port, self.lmtp = imap, lmtp
        self.user, self.password = USER, PASSWORD

    def deliver(self, raw: bytes, to: str, sender: str = "zoe@exemple.ca") -> None:
        """Bring a mail to the mailbox, whatever stands behind the + of its address."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.sendmail(sender, [to], raw)

    def put(self, raw: bytes, folder: str) -> None:
        """Lay a mail into a folder, as a filter does."""
        with self.opened() as client:
            client.append(folder, None, None, raw)

    def count(self, folder: str) -> int:
        with self.opened() as client:
            answered, found = client.select(folder, readonly=True)
            return int(found[0] or 0) if answered == "OK" else 0

    def raws(self, folder: str) -> list[bytes]:
        """Every mail of a folder, whole."""
        with self.opened() as client:
            client.select(folder, readonly=True)
            _, found = client.fetch("1:*", "(BODY.PEEK[])") if self.count(folder) else ("", [])
            return [bytes(each[1]) for each in found if isinstance(each, tuple)]

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            client.login(self.user, self.password)
            yield client
        finally:
            client.logout()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server with an empty mailbox, from the moment it listens."""
    command = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if command is None:
        leave_out("Dovecot")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as made:
        folder = Path(made)
        owner, group = _owner(folder)
        imap, lmtp = free_port(), free_port()
        said = CONFIGURATION.format(folder=folder, owner=owner, group=group, password=PASSWORD, imap=imap, lmtp=lmtp)
        (folder / "dovecot.conf").write_text(said)
        with running([command, "-F", "-c", folder / "dovecot.conf"], imap, folder / "out.log"):
            yield Dovecot(imap, lmtp)


def _owner(folder: Path) -> tuple[str, str]:
    """The owner of the mail: the user who runs the tests, or Dovecot's user where that is root, which it refuses."""
    if folder.owner() != "root":
        return folder.owner(), folder.group()
    for each in ("home", "mail"):
        (folder / each).mkdir()
        shutil.chown(folder / each, "dovecot", "dovecot")
    folder.chmod(0o755)
    return "dovecot", "dovecot"
