"""Where people may answer to what the town writes by mail."""

from dataclasses import dataclass

from parvis.requests.heart import Heart


@dataclass(frozen=True)
class AnswerMailbox:
    """The mail address whose mail is fetched, and the module that fetches it; empty where none is."""

    address: str = ""
    owner: str = ""


def answered_at(heart: Heart, jurisdiction: str) -> str:
    """Where people may answer to what this town writes; empty while nobody fetches mail for it."""
    mailbox, town = heart.of(AnswerMailbox), heart.territory.get(jurisdiction)
    return mailbox.address if town is not None and heart.modules.of(town).has(mailbox.owner) else ""
