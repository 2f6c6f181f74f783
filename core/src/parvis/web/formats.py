"""The filters and functions that templates may use, all speaking the language of the page."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Protocol

import msgspec
from jinja2 import Environment
from markupsafe import Markup, escape

from parvis import clock, i18n
from parvis.web.addresses import address
from parvis_sdk.conditions import TODAY, alike, looks_at
from parvis_sdk.contents import Amount, RequestReference, Value
from parvis_sdk.fields import AnyField, Money
from parvis_sdk.quantities import day_of, decimal_of
from parvis_sdk.reading import kinds_shown
from parvis_sdk.text import Text

YES = {"yes", "oui", "true", "1", "on"}
NO = {"no", "non", "false", "0", "off"}
ENDING = Markup("</time>")
ENDINGS = (("image/heic", ".heic"), ("image/heic", ".heif"), ("image/avif", ".avif"))


def public_page(reference: str) -> str:
    """The page of a public request in the language of the moment."""
    return address(i18n.language(), ":public", reference)


def lines(text: str) -> Markup:
    """What stands in lines, as those of an envelope, safe."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def paragraphs(text: str) -> Markup:
    """What a person typed, safe, with its lines and paragraphs kept."""
    blocks = [block.strip("\n") for block in str(text).replace("\r\n", "\n").split("\n\n")]
    lines = (Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks if block.strip())
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in lines)


def moment(value: datetime, kind: str = "datetime") -> Markup:
    """A `<time>` element; `kind` is "date", "datetime", "day", "time" or "relative" (the full date shown on hover)."""
    voice = i18n.current()
    if kind != "relative":
        return _moment_said(value, kind, voice.language, voice.time_zone)
    return _beginning(value, voice.language, voice.time_zone) + relative(value) + ENDING


@lru_cache(maxsize=4000)
def _moment_said(value: datetime, kind: str, language: str, time_zone: str) -> Markup:
    """The same moments stand in one list after another; what they are called depends on nothing else."""
    return Markup('<time datetime="%s">%s</time>') % (i18n.as_utc(value), MOMENTS[kind](value))


def short_days() -> Callable[[datetime], Markup]:
    """What makes `<time>` elements for narrow places: 25 nov., with the year where it is another than this one."""
    voice = i18n.current()
    year = i18n.local(clock.now()).year
    return partial(_short_day_said, year=year, language=voice.language, time_zone=voice.time_zone)


@lru_cache(maxsize=4000)
def _short_day_said(value: datetime, *, year: int, language: str, time_zone: str) -> Markup:
    day = i18n.format_month_day(value) if i18n.local(value).year == year else i18n.format_date(value, "medium")
    return Markup('<time datetime="%s">%s</time>') % (i18n.as_utc(value), day)


@lru_cache(maxsize=4000)
def _beginning(value: datetime, language: str, time_zone: str) -> Markup:
    return Markup('<time datetime="%s" title="%s">') % (i18n.as_utc(value), i18n.format_datetime(value))


def value_shown(value: Value) -> Markup | str:
    """A value that a plugin shows, in the language and by the clock of the page."""
    match value:
        case Text():
            return i18n.say(value)
        case Amount():
            return i18n.format_money(value.cents)
        case datetime():
            return moment(value)
        case date():
            return Markup('<time datetime="%s">%s</time>') % (value.isoformat(), i18n.format_date(value))
        case int():
            return i18n.format_number(value)
        case RequestReference():
            return value.reference
    return value


def relative(value: datetime) -> str:
    return i18n.format_relative(value, clock.now())


MOMENTS: dict[str, Callable[[datetime], str]] = {
    "date": i18n.format_date,
    "datetime": i18n.format_datetime,
    "day": lambda moment: i18n.format_day(moment, clock.now()),
    "time": i18n.format_time,
}


def as_typed(value: Any) -> str:
    """A value as it stands in a text box: nothing for nothing, a decimal comma in French."""
    if value is None or isinstance(value, bool | Mapping | list | tuple):
        return ""
    if isinstance(value, float):
        words = f"{value:g}" if value != int(value) else str(int(value))
        return words.replace(".", ",") if i18n.language() == "fr" else words
    return str(value)


def money_typed(value: Any) -> str:
    """An amount as typed, or a stored number of cents as a person would type it."""
    if isinstance(value, int) and not isinstance(value, bool):
        whole, cents = divmod(abs(value), 100)
        sign, mark = "-" if value < 0 else "", "," if i18n.language() == "fr" else "."
        return f"{sign}{whole}{mark}{cents:02}" if cents else f"{sign}{whole}"
    return as_typed(value)


def date_parts(value: Any) -> dict[str, str]:
    """Day, month and year as typed, or those of a stored day ("2026-11-25")."""
    if isinstance(value, Mapping):
        return {part: as_typed(value.get(part)) for part in ("day", "month", "year")}
    year, month, day = [*str(value or "").split("-"), "", "", ""][:3]
    return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}


def yes_no(value: Any) -> str:
    """The code of the answer, "yes", "no" or nothing, of a value typed or stored."""
    word = str("" if value is None else value).strip().lower()
    return "yes" if word in YES else "no" if word in NO else ""


def part(value: Any, name: str) -> Any:
    """One part of a value that may be nothing at all."""
    return value.get(name) if isinstance(value, Mapping) else None


def kind(field: Any) -> str:
    """The name of a question's kind, as the sdk stores it ("short_text")."""
    return str(type(field).__struct_config__.tag)


