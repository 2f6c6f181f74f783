"""The questions of a notice at the desk, and the notice that clean answers are."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from parvis.jurisdictions import Jurisdiction
from parvis.requests.advice import Notice
from parvis_sdk.fields import Date, LongText, OneOf, Option, SeveralOf, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

WHAT = OneOf(
    code="kind",
    label=Text(fr="Que fait cet avis?", en="What does this notice do?"),
    options=(
        Option(
            code="stop",
            label=Text(fr="Fermer des services", en="Close services"),
            help=Text(
                fr="La personne lit l’avis et ne peut pas envoyer de requête.",
                en="People read the notice and cannot send a request.",
            ),
        ),
        Option(code="divert", label=Text(fr="Diriger ailleurs", en="Direct elsewhere")),
        Option(code="inform", label=Text(fr="Informer seulement", en="Inform only")),
    ),
)
NO_TYPES = Text(
    fr="Choisissez les services que cet avis ferme ou dirige ailleurs.",
    en="Choose the services that this notice closes or directs elsewhere.",
)
NOWHERE = Text(
    fr="Indiquez où s’adresser\u00a0: une adresse Web ou un numéro de téléphone.",
    en="Say where to go: a web address or a telephone number.",
)
NO_DAYS = Text(
    fr="Indiquez le premier et le dernier jour de chaque année.", en="Enter the first and last day for every year."
)
A_WHOLE_YEAR = Text(fr="Un avis annuel doit durer moins d’un an.", en="A yearly notice must last less than a year.")
BACKWARDS = Text(fr="La date de fin précède la date de début.", en="The end date is before the start date.")


def form_of(town: Jurisdiction, types: Sequence[RequestType], standing: Sequence[tuple[str, Text]]) -> Form:
    """What is asked of a notice in this town; `standing` are operations and incidents with which it may end."""
    english = "en" in town.languages
    fields: list[Any] = [
        WHAT,
        ShortText(code="title_fr", label=Text(fr="Titre en français", en="Title in French"), max_length=120),
        LongText(code="text_fr", label=Text(fr="Texte en français", en="Text in French"), required=False, rows=4),
    ]
    if english:
        fields += [
            ShortText(code="title_en", label=Text(fr="Titre en anglais", en="Title in English"), max_length=120),
            LongText(code="text_en", label=Text(fr="Texte en anglais", en="Text in English"), required=False, rows=4),
        ]
    options = tuple(Option(code=request_type.code, label=request_type.title) for request_type in types)
    if options:
        label = Text(fr="Quels services?", en="Which services?")
        help = Text(fr="Si rien n’est coché\u00a0: tous.", en="If nothing is checked: all.")
        fields.append(SeveralOf(code="types", label=label, help=help, required=False, options=options))
    if town.zones:
        label = Text(fr="Dans quels secteurs?", en="In which sectors?")
        help = Text(fr="Si rien n’est coché\u00a0: toute la ville.", en="If nothing is checked: the whole town.")
        zones = tuple(Option(code=zone.code, label=zone.name) for zone in town.zones)
        fields.append(SeveralOf(code="zones", label=label, help=help, required=False, options=zones))
    fields += [
        Date(code="since", label=Text(fr="À partir du", en="From"), required=False),
        Date(
            code="until",
            label=Text(fr="Jusqu’au", en="Until"),
            help=Text(fr="Ce jour est compris.", en="This day is included."),
            required=False,
        ),
    ]
    fields.append(
        YesNo(
            code="every_year",
            label=Text(fr="Afficher chaque année?", en="Post every year?"),
            help=Text(
                fr="L’avis est affiché chaque année entre ces deux dates, par exemple du 1er décembre au "
                "31 mars. Il commence l’année que vous indiquez.",
                en="The notice is posted every year between these two dates, for example from December 1 "
                "to March 31. It starts in the year that you enter.",
            ),
            required=False,
        )
    )
    if standing:
        label = Text(fr="Pendant toute la durée de", en="For as long as this lasts")
        fields.append(
            OneOf(
                code="while_open",
                label=label,
                required=False,
                options=tuple(Option(code=code, label=title) for code, title in standing),
            )
        )
    fields += [
        ShortText(
            code="link", label=Text(fr="Adresse Web", en="Web address"), required=False, pattern="https?://[^ ]+"
        ),
        ShortText(code="phone", label=Text(fr="Numéro de téléphone", en="Telephone number"), required=False),
        YesNo(code="urgent", label=Text(fr="Est-ce urgent?", en="Is it urgent?"), required=False),
    ]
    return Form(sections=(Section(code="notice", title=Text(fr="L’avis", en="The notice"), fields=tuple(fields)),))


def notice_from(town: Jurisdiction, code: str, answers: Mapping[str, Any]) -> Notice | Problems:
    """The notice, or what does not fit together."""
    yearly = answers.get("every_year") is True
    first, last = (_day(answers.get(name)) for name in ("since", "until"))
    each_year = ((first.month, first.day), (last.month, last.day)) if yearly and first and last else None
    notice = Notice(
        code=code,
        title=Text(fr=answers["title_fr"], en=answers.get("title_en", "")),
        kind=answers["kind"],
        text=Text(fr=answers.get("text_fr", ""), en=answers.get("text_en", "")),
        since=_midnight(first, town.time_zone, 0),
        until=None if yearly else _midnight(last, town.time_zone, 1),
        every_year=each_year,
        time_zone=town.time_zone,
        types=tuple(answers.get("types") or ()),
        zones=tuple(answers.get("zones") or ()),
        link=answers.get("link", ""),
        phone=answers.get("phone", ""),
        urgent=bool(answers.get("urgent")),
    )
    found = []
    if notice.kind != "inform" and not notice.types:
        found.append(Problem(path="types", code="required", message=NO_TYPES))
    if notice.kind == "divert" and not (notice.link or notice.phone):
        found.append(Problem(path="link", code="required", message=NOWHERE))
    if yearly:
        missing = [name for name, day in (("since", first), ("until", last)) if day is None]
        found += [Problem(path=name, code="required", message=NO_DAYS) for name in missing]
        if first and last and last - first >= timedelta(days=365):
            found.append(Problem(path="until", code="too_late", message=A_WHOLE_YEAR))
    if notice.since and notice.until and notice.since >= notice.until:
        found.append(Problem(path="until", code="too_early", message=BACKWARDS))
    return Problems(found=tuple(found)) if found else notice


def _day(answer: object) -> date | None:
    return date.fromisoformat(answer) if isinstance(answer, str) else None


def _midnight(day: date | None, time_zone: str, after: int) -> datetime | None:
    if day is None:
        return None
    on = day + timedelta(days=after)
    return datetime.combine(on, time(), ZoneInfo(time_zone)).astimezone(UTC)
