"""The keys with which towns sign their documents: one for each town, in a folder of keys."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

KINDS = ("p12", "pem")


class NotSigned(Exception):
    """The document cannot be signed, and an unsigned one is not to be had."""


@dataclass(frozen=True)
class Seal:
    """The key of one town with its certificates: who holds it, and from when until when it may be used."""

    signer: Any
    holder: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Seals:
    """`<town>.p12` (PKCS#12) or `<town>.pem` (key, then certificates) in one folder, with one passphrase for all."""

    folder: Path
    passphrase: bytes | None = None
    opened: dict[str, Seal] = field(default_factory=dict)

    def of(self, town: str) -> Seal:
        """The key of a town; `NotSigned` where there is none or it cannot be opened."""
        if town not in self.opened:
            from parvis_seals.keys import open_key  # seconds of importing, where there is something to sign

            self.opened[town] = open_key(self._file(town), self.passphrase)
        return self.opened[town]

    def missing(self, towns: Iterable[str]) -> dict[str, str]:
        """Of these towns those whose key cannot be used, each with the reason."""
        wrong = {}
        for town in towns:
            try:
                self.of(town)
            except NotSigned as error:
                wrong[town] = str(error)
        return wrong

    def _file(self, town: str) -> Path:
        for kind in KINDS:
            if (path := self.folder / f"{town}.{kind}").is_file():
                return path
        raise NotSigned(f"{self.folder} holds neither {town}.p12 nor {town}.pem")


@dataclass(frozen=True)
class TownSeals:
    """The keys of the towns served by this process: with them, no document leaves unsigned."""

    seals: Seals | None = None

    def of(self, town: str) -> Seal | None:
        """The key of a town; None where documents are not signed here."""
        return self.seals.of(town) if self.seals is not None else None