def id_of(name: str) -> str:
    """The id of the first control of a question: its name, with dashes (a problem may say `answers.` before it)."""
    return str(name).removeprefix("answers.").replace(".", "-")


def problem_at(problems: Any, name: str) -> Text | None:
    """What is wrong with one question, under its own name or under `answers.`."""
    found = problems and (problems.at(name) or problems.at(f"answers.{name}"))
    return found.message if found else None


def problems_at(problems: Any, name: str) -> tuple[Text, ...]:
    """Everything that is wrong with one question: of several files, each may have a reason of its own."""
    if not problems:
        return ()
    return tuple(each.message for each in problems.found if each.path in (name, f"answers.{name}"))


def condition(value: Any) -> str:
    """For `data-show-when`: what the browser's twin of the evaluator reads."""
    return msgspec.json.encode(value).decode()


def checks(field: AnyField) -> str:
    """For `data-checks`: what the browser's twin judges, each with its sentence in the language of the page."""
    return msgspec.json.encode([{"must": check.must, "says": i18n.say(check.says)} for check in field.checks]).decode()


def known_answers(field: AnyField, values: Any) -> str:
    """For `data-known`: today in the town, and what a check looks at of answers that this page may not ask.

    Days, and the numbers that are of the kind of this question; of others only the server knows what their words mean.
    """
    given = values if isinstance(values, Mapping) else {}
    codes = {code for check in field.checks for code in looks_at(check.must)} - {field.code, TODAY}
    known: dict[str, Any] = {code: day.isoformat() for code in sorted(codes) if (day := day_of(given.get(code)))}
    for code in {code for check in field.checks for code in alike(check.must, field.code)}:
        number = decimal_of(given.get(code))
        if number is not None:
            cents = isinstance(field, Money) and isinstance(given[code], str)
            known[code] = float(number * 100 if cents else number)
    return msgspec.json.encode(known | {TODAY: i18n.local_day(clock.now()).isoformat()}, order="deterministic").decode()


def coordinate(value: Any) -> str:
    """Degrees as the form sends them: a decimal point in every language."""
    return f"{value:.6f}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value or "")


def geojson(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode() if value else ""


def tel(number: str) -> str:
    """The address that a telephone calls."""
    return "tel:" + "".join(sign for sign in number.partition("poste")[0] if sign.isdigit() or sign == "+")


def file_kinds(kinds: Iterable[str]) -> str:
    return kinds_shown(tuple(kinds))


def day_of_year(day: tuple[int, int]) -> str:
    """1er décembre."""
    return i18n.format_date(date(2024, *day), i18n.gettext("MMMM d"))


class Yearly(Protocol):
    """What holds in a part of each year, such as a notice."""

    @property
    def every_year(self) -> tuple[tuple[int, int], tuple[int, int]] | None: ...

    def occurrence(self, now: datetime) -> tuple[date, date] | None: ...

    def is_in_force(self, now: datetime) -> bool: ...


def each_year(notice: Yearly, now: datetime) -> str:
    """In which part of each year a notice holds, and until when this time or from when the next."""
    if notice.every_year is None:
        return ""
    first, last = (day_of_year(day) for day in notice.every_year)
    said = i18n.gettext("Each year, from %(first)s to %(last)s") % {"first": first, "last": last}
    if notice.every_year[0] == notice.every_year[1]:
        said = i18n.gettext("Each year, on %(day)s") % {"day": first}
    span = notice.occurrence(now)
    if span is None:
        return said
    if notice.is_in_force(now):
        this_time = {"each_year": said, "day": i18n.format_date(span[1])}
        return i18n.gettext("%(each_year)s; this time until %(day)s") % this_time
    next_time = {"each_year": said, "day": i18n.format_date(span[0])}
    return i18n.gettext("%(each_year)s; next time from %(day)s") % next_time


def accepted(kinds: Iterable[str]) -> str:
    """What a box for files accepts; not every browser knows by itself what the files of telephones end in."""
    return ",".join([*kinds, *(ending for kind, ending in ENDINGS if kind in kinds)])


def chosen(value: Any) -> list[str]:
    """The codes chosen, whether one was sent or several."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)] if value else []


def install(environment: Environment) -> None:
    environment.filters.update(
        say=i18n.say,
        date=i18n.format_date,
        day=lambda moment: i18n.format_day(moment, clock.now()),
        time=i18n.format_time,
        datetime=i18n.format_datetime,
        relative=relative,
        moment=moment,
        value_shown=value_shown,
        duration=i18n.format_duration,
        money=i18n.format_money,
        number=i18n.format_number,
        percent=i18n.format_percent,
        phone=i18n.format_phone,
        size=i18n.format_size,
        enumerated=i18n.format_list,
        each_year=each_year,
        lines=lines,
        paragraphs=paragraphs,
        as_typed=as_typed,
        money_typed=money_typed,
        date_parts=date_parts,
        yes_no=yes_no,
        part=part,
        chosen=chosen,
        kind=kind,
        id_of=id_of,
        problem_at=problem_at,
        problems_at=problems_at,
        condition=condition,
        checks=checks,
        known_answers=known_answers,
        coordinate=coordinate,
        geojson=geojson,
        tel=tel,
        file_kinds=file_kinds,
        accepted=accepted,
    )
    environment.globals.update(
        address=address,
        now=clock.now,
        language_name=i18n.NAMES.__getitem__,
        language_title=i18n.language_title,
        public_page=public_page,
    )
