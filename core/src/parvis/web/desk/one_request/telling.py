"""The story of a request as the timeline of its page: latest first, with what was written, given and attached."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.timeline import StoryLine
from parvis.web.answers import answer_rows
from parvis.web.downloads import shown_file
from parvis.web.formats import paragraphs
from parvis.web.promise import why_moved
from parvis.web.storytelling import folded
from parvis_sdk.fields import File, Photo
from parvis_sdk.requests import Attachment

COLLEAGUES = ("internal", "colleagues", "restricted", "deciding")
PART = "historique"
PARTS = {
    "messages": ("reply", "received", "occurrence", "messages", "word_along", "submitted", "called", "not_reached"),
    "etapes": ("submitted", "moved", "assigned", "priority", "promised", "paused", "resumed"),
    "notes": ("note",),
}
"""Which kinds of lines each part of the story holds, by its word in the address."""


def asked_for(query: Mapping[str, str]) -> str:
    """The part that the address names; empty for the whole."""
    return query[PART] if query.get(PART) in PARTS else ""


def only(part: str, story: Sequence[StoryLine]) -> Sequence[StoryLine]:
    return [line for line in story if line.kind in PARTS[part]] if part else story


def parts_of(story: Sequence[StoryLine]) -> list[dict[str, Any]]:
    """The parts that the story has, each with how many lines; none where the whole is short."""
    names = {"messages": gettext("Messages"), "etapes": gettext("Steps"), "notes": gettext("Notes")}
    found = [{"part": part, "name": name, "count": len(only(part, story))} for part, name in names.items()]
    return [
        {"part": "", "name": gettext("Everything"), "count": len(story)},
        *(each for each in found if each["count"]),
    ]


def entries(story: Sequence[StoryLine], files: Mapping[str, Attachment]) -> list[dict[str, Any]]:
    """Entries for the macro `timeline`."""
    return [_entry(line, files) for line in reversed(story)]


def _entry(line: StoryLine, files: Mapping[str, Attachment]) -> dict[str, Any]:
    return {
        "number": line.number,
        "title": _title(line),
        "at": line.at,
        "by": " · ".join(part for part in (_who(line), _reach(line)) if part),
        "body": _body(line, files),
        "kind": "warn" if line.kind in ("revealed", "taken") else "mine" if line.by_requester else _inside(line),
        "files": [file_at_desk(one) for one in line.attachments],
    }


def _title(line: StoryLine) -> str:
    name = line.details.get("name") if line.kind == "assigned" else ""
    return f"{line.title}, {name}" if name else line.title


def _who(line: StoryLine) -> str:
    return line.who or (gettext("the requester") if line.by_requester else "")


def _reach(line: StoryLine) -> str:
    return gettext("for colleagues only") if line.audience in COLLEAGUES else ""


def _inside(line: StoryLine) -> str:
    return "internal" if line.audience in COLLEAGUES else ""


def _body(line: StoryLine, files: Mapping[str, Attachment]) -> Markup:
    asked = [one.field for one in line.answers if not isinstance(one.field, Photo | File)]
    given = {one.field.code: one.value for one in line.answers}
    rows = answer_rows(asked, given, files)
    parts = [paragraphs(line.words)] if line.words else []
    if line.folded:
        parts.append(folded(line))
    if len(rows) == 1:
        parts.append(_one_answer(rows[0]["key"], rows[0]["value"]))
    elif rows:
        pairs = (Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(row["key"], row["value"]) for row in rows)
        parts.append(Markup('<dl class="pairs">{}</dl>').format(Markup("").join(pairs)))
    if line.promised_at and line.number == 1:
        day = i18n.format_date(line.promised_at)
        parts.append(Markup("<p>{}</p>").format(gettext("Promised for %(day)s") % {"day": day}))
    elif line.promised_at:
        parts.append(Markup("<p>{}</p>").format(why_moved(line, mine=False)))
    if line.kind == "amended" and line.details.get("changed"):
        named = [amended_part(name) for name in line.details["changed"]]
        parts.append(Markup("<p>{}</p>").format(gettext("Corrected: %(parts)s") % {"parts": i18n.format_list(named)}))
    return Markup("").join(parts)


def _one_answer(question: str, answer: Any) -> Markup:
    """A question with its answer: in one line, or above what has lines of its own."""
    if isinstance(answer, Markup):
        return Markup('<p class="muted small">{}</p>{}').format(question, answer)
    return Markup('<p><span class="muted">{}{}</span> {}</p>').format(question, _colon(question), answer)


def _colon(question: str) -> str:
    if question.endswith("?"):
        return ""
    return "\u00a0:" if i18n.language() == "fr" else ":"


def amended_part(name: str) -> str:
    words = {"type": gettext("the type"), "place": gettext("the place"), "answers": gettext("the answers")}
    return words.get(name, name)


def file_at_desk(file: Attachment) -> dict[str, Any]:
    """A file as the macros of the pages want it."""
    return shown_file(file, f"/bureau/fichiers/{file.id}")
