"""The form of a ready text: its questions, a text as what stands in them, and what was typed as a text."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext
from parvis.web.typed import FormInput
from parvis_canned_replies.ready_texts import NAMES, ReadyText, never_filled
from parvis_sdk.fields import AnyField, LongText, Option, SeveralOf, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

LONGEST_CODE, LONGEST_TITLE, LONGEST_TEXT, ROWS = 40, 80, 4000, 9
NO_SIGN = re.compile(r"[^a-z0-9]+")
CODE = Text(fr="Nom court", en="Short name")
CODE_HELP = Text(
    fr="Une barre oblique et ce nom, sur une ligne du message, insèrent la réponse. Ce nom ne peut plus "
    "être modifié ensuite.",
    en="A slash and this name, on a line of a message, insert the reply. This name cannot be changed later.",
)
CODE_EXAMPLE = Text(fr="delai", en="response-time")
NO_CODE = Text(
    fr="Inscrivez un nom court qui commence par une lettre, par exemple\u00a0: delai.",
    en="Enter a short name that starts with a letter, for example: response-time.",
)
TITLE_FR = Text(fr="Titre en français", en="Title in French")
TITLE_EN = Text(fr="Titre en anglais", en="Title in English")
TEXT_FR = Text(fr="Texte en français", en="Text in French")
TEXT_EN = Text(fr="Texte en anglais", en="Text in English")
TYPES = Text(fr="Types de requêtes", en="Request types")
TYPES_HELP = Text(fr="Si rien n’est coché\u00a0: tous les types.", en="If nothing is checked: all types.")
UNITS = Text(fr="Unités", en="Units")
UNITS_HELP = Text(
    fr="Si rien n’est coché\u00a0: toutes. Les unités qui relèvent d’une unité cochée sont comprises.",
    en="If nothing is checked: all units. Units below a checked unit are included.",
)
YOUR_UNITS = Text(
    fr="Vous écrivez pour ces unités. Les unités qui en relèvent sont comprises.",
    en="You write for these units. Units below them are included.",
)
GONE = Text(fr="{code} (n’existe plus)", en="{code} (no longer exists)")
NEVER_FILLED = Text(
    fr="{written} n’est pas un champ reconnu. Champs possibles\u00a0: {names}.",
    en="{written} is not a recognized placeholder. Possible placeholders: {names}.",
)
MEANT = Text(
    fr="{written} n’est pas un champ reconnu. Vouliez-vous écrire {name} plutôt?",
    en="{written} is not a recognized placeholder. Did you mean {name}?",
)
ALONE = Text(
    fr="Traduisez le titre et le texte, ou laissez les deux vides en anglais.",
    en="Translate both the title and the text, or leave both empty in English.",
)


class TextDraft(Struct, frozen=True, kw_only=True):
    """What was typed, as the text that it means, and what is wrong with it."""

    ready: ReadyText
    problems: Problems | None


def form_of(room: DeskContext, *, own: bool, new: bool, before: ReadyText | None = None) -> Form:
    """The questions: in French always, in English as the town's regime has it; of one's own text English is free."""
    fields: list[AnyField] = []
    if new:
        fields.append(ShortText(code="code", label=CODE, help=CODE_HELP, example=CODE_EXAMPLE, max_length=LONGEST_CODE))
    fields.append(ShortText(code="title_fr", label=TITLE_FR, max_length=LONGEST_TITLE))
    fields.append(LongText(code="text_fr", label=TEXT_FR, max_length=LONGEST_TEXT, rows=ROWS))
    if "en" in room.town.languages:
        fields.append(ShortText(code="title_en", label=TITLE_EN, required=not own, max_length=LONGEST_TITLE))
        fields.append(LongText(code="text_en", label=TEXT_EN, required=not own, max_length=LONGEST_TEXT, rows=ROWS))
    if not own:
        fields.extend(_asked_for(room, before))
    return Form(sections=(Section(code="text", title=TEXT_FR, fields=tuple(fields)),))


def _asked_for(room: DeskContext, before: ReadyText | None) -> Iterator[SeveralOf]:
    """For which types and units: of units those that the person answers for."""
    types = {request_type.code: request_type.title for request_type in types_of(room.host, room.town)}
    types |= {code: GONE.format(code=code) for code in (before.types if before else ()) if code not in types}
    if types:
        yield _several("types", TYPES, TYPES_HELP, types, required=False)
    answered_for = room.scope("route").whole_units
    whole = answered_for is None
    units = {
        code: Text(fr=name, en=name)
        for code, name in room.units_for("route")
        if answered_for is None or code in answered_for
    }
    units |= {code: GONE.format(code=code) for code in (before.units if before else ()) if code not in units}
    yield _several("units", UNITS, UNITS_HELP if whole else YOUR_UNITS, units, required=not whole)


def _several(code: str, label: Text, help: Text, offered: dict[str, Text], *, required: bool) -> SeveralOf:
    options = tuple(Option(code=each, label=words) for each, words in offered.items())
    return SeveralOf(code=code, label=label, help=help, required=required, options=options)


def values_of(ready: ReadyText | None) -> dict[str, Any]:
    """A text as it stands in its form; an empty form where there is none yet."""
    return {
        "code": ready.code if ready else "",
        "title_fr": ready.title.fr if ready else "",
        "title_en": ready.title.en if ready else "",
        "text_fr": ready.text.fr if ready else "",
        "text_en": ready.text.en if ready else "",
        "types": list(ready.types) if ready else [],
        "units": list(ready.units) if ready else [],
        "reference": "",
    }


def typed_values(sent: FormInput) -> dict[str, Any]:
    """What stands in the form as it was typed."""
    values: dict[str, Any] = {
        name: sent.text(name) for name in ("code", "title_fr", "title_en", "text_fr", "text_en", "reference")
    }
    return values | {name: list(sent.all(name)) for name in ("types", "units")}


def written(room: DeskContext, sent: FormInput, before: ReadyText | None, *, own: bool) -> TextDraft:
    """What was typed as the text that it means; languages that are not asked for stay as they were."""
    form = form_of(room, own=own, new=before is None, before=before)
    raw: dict[str, Any] = {
        field.code: list(sent.all(field.code)) if isinstance(field, SeveralOf) else sent.text(field.code)
        for field in form.fields()
    }
    read = form.read(raw)
    found = list(read.found) if isinstance(read, Problems) else []
    code = before.code if before else code_of(sent.text("code"))
    if not code and not any(problem.path == "code" for problem in found):
        found.insert(0, Problem(path="code", code="pattern", message=NO_CODE))
    ready = ReadyText(
        code=code,
        title=_text(sent, "title", before.title if before else None),
        text=_text(sent, "text", before.text if before else None),
        types=tuple(dict.fromkeys(raw.get("types", ()))),
        units=tuple(dict.fromkeys(raw.get("units", ()))),
    )
    if bool(ready.title.en) != bool(ready.text.en) and not any(problem.path.endswith("_en") for problem in found):
        found.append(Problem(path="text_en" if ready.title.en else "title_en", code="alone", message=ALONE))
    found.extend(_never_filled(ready.text))
    return TextDraft(ready=ready, problems=Problems(found=tuple(found)) if found else None)


def code_of(given: str) -> str:
    """A short name as it is kept: small letters without accents, digits, and one line between words.

    >>> code_of(" /Délai prévu ")
    'delai_prevu'
    """
    bare = NO_SIGN.sub("_", fold(given)).strip("_")
    return bare if bare[:1].isalpha() else ""


def _text(sent: FormInput, name: str, before: Text | None) -> Text:
    english = f"{name}_en"
    kept = before.en if before else ""
    return Text(
        fr=sent.text(f"{name}_fr").strip(),
        en=sent.text(english).strip() if english in sent.values else kept,
        others=before.others if before else {},
    )


def _never_filled(text: Text) -> Iterator[Problem]:
    """What stands in braces and would be read as it stands, in the box where it was written."""
    names = ", ".join(f"{{{name}}}" for name in NAMES)
    for language in ("fr", "en"):
        for wrong, nearest in never_filled(Text(fr=text.to(language) if language in text.languages() else "")):
            meant = MEANT.format(written=wrong, name=nearest)
            message = meant if nearest else NEVER_FILLED.format(written=wrong, names=names)
            yield Problem(path=f"text_{language}", code="name", message=message)
