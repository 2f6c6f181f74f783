"""What the lifecycle asks of every kind of part: to bring a fact about, which facts stand, and to forget."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from piccolo.table import Table

from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.calendars import BusinessCalendar, last_day, midnight_after
from parvis.requests.actors import Actor
from parvis.requests.changing import Situation, Write
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_sdk.fields import AnyField
from parvis_sdk.moments import Occasion
from parvis_sdk.parts import Part
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Owed
from parvis_sdk.standing_answers import AnsweredAgain, asked_by, standing_answers
from parvis_sdk.subscriptions import PaidThere
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied


class DateColumn(NamedTuple):
    """Where a date of a part stands: its table, whose rows name their `request`, and while what holds it counts."""

    table: type[Table]
    column: str
    condition: str


class LaterDates(NamedTuple):
    """What becomes of the dates of a request: how they are written, and the lines that its holder reads."""

    writes: tuple[Write, ...] = ()
    told: tuple[Text, ...] = ()


class TimeAway(NamedTuple):
    """Since when nobody could move a request under lock, and the whole days by which its dates are put off.

    With `over`, for a moment's absence, only what fell before then is moved.
    """

    here: Situation
    since: datetime
    over: datetime | None
    days: int

    @property
    def calendar(self) -> BusinessCalendar:
        return self.here.town.calendar

    def moves(self, at: datetime | None) -> bool:
        """Whether a date is put off."""
        return at is not None and at >= self.since and (self.over is None or at <= self.over)

    def later(self, at: datetime) -> datetime:
        """So many days later at the same hour of the town, which its clocks may have moved meanwhile."""
        return midnight_after(self.calendar, last_day(self.calendar, at) + timedelta(days=self.days))


class EffectContext(Struct, frozen=True, kw_only=True):
    """The circumstances in which a step brings facts about: the request under lock, who moves it, what they gave.

    `move` is its code, empty where there is none; `counted` holds the last number that it took of each series, which
    its writes will use; `again` what earlier moves were answered; `ends` the end that it gives to each validity, by its
    code; `said` what the facts brought about before have to say.
    """

    host: Host
    here: Situation
    actor: Actor
    move: str = ""
    given: Mapping[str, Any] = {}
    counted: dict[str, int] = {}
    again: AnsweredAgain = AnsweredAgain()
    ends: dict[str, datetime | None] = {}
    said: dict[str, Text] = {}

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they stand with this step: what it asks again counts from now on."""
        now = asked_by(self.here.request_type, self.move, self.given)
        return standing_answers(self.here.request_type, self.here.record.answers, self.again, now)

    @property
    def occasion(self) -> Occasion:
        """The same as the rules of the sdk ask for it."""
        town = self.here.town
        ends = {season.code: season.last for season in town.seasons}
        return Occasion(at=self.here.at, town=town.calendar, given=self.given, answers=self.answers, seasons=ends)

    @property
    def fields(self) -> dict[str, AnyField]:
        """The questions of these answers."""
        own = {field.code: field for field in self.here.request_type.form.fields()}
        asked = self.here.request_type.workflow.transition(self.move)
        now = {field.code: field for field in asked.asks.fields()} if asked else {}
        return own | self.again.fields | now

    def brings(self, fact: str) -> bool:
        """Whether the step brings this fact about as well."""
        workflow = self.here.request_type.workflow
        transition = workflow.transition(self.move)
        return transition is not None and fact in workflow.brought_by(transition)


class Effects(Struct, frozen=True, kw_only=True):
    """What a step comes to: what is to be written in the same transaction, and every fact that has thereby come true.

    `facts` holds for each of them what messages may say of it, by name. There may be others beside the one asked for,
    or none at all where nothing changes: a fee of nothing is paid as soon as it is due. `body` is what the entry in the
    history holds of it for good.
    """

    writes: tuple[Write, ...] = ()
    facts: dict[str, dict[str, Text]] = {}
    body: dict[str, Any] = {}


class Term(Struct, frozen=True, kw_only=True):
    """Until when something that was granted holds, as it stands at this moment, by the code of its part.

    `until` is the first instant at which it holds no more; none where it has no end.
    """

    code: str
    state: Literal["valid", "suspended", "revoked", "ended", "expired"]
    since: datetime
    until: datetime | None = None
    renewals: int = 0


