"""The messages to the requester at the pretend desk, from the texts of the plugin or the sdk."""

from parvis_sdk.events import Event, Happened, Moved, Submitted
from parvis_sdk.placeholders import fill_body, fill_subject
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Town
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.states import ToldRequester
from parvis_sdk.testing.pretend.words import in_words
from parvis_sdk.text import Text


def told_of(case: Case, town: Town, event: Event) -> ToldRequester | None:
    """The message for an event with its placeholders filled in; None if there is none, or only the host has one."""
    match event:
        case Submitted():
            on = "submitted"
        case Moved(tell=True, transition=on) | Happened(tell=True, fact=on):
            pass
        case _:
            return None
    words = words_for(case.request_type, on)
    if words is None:
        return None
    values = _values(case, town, event)
    subject, body = (each.to(case.submission.language) for each in words)
    return ToldRequester(on=on, subject=fill_subject(subject, values), body=fill_body(body, values))


def words_for(request_type: RequestType, on: str) -> tuple[Text, Text] | None:
    """The author's words for what happens, or else those of the fact."""
    if (message := request_type.message(on)) is not None:
        return message.subject, message.body
    fact = request_type.part_of(on)[0].facts().get(on) if "." in on else None
    return (fact.subject, fact.body) if fact and fact.subject and fact.body else None


def _values(case: Case, town: Town, event: Event) -> dict[str, str]:
    language, workflow = case.submission.language, case.request_type.workflow
    said = {name: text.to(language) for name, text in event.said.items()} if isinstance(event, Moved | Happened) else {}
    given = {}
    if isinstance(event, Moved) and (made := workflow.transition(event.transition)):
        given = {code: in_words(made.asks.field(code), value, language) for code, value in event.given.items()}
    place = case.submission.place
    return {
        "reason": "",
        **said,
        **given,
        "reference": case.reference,
        "type": case.request_type.title.to(language),
        "state": workflow.state(case.state).title.to(language),
        "place": place.address if place else "",
        "promised": "",
        "town": town.name.to(language),
        "link": f"{town.url}/{language}/suivi/{case.reference}",
    }
