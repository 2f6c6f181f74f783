"""What a town says of its services itself: for whom, at what cost, what comes next, its own messages."""

import msgspec

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.about import About, Answer
from parvis_sdk.text import Text


class ServiceWords(msgspec.Struct, frozen=True, kw_only=True):
    """The town's own words on one service; what is empty keeps the author's.

    An answer of the code of one of the author's stands in its place; the codes in `without` are left out.
    """

    who: Text = Text(fr="")
    cost: Text = Text(fr="")
    prepare: Text = Text(fr="")
    next: tuple[Text, ...] = ()
    answers: tuple[Answer, ...] = ()
    without: tuple[str, ...] = ()


def read_services(table: Table) -> dict[str, ServiceWords]:
    """`services.toml`: one table a type of request."""
    services = {}
    for code, entry in table.named_tables():
        services[code] = ServiceWords(
            who=entry.text("who"),
            cost=entry.text("cost"),
            prepare=entry.text("prepare"),
            next=tuple(read_line(line) for line in entry.tables("next")),
            answers=tuple(read_answer(answer) for answer in entry.tables("answers")),
            without=entry.strings("without"),
        )
        entry.close()
    return services


def read_line(table: Table) -> Text:
    text = table.text("text", required=True)
    table.close()
    return text


def read_answer(table: Table) -> Answer:
    answer = Answer(
        code=table.code("code", required=True),
        question=table.text("question", required=True),
        answer=table.text("answer", required=True),
        link=table.url("link"),
    )
    table.close()
    return answer


def in_the_words_of(words: ServiceWords | None, about: About, shared: tuple[Answer, ...]) -> About:
    """What the page of a service says: the author's words and answers, those of its theme, the town's over both."""
    ours = words or ServiceWords()
    answers = {answer.code: answer for answer in (*about.answers, *shared, *ours.answers)}
    return About(
        who=ours.who if ours.who.fr else about.who,
        cost=ours.cost if ours.cost.fr else about.cost,
        next=ours.next or about.next,
        answers=tuple(answer for code, answer in answers.items() if code not in ours.without),
        first=about.first,
    )


SERVICES: TownFile[dict[str, ServiceWords]] = TownFile(
    name="services.toml", read=lambda table, around: read_services(table), usual={}
)


ANY = "*"


class MessageOverride(msgspec.Struct, frozen=True, kw_only=True):
    """The town's own words for a step; an empty subject or body keeps the usual one."""

    type: str = ANY
    transition: str = ANY
    subject: Text = Text(fr="")
    body: Text = Text(fr="")


def read_messages(table: Table) -> tuple[MessageOverride, ...]:
    """`messages.toml`: `[[messages]]` with `type`, `transition` (or "*"), `subject`, `body`."""
    found: dict[tuple[str, str], MessageOverride] = {}
    for entry in table.tables("messages"):
        message = MessageOverride(
            type=entry.string("type", ANY),
            transition=entry.string("transition", ANY),
            subject=entry.text("subject"),
            body=entry.text("body"),
        )
        entry.close()
        if not message.subject.fr and not message.body.fr:
            entry.wrong("", "changes nothing", "add subject or body")
        if (message.type, message.transition) in found:
            entry.wrong("", f"repeats {message.type} / {message.transition}", "keep one of the two")
        found[message.type, message.transition] = message
    table.close()
    return tuple(found.values())


def most_fitting(messages: tuple[MessageOverride, ...], type_code: str, transition: str) -> MessageOverride | None:
    """Exactly this step of this type, else any step of the type, else this step of any type, else the general one."""
    by_key = {(message.type, message.transition): message for message in messages}
    keys = ((type_code, transition), (type_code, ANY), (ANY, transition), (ANY, ANY))
    return next((by_key[key] for key in keys if key in by_key), None)


MESSAGES: TownFile[tuple[MessageOverride, ...]] = TownFile(
    name="messages.toml", read=lambda table, around: read_messages(table), usual=()
)


def town_message(town: Jurisdiction, type_code: str, transition: str) -> MessageOverride | None:
    """What a town says itself when a request of this type takes this transition."""
    return most_fitting(MESSAGES.of(town), type_code, transition)
