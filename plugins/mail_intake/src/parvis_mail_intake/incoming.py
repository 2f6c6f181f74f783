"""A mail as it came in, read once: who wrote to whom, what, and the signs by which it is judged."""

from uuid import UUID

from msgspec import Struct


class Enclosure(Struct, frozen=True, kw_only=True):
    """A file that came with a mail, as it came."""

    name: str
    kind: str
    content: bytes


class DeliveryFailure(Struct, frozen=True, kw_only=True):
    """What a mail server says of a mail of ours: for whom it was and whether it will ever come there.

    `status` is the enhanced status code (RFC 3463), such as 5.1.1; empty where the server gave none.
    """

    address: str
    permanent: bool
    said: str = ""
    status: str = ""

    @property
    def is_of_the_address(self) -> bool:
        """Whether nothing will ever arrive there; not that a box is full, a mail too large, or the content refused."""
        unknown = self.status in ("", "5.0.0", "5.2.1")  # 5.2.1: the box is closed
        return self.permanent and (unknown or self.status.startswith("5.1."))


class ParsedMail(Struct, frozen=True, kw_only=True):
    """One mail. `signs` are its headers by lower-case name; `troubles` what could not be read of it, for people."""

    message_id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    subject: str
    text: str
    files: tuple[Enclosure, ...] = ()
    signs: dict[str, tuple[str, ...]] = {}
    kind: str = "text/plain"
    calendar: str = ""  # the method of the invitation that it is, REQUEST or another
    report: str = ""  # delivery-status and the like, where a machine reports
    undelivered: tuple[DeliveryFailure, ...] = ()
    about: tuple[UUID, ...] = ()  # the deliveries by which mail of ours went out, which it quotes by their Message-ID
    troubles: tuple[str, ...] = ()

    def sign(self, name: str) -> str:
        """The first header of that name, in lower case; empty where there is none."""
        said = self.signs.get(name, ())
        return said[0].strip().lower() if said else ""
