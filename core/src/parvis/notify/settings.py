"""The settings of `notify`: how e-mail leaves, and in whose name."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Settings(Struct, frozen=True, kw_only=True):
    """`mode` is "smtp", "mailbox" (kept in the database, for a demonstration) or "console" (for developers).

    With "smtp", `host`, `port`, `user` and `password` name the mail server and `tls` how it is spoken to; until `host`
    is given, messages wait in the outbox. `sender` is the address that messages come from, `reply_to` where answers
    go, the town's own address when empty.
    """

    mode: Literal["smtp", "mailbox", "console"] = "smtp"
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = ""
    sender: str = "parvis@localhost"
    reply_to: str = ""
    seconds: Annotated[float, Meta(gt=0, le=25)] = 20.0
