"""What the API says of a service before anything is filed: answers that need no request, notices in force."""

from datetime import datetime

from msgspec import Struct

Languages = dict[str, str]


class AnswerGiven(Struct, frozen=True, kw_only=True):
    """A question that needs no request, with what is said to it."""

    code: str
    question: Languages
    answer: Languages
    link: str


class NoticeShape(Struct, frozen=True, kw_only=True):
    """What the town wants known now; `stop` and `divert` answer whoever files in its zones (empty: everywhere).

    `every_year` names the first and the last day of the part of each year in which it holds: `["12-01", "03-31"]`.
    """

    code: str
    kind: str
    title: Languages
    text: Languages
    zones: list[str]
    until: datetime | None
    every_year: list[str]
    link: str
    phone: str
    to: str
    urgent: bool
