"""The settings of `notify`: how e-mail and text messages leave, and in whose name."""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from parvis.settings_checks import EMAIL
from parvis_sdk.calling import is_address

BODY = {"to": "{to}", "from": "{sender}", "text": "{text}"}
HOST = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9a-fA-F:.]+\]?")
Seconds = Annotated[float, Meta(gt=0, le=25)]


class Settings(Struct, frozen=True, kw_only=True):
    """`mode` is "smtp", "mailbox" (kept in the database, for a demonstration) or "console" (for developers).

    With "smtp", `host`, `port`, `user` and `password` name the mail server and `tls` how it is spoken to; until `host`
    is given, messages wait in the outbox. `connections` is how many each worker has open to it at once, fewer where it
    lets in no more. `sender` is the address that messages come from, `reply_to` where answers go, the town's own
    address when empty.

    With "smtp", text messages are offered once `sms_url` names a gateway; the other modes keep or print them. What is
    sent is `sms_method` with `sms_headers` and `sms_body`, in whose words `{to}`, `{text}`, `{sender}`, `{id}`,
    `{reference}` and `{secret}` are filled in, as `sms_encoding` says. `sms_user` signs in with `sms_secret`.
    `sms_once` says that the gateway takes a message with the same `Idempotency-Key` once: a try whose end nobody knows
    may be made again. `sms_receipt` names the number in the answer. `sms_letters` "plain" leaves out the accents that
    cost more parts.
    """

    mode: Literal["smtp", "mailbox", "console"] = "smtp"
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = ""
    sender: str = "parvis@localhost"
    reply_to: str = ""
    seconds: Seconds = 20.0
    connections: Annotated[int, Meta(ge=1, le=50)] = 8
    sms_url: str = ""
    sms_method: Literal["POST", "PUT", "GET"] = "POST"
    sms_headers: dict[str, str] = {}
    sms_body: dict[str, Any] = msgspec.field(default_factory=lambda: dict(BODY))
    sms_encoding: Literal["json", "form", "query"] = "json"
    sms_user: str = ""
    sms_secret: str = ""
    sms_sender: str = ""
    sms_receipt: str = "id"
    sms_once: bool = False
    sms_letters: Literal["all", "plain"] = "all"
    sms_seconds: Seconds = 15.0

    def __post_init__(self) -> None:
        if self.host and not HOST.fullmatch(self.host):
            raise ValueError("host is no name or address of a machine: `port` and `tls` say the rest")
        for name in ("sender", "reply_to"):
            if (given := getattr(self, name)) and not EMAIL.fullmatch(given):
                raise ValueError(f"{name} is no e-mail address")
        if not self.sms_url:
            return
        if not is_address(self.sms_url):
            raise ValueError("sms_url is no address of http or https with a port that there is")
        if "{text}" not in msgspec.json.encode(self.sms_body).decode():
            raise ValueError("sms_body has no {text}")
        if "{to}" not in msgspec.json.encode([self.sms_body, self.sms_headers]).decode():
            raise ValueError("sms_body has no {to}")
