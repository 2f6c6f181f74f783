"""Checks of the messages of a request type: their events can happen, and their placeholders are filled in."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.mistakes import text_mistakes

if TYPE_CHECKING:
    from parvis_sdk.parts import Fact
    from parvis_sdk.request_types import Message, RequestType

BY_HAND = ("replied", "rescheduled")  # what somebody of the town wrote is `{words}`
TOLD = ("submitted", "replied", "withdrawn", "rescheduled", "retyped")
PLACEHOLDERS = ("reference", "type", "state", "place", "promised", "reason", "town", "link")


_TAKEN = tuple(name for name in PLACEHOLDERS if name != "reason")  # filled in by the host, whatever a fact says


def message_mistakes(request_type: "RequestType") -> Iterator[DeclarationMistake]:
    """Messages for events that cannot happen, without text, or with unknown placeholders."""
    facts = request_type.facts()  # once: each call fills in the words of every fact
    for code, fact in facts.items():
        for name in fact.names:
            if name in _TAKEN:
                what = f"{{{name}}} is that of the request in every message"
                yield DeclarationMistake(
                    where=f"fact {code!r}", what=what, now_what=f"call it otherwise than {', '.join(_TAKEN)}"
                )
    known = {*TOLD, *(transition.code for transition in request_type.workflow.transitions), *facts}
    for message in request_type.messages:
        where = f"message on {message.on!r}"
        if message.on not in known:
            yield DeclarationMistake(
                where=where, what="nothing of that name happens", now_what=f"use one of {', '.join(sorted(known))}"
            )
        yield from text_mistakes(message.subject, f"{where} · subject")
        yield from text_mistakes(message.body, f"{where} · body")
        yield from _placeholder_mistakes(request_type, facts, message, where)


def _placeholder_mistakes(
    request_type: "RequestType", facts: "Mapping[str, Fact]", message: "Message", where: str
) -> Iterator[DeclarationMistake]:
    transition = request_type.workflow.transition(message.on)
    given = [field.code for field in transition.asks.fields()] if transition else []
    given += ["words"] if message.on in BY_HAND else []
    brought = request_type.workflow.brought_by(transition) if transition else (message.on,)
    given += [name for fact in brought if fact in facts for name in facts[fact].names]
    for part, text in (("subject", message.subject), ("body", message.body)):
        said = dict.fromkeys(name for code in text.languages() for name in re.findall(r"{(\w+)}", text.to(code)))
        for name in said:
            if name not in PLACEHOLDERS and name not in given:
                what = f"nothing fills in {{{name}}}"
                yield DeclarationMistake(
                    where=f"{where} · {part}", what=what, now_what=f"use {', '.join((*PLACEHOLDERS, *given))}"
                )
