"""The settings of `correspondence`: the mailbox whose mail is fetched, and the address that people answer to."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from parvis.composition import Startup
from parvis.plugins import PluginRegistry
from parvis.requests.work.answer_address import LONGEST_NAME, AnswerMailbox

NAME = "correspondence"


class Settings(Struct, frozen=True, kw_only=True):
    """Mail is fetched once `host` names an IMAP server and `address` the address whose mail lies there.

    `user`, `password` and `tls` are how it is spoken to. New mail is read in `folder` and in `junk`, so that nobody's
    mail is lost to a filter; once it is kept here it is moved to `done`, never deleted. The server must deliver mail
    to `name+anything@domain` into the same mailbox. `jurisdiction` is the town that new mail is for, the first one
    when empty.
    """

    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 993
    tls: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password: str = ""
    address: str = ""
    folder: str = "INBOX"
    junk: str = "Junk"
    done: str = "Parvis"
    jurisdiction: str = ""
    seconds: Annotated[float, Meta(gt=0, le=120)] = 30.0

    def __post_init__(self) -> None:
        name, at, domain = self.address.rpartition("@")
        if self.host and not (at and name and domain):
            raise ValueError("address is no mail address, and without one people cannot answer")
        if "+" in name or len(name) > LONGEST_NAME:
            raise ValueError(f"before its @, address has a + or more than {LONGEST_NAME} letters")
        if len({self.folder, self.junk, self.done}) < 3:
            raise ValueError("folder, junk and done must be three folders")


def settings_of(plugins: PluginRegistry) -> Settings:
    """What the town's files say, or that nothing is fetched."""
    plugin = plugins.by_name.get(NAME)
    found = plugin.settings if plugin is not None else None
    return found if isinstance(found, Settings) else Settings()


def given(startup: Startup) -> tuple[AnswerMailbox, ...]:
    """Where people may answer to; nowhere while no mail is fetched."""
    settings = settings_of(startup.plugins)
    return (AnswerMailbox(settings.address if settings.host else "", owner="mail_intake"),)
