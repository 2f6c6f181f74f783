"""Keys sealed in the format of `age`: to public keys, so that who makes backups opens none, or by a passphrase."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyrage
from msgspec import Struct

from parvis.cli.troubles import Unusable

SHORTEST = 12  # characters of a passphrase
SSH = ("ssh-ed25519", "ssh-rsa")


class Seal(Struct, frozen=True, kw_only=True):
    """Whom the keys are sealed to: public keys, or who knows a passphrase; nobody at all leaves them out."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    @property
    def title(self) -> str:
        """How a manifest tells it; empty where keys are left out."""
        if self.passphrase:
            return "passphrase"
        return f"recipients: {', '.join(self.recipients)}" if self.recipients else ""


def seal_of(recipients: Iterable[str], passphrase_file: Path | None) -> Seal:
    """What was asked for, looked at before anything is made."""
    named, passphrase = tuple(recipients), _first_line(passphrase_file) if passphrase_file else ""
    if named and passphrase_file:
        raise Unusable("keys are sealed to recipients or by a passphrase, not by both")
    if passphrase_file and len(passphrase) < SHORTEST:
        raise Unusable(f"{passphrase_file}: a passphrase has {SHORTEST} characters or more")
    for each in named:
        _recipient(each)
    return Seal(recipients=named, passphrase=passphrase)


def sealed(content: bytes, seal: Seal) -> bytes:
    if seal.passphrase:
        return bytes(pyrage.passphrase.encrypt(content, seal.passphrase))
    return bytes(pyrage.encrypt(content, [_recipient(each) for each in seal.recipients]))


def opened(content: bytes, identity_files: Sequence[Path], passphrase_file: Path | None) -> bytes:
    """The keys; raises where neither identity nor passphrase is the right one."""
    try:
        if passphrase_file:
            return bytes(pyrage.passphrase.decrypt(content, _first_line(passphrase_file)))
        return bytes(pyrage.decrypt(content, [each for file in identity_files for each in _identities(file)]))
    except pyrage.DecryptError as error:
        raise Unusable(f"the keys cannot be opened: {error}") from None


def _recipient(named: str) -> Any:
    try:
        if named.startswith(SSH):
            return pyrage.ssh.Recipient.from_str(named)
        return pyrage.x25519.Recipient.from_str(named)
    except pyrage.RecipientError as error:
        raise Unusable(f"{named!r} is no public key of age or SSH ({error})") from None


def _identities(file: Path) -> list[Any]:
    content = _read(file)
    try:
        if b"PRIVATE KEY" in content:
            return [pyrage.ssh.Identity.from_buffer(content)]
        lines = [line.strip() for line in content.decode().splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise Unusable(f"{file} is no private key of age or SSH ({error})") from None


def _first_line(file: Path) -> str:
    return _read(file).decode("utf-8", "replace").partition("\n")[0].strip()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unusable(f"{file} cannot be read ({error.strerror})") from None
