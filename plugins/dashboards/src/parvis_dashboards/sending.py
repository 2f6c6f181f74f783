"""Reports on their way: what a manager chose to have sent, counted over what they may see at that moment."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db import transaction
from parvis.i18n import format_date, format_number, format_percent, gettext, say, speaking
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox.deliveries import write_message
from parvis.people.agents import Person, get_agent
from parvis.requests.host import Host
from parvis.requests.links import report_stop_url, town_url
from parvis.requests.visibility import scope_of
from parvis.selection import Period
from parvis.viewers import permissions_in, viewer_of
from parvis_dashboards.definitions import DEFINITIONS
from parvis_dashboards.figures import Figures, Line, figures
from parvis_dashboards.wanted import ReportSubscription, days_told, due, next_due, put_off, stop_within
from parvis_sdk.channels import OutgoingMessage

MOST_TYPES = 10
NOTHING = "–"
DASHBOARD = "/bureau/tableau"
CELL = "border-bottom:1px solid #d5d9df;padding:6px 12px 6px 0;vertical-align:top"


class ReportText(Struct, frozen=True, kw_only=True):
    """A report in words: lines of tables, the first of each its headings, and where everything is."""

    subject: str
    days: str
    glance: tuple[tuple[str, ...], ...]
    types: tuple[tuple[str, ...], ...]
    dashboard: str
    workbook: str
    stop: str


async def send_reports(host: Host) -> int:
    """Write the reports that are due; how many. What its reader may see nothing of any more is sent no more."""
    sent = 0
    for wanted in await due(clock.now()):
        town = host.jurisdictions.get(wanted.jurisdiction)
        message = await composed(host, town, wanted) if town else None
        async with transaction(host.engine):
            if town is None or message is None:
                await stop_within(wanted.id)
            elif await put_off(wanted, next_due(wanted.every, clock.now(), town.time_zone)):
                await write_message(message, request=new_id(), reference="")
                sent += 1
    return sent


async def composed(host: Host, town: Jurisdiction, wanted: ReportSubscription) -> OutgoingMessage | None:
    """The message as its reader may have it now; None where they may have nothing."""
    person = await get_agent(host.engine, wanted.agent)
    if person is None or not person.active:
        return None
    viewer = viewer_of(person)
    scope = scope_of(viewer, town.code, host.jurisdictions, "report")
    if wanted.unit:
        scope = scope.narrowed(town.units_under(wanted.unit))
    if "report" not in permissions_in(viewer, town.code) or not scope.areas:
        return None
    first, last = days_told(wanted, town.time_zone)
    counted = await _counted(town, scope, first, last)
    with speaking(person.language, town.time_zone):
        told = _told(host, town, wanted, counted, (first, last))
        return OutgoingMessage(
            to=person.email,
            subject=told.subject,
            text=_text(town, person, told),
            html=str(_html(town, person, told)),
            language=person.language,
            reply_to=town.email,
            stop_url=told.stop,
            sender=say(town.name),
        )


async def _counted(town: Jurisdiction, scope: Scope, first: date, last: date) -> Figures:
    return await figures(
        scope, _period(town, first, last), town.calendar, against=_period(town, _year_before(first), _year_before(last))
    )


def _period(town: Jurisdiction, first: date, last: date) -> Period:
    zone = ZoneInfo(town.time_zone)
    until = datetime.combine(last + timedelta(days=1), time(), zone)
    return Period(since=datetime.combine(first, time(), zone), until=until)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _told(
    host: Host, town: Jurisdiction, wanted: ReportSubscription, counted: Figures, days: tuple[date, date]
) -> ReportText:
    first, last = days
    said = gettext("From %(since)s to %(until)s.") % {"since": format_date(first), "until": format_date(last)}
    unit_of = town.unit(wanted.unit) if wanted.unit else None
    whose = say(unit_of.name) if unit_of else say(town.name)
    asked = {"depuis": first.isoformat(), "jusqua": last.isoformat()} | ({"unite": wanted.unit} if wanted.unit else {})
    root = town_url(host, town)
    return ReportText(
        subject=gettext("Dashboard: %(whose)s, until %(day)s") % {"whose": whose, "day": format_date(last)},
        days=said,
        glance=_glance(counted.total, counted.before),
        types=_types(host, counted.by_type),
        dashboard=f"{root}{DASHBOARD}?{urlencode(asked)}",
        workbook=f"{root}{DASHBOARD}/chiffres.xlsx?{urlencode(asked)}",
        stop=report_stop_url(host, town, wanted.id),
    )


def _glance(total: Line, before: Line | None) -> tuple[tuple[str, ...], ...]:
    there = before if before and (before.received or before.finished) else None
    earlier = _values(there) if there else {}
    rows = [
        (say(DEFINITIONS[code].title), value, NOTHING if code in ("standing", "late") else earlier.get(code, NOTHING))
        for code, value in _values(total).items()
    ]
    return ((gettext("Figure"), gettext("Now"), gettext("A year earlier")), *rows)


def _values(line: Line) -> dict[str, str]:
    return {
        "received": format_number(line.received),
        "finished": format_number(line.finished),
        "standing": format_number(line.standing),
        "late": format_number(line.late),
        "promises": _share(line.share_kept),
        "first_answer": _days(line.first_median),
        "delay": _days(line.median),
        "reopened": format_number(line.reopened),
        "satisfaction": _share(line.share_settled),
    }


def _types(host: Host, lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
    heads = (gettext("Type"), gettext("Received"), gettext("Finished"), gettext("Open now"), gettext("Overdue now"))
    rows = []
    for line in lines[:MOST_TYPES]:
        request_type = host.plugins.request_type(line.code)
        counts = (format_number(each) for each in (line.received, line.finished, line.standing, line.late))
        rows.append((say(request_type.title) if request_type else line.code, *counts))
    return (heads, *rows)


def _share(share: float | None) -> str:
    return NOTHING if share is None else format_percent(share)


def _days(days: float | None) -> str:
    return NOTHING if days is None else gettext("%(days)s business days") % {"days": format_number(days, 1)}


def _text(town: Jurisdiction, person: Person, told: ReportText) -> str:
    colon = "\u00a0: " if person.language == "fr" else ": "
    glance = [f"{name}{colon}{value} ({before})" for name, value, before in told.glance[1:]]
    glance.insert(0, f"{told.glance[0][1]} ({told.glance[0][2].lower()})")
    types = [f"{name}{colon}{' | '.join(numbers)}" for name, *numbers in told.types]
    links = [
        f"{gettext('Open the dashboard')}{colon}{told.dashboard}",
        f"{gettext('Download everything as a workbook (XLSX)')}{colon}{told.workbook}",
    ]
    stop = f"{_because()} {gettext('Stop this report')}{colon}{told.stop}"
    parts = [
        told.subject,
        told.days,
        "\n".join(glance),
        "\n".join(types),
        "\n".join(links),
        f"-- \n{say(town.name)}",
        stop,
    ]
    return "\n\n".join(parts) + "\n"


def _because() -> str:
    return gettext("You receive this report because you asked for it. It covers the requests that you may see today.")


def _html(town: Jurisdiction, person: Person, told: ReportText) -> Markup:
    """The same as a page that any mail program shows: headings, tables with their headings, every word escaped."""
    return Markup(
        '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><title>{subject}</title></head>'
        '<body style="margin:0;padding:24px 16px;font:16px/1.5 Arial,sans-serif;color:#14181d;max-width:40em">'
        '<h1 style="font-size:21px;line-height:1.3;margin:0 0 8px">{subject}</h1><p style="margin:0 0 16px">{days}</p>'
        '{glance}{types}<p style="margin:0 0 8px">'
        '<a href="{dashboard}" style="color:#1d4f91;font-weight:bold">{open}</a></p>'
        '<p style="margin:0 0 24px"><a href="{workbook}" style="color:#1d4f91">{book}</a></p>'
        '<p style="margin:0 0 8px;color:#4a525c">{town}</p><p style="margin:0;font-size:14px;color:#4a525c">{because} '
        '<a href="{stop}" style="color:#4a525c">{no_more}</a></p></body></html>'
    ).format(
        language=person.language,
        subject=told.subject,
        days=told.days,
        glance=_table(gettext("At a glance"), told.glance),
        types=_table(gettext("By type"), told.types) if len(told.types) > 1 else "",
        dashboard=told.dashboard,
        open=gettext("Open the dashboard"),
        workbook=told.workbook,
        book=gettext("Download everything as a workbook (XLSX)"),
        town=say(town.name),
        because=_because(),
        stop=told.stop,
        no_more=gettext("Stop this report"),
    )


def _table(caption: str, lines: Sequence[Sequence[str]]) -> Markup:
    heads, *rows = lines
    head = Markup("").join(
        Markup('<th scope="col" style="{}">{}</th>').format(_cell(at), each) for at, each in enumerate(heads)
    )
    body = Markup("").join(
        Markup('<tr><th scope="row" style="{}">{}</th>{}</tr>').format(
            _cell(0),
            name,
            Markup("").join(Markup('<td style="{}">{}</td>').format(_cell(1), each) for each in values),
        )
        for name, *values in rows
    )
    return Markup(
        '<table style="border-collapse:collapse;margin:0 0 24px;width:100%"><caption style="text-align:left;'
        'font-weight:bold;padding:0 0 8px">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(caption, head, body)


def _cell(at: int) -> str:
    return f"{CELL};text-align:{'right' if at else 'left'};font-weight:normal"