class ArchivedEntry(Struct, frozen=True, kw_only=True):
    """One entry: `data` for programs, its texts put into the language of the person, and with a `title` what is read.

    `said` is what it came to, in a word; `files` are those of the request that belong to it.
    """

    data: Mapping[str, Any]
    title: Text = Text(fr="")
    said: Text = Text(fr="")
    at: datetime | None = None
    words: str = ""
    points: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class PartArchive(Struct, frozen=True, kw_only=True):
    """Under which name the data has the entries of a kind of part, and who gathers those that a viewer may read."""

    name: str
    of: Callable[[Viewer, Record, RequestType, Jurisdictions], Awaitable[tuple[ArchivedEntry, ...]]]


class ArchivedPart(Struct, frozen=True, kw_only=True):
    """What was gathered of one kind of part of a request."""

    name: str
    title: Text
    entries: tuple[ArchivedEntry, ...]


class PartPaper(Struct, frozen=True, kw_only=True):
    """A paper that was made for a part of a request, as it lies in the store under the digest `content`.

    `name` is that of its file, `data` what programs are told of it besides.
    """

    title: Text
    number: str
    name: str
    digest: str
    content: str
    data: Mapping[str, Any] = {}


def said_in(value: Any, language: str) -> Any:
    """The same data with its texts in one language."""
    match value:
        case Text():
            return value.to(language)
        case Mapping():
            return {name: said_in(each, language) for name, each in value.items()}
        case list() | tuple():
            return [said_in(each, language) for each in value]
    return value


class PartKind(Struct, frozen=True, kw_only=True):
    """One kind of part: its noun, what people call it, and who looks after it.

    None of the functions opens a unit, and none but `paid` asks the lifecycle.

    `bring` only plans, in the locked unit. `standing` names the facts that are true now of the parts of a request;
    `forget` runs in the transaction of an erasure and takes what is personal, keeping what figures need. `end` plans
    what becomes of what is under way when the request is closed, or becomes one of another type. `put_off` plans what
    becomes of its dates when the plugin of the type comes back; they stand in the columns of `dates`. On the page
    at the desk of the word `page` is prepared what a step brings about; it is made there, for one request at a time.
    In the table `rows` a request that has such a part has rows, by its column `request`. What is `brought_last` says
    what the other facts of the same move came to.
    `reads_file` says whether a file of the request reaches a viewer because of such a part, by its id; `archive` what
    its requester is given who asks for everything; `papers` are those that a viewer takes away with the whole file.
    `owed` says what is to be paid for a request because of such parts, as other systems are told. One of them tells
    that it was `paid` there: inside a transaction it is written down, or what is to be said instead is answered.
    `terms` says until when what was granted holds because of such parts, as documents that are worth it tell, and
    `would_end` when what one of them begins now would end. `holder_back` takes back, in a transaction, what was offered
    since an instant by somebody who turned out not to hold the request.
    `known` is what needs of steps may look at beside answers, by codes that begin with @.
    """

    noun: type[Part]
    bring: Callable[[EffectContext, Any, str], Awaitable[Effects | Denied | Problems]]
    standing: Callable[[Record, RequestType], Awaitable[frozenset[str]]]
    forget: Callable[[UUID], Awaitable[None]]
    end: Callable[[EffectContext], Awaitable[tuple[Write, ...]]] | None = None
    dates: tuple[DateColumn, ...] = ()
    put_off: Callable[[TimeAway], Awaitable[LaterDates]] | None = None
    title: Text = Text(fr="")
    page: str = ""
    rows: type[Table] | None = None
    reads_file: Callable[[Viewer, Record, RequestType, Jurisdictions, str], Awaitable[bool]] | None = None
    archive: PartArchive | None = None
    papers: Callable[[Viewer, Record, RequestType, Jurisdictions], Awaitable[tuple[PartPaper, ...]]] | None = None
    brought_last: bool = False
    owed: Callable[[Record, RequestType], Awaitable[tuple[Owed, ...]]] | None = None
    paid: Callable[[Host, str, PaidThere, Actor], Awaitable[Text | None]] | None = None
    terms: Callable[[UUID], Awaitable[tuple[Term, ...]]] | None = None
    would_end: Callable[[EffectContext, Any], datetime | None] | None = None
    holder_back: Callable[[Situation, datetime], Awaitable[None]] | None = None
    known: Callable[[Host, Record, RequestType], Awaitable[Mapping[str, Any]]] | None = None

    @property
    def word(self) -> str:
        """The word of the kind, with which its facts begin."""
        return self.noun.part

    @property
    def named(self) -> Text:
        """What people call it, or else its word."""
        return self.title if self.title.fr else Text(fr=self.word)


def about(part: Part, word: str, said: Mapping[str, Text] | None = None) -> dict[str, dict[str, Text]]:
    """One fact as `Effects` holds it."""
    return {part.fact(word): dict(said or {})}
