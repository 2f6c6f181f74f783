"""The draft behind a form: found by a cookie that only the browser holds, saved after each press, ended when sent."""

from collections.abc import Mapping
from typing import Any

from litestar.datastructures import Cookie
from litestar.exceptions import ClientException
from msgspec import Struct

from parvis.requests import drafts
from parvis.requests.attachments import waiting
from parvis.web.portal.steps import Step, first_open, steps_of
from parvis.web.portal.visit import Visit
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment

DAYS = 14
MOST_TOKEN = 100


class Working(Struct, kw_only=True):
    """One person's form of one request type: what is kept of it, and what follows from that."""

    here: Any
    kind: RequestType
    token: str
    raw: dict[str, Any]
    files: dict[str, Attachment]
    sent_as: str = ""
    is_new: bool = False

    @property
    def holder(self) -> str:
        return drafts.holder_of(self.token)

    @property
    def reading(self) -> Reading:
        return Reading(today=self.here.today, attachments=self.files)

    @property
    def steps(self) -> tuple[Step, ...]:
        return steps_of(self.kind, self.raw, self.reading)

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.raw.get("answers") or {})

    @property
    def done(self) -> list[str]:
        return list(self.raw.get("done") or [])

    def demand(self) -> Any:
        """Everything as one demand, or everything that is wrong with it."""
        sent = {name: self.raw.get(name) for name in ("answers", "place", "requester")}
        sent["answers"] = {code: value for code, value in self.answers.items() if value not in (None, "", [])}
        return self.kind.read(
            {**sent, "language": self.here.language}, channel="portal", today=self.here.today, attachments=self.files
        )

    def problems(self) -> tuple[Problem, ...]:
        read = self.demand()
        return read.found if isinstance(read, Problems) else ()

    def open_until(self) -> int:
        """The index of the last step that may be shown."""
        return first_open(self.steps, self.done, self.problems())

    def finish(self, step: Step) -> None:
        """The person has gone through this step."""
        self.raw["done"] = [code for code in self.done if code != step.code] + [step.code]

    async def save(self) -> Cookie:
        """Keeps what was typed, and the cookie that finds it again."""
        here: Visit = self.here
        try:
            await drafts.save(here.heart, self.token, here.town.code, self.kind.code, here.language, self.raw)
        except drafts.TooLong as error:
            raise ClientException("The answers are too long.", status_code=413) from error
        return here.kept(cookie_name(self.kind), self.token, days=DAYS)


def cookie_name(kind: RequestType) -> str:
    return f"parvis_draft_{kind.code}"


async def working(here: Visit, kind: RequestType) -> Working:
    """The draft that this browser holds for a request type; a new one where it holds none, or none of ours."""
    token = here.request.cookies.get(cookie_name(kind), "")[:MOST_TOKEN]
    found = await drafts.load(here.heart, token) if token else None
    if found is None or found.type != kind.code or found.jurisdiction != here.town.code:
        return anew(here, kind)
    files = {} if found.sent_as else await waiting(drafts.holder_of(token))
    return Working(here=here, kind=kind, token=token, raw=found.raw, files=files, sent_as=found.sent_as)


def anew(here: Visit, kind: RequestType) -> Working:
    return Working(here=here, kind=kind, token=drafts.new_token(), raw={}, files={}, is_new=True)


def part_of(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One part of what was typed, whatever a stranger may have sent in its place."""
    value = raw.get(name)
    return dict(value) if isinstance(value, Mapping) else {}
