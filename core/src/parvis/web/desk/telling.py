"""The story of a request as the timeline of its page: latest first, with what was written, given and attached."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.timeline import StoryLine
from parvis.web.answers import answer_rows
from parvis.web.formats import paragraphs
from parvis_sdk.fields import File, Photo
from parvis_sdk.requests import Attachment


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
        "kind": "warn" if line.kind == "revealed" else "mine" if line.by_requester else _inside(line),
        "files": [_file(one) for one in line.attachments],
    }


def _title(line: StoryLine) -> str:
    name = line.details.get("name") if line.kind == "assigned" else ""
    return f"{line.title}, {name}" if name else line.title


def _who(line: StoryLine) -> str:
    return line.who or (gettext("the requester") if line.by_requester else "")


def _reach(line: StoryLine) -> str:
    return gettext("for colleagues only") if line.audience in ("internal", "colleagues", "restricted") else ""


def _inside(line: StoryLine) -> str:
    return "internal" if line.audience in ("internal", "colleagues", "restricted") else ""


def _body(line: StoryLine, files: Mapping[str, Attachment]) -> Markup:
    asked = [one.field for one in line.answers if not isinstance(one.field, Photo | File)]
    given = {one.field.code: one.value for one in line.answers}
    rows = answer_rows(asked, given, files)
    parts = [paragraphs(line.words)] if line.words else []
    if len(rows) == 1:
        line_of = Markup('<div class="pair"><span class="muted">{}{}</span> {}</div>')
        parts.append(line_of.format(rows[0]["key"], _colon(rows[0]["key"]), rows[0]["value"]))
    elif rows:
        pairs = (Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(row["key"], row["value"]) for row in rows)
        parts.append(Markup('<dl class="pairs">{}</dl>').format(Markup("").join(pairs)))
    if line.promised_at:
        day = i18n.format_date(line.promised_at)
        parts.append(Markup("<p>{}</p>").format(gettext("Promised for %(day)s") % {"day": day}))
    if line.kind == "amended" and line.details.get("changed"):
        named = [amended_part(name) for name in line.details["changed"]]
        parts.append(Markup("<p>{}</p>").format(gettext("Corrected: %(parts)s") % {"parts": i18n.format_list(named)}))
    return Markup("").join(parts)


def _colon(question: str) -> str:
    if question.endswith("?"):
        return ""
    return "\u00a0:" if i18n.language() == "fr" else ":"


def amended_part(name: str) -> str:
    words = {"type": gettext("the type"), "place": gettext("the place"), "answers": gettext("the answers")}
    return words.get(name, name)


def _file(file: Attachment) -> dict[str, Any]:
    href = f"/bureau/fichiers/{file.id}"
    shown: dict[str, Any] = {"name": file.name, "href": href, "size": file.size}
    return shown | ({"photo": href} if file.kind.startswith("image/") and file.kind != "image/svg+xml" else {})
