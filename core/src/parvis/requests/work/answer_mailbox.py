"""Where people may answer to what the town writes by mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerMailbox:
    """The mail address whose mail is fetched; empty where none is."""

    address: str = ""
