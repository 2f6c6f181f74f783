"""What the notices of a town say: in place of a request where one stops or diverts, or beside a service."""

from datetime import datetime, timedelta

from parvis import clock
from parvis.i18n import format_date, in_each
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.notices import Notice
from parvis.requests.advice.advice import Advice, joined
from parvis.requests.advice.advising import AdviceInquiry, AdviceSource
from parvis.requests.advice.standing_notices import notices_of
from parvis.requests.host import Host
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

OPENS = Text(fr="Ouvert de nouveau le {day}.", en="Open again on {day}.")


def informing(
    host: Host, town: Jurisdiction, kind: RequestType | None, zones: tuple[str, ...] | None
) -> tuple[Notice, ...]:
    """The notices to be read beside a service, or on the first page; with `zones` None, those of any zone."""
    return tuple(
        notice
        for notice in notices_of(host, town, clock.now())
        if (kind is None or notice.is_about(kind.code)) and (zones is None or notice.holds_in(zones))
    )


def of_notice(town: Jurisdiction, notice: Notice, now: datetime) -> Advice:
    """A notice that stops or diverts, as an answer; where it does so each year, with the day on which that is over."""
    span = notice.occurrence(now) if notice.kind == "stop" else None
    opens = span[1] + timedelta(days=1) if span else None
    again = OPENS.format(day=in_each(town.time_zone, lambda: format_date(opens))) if opens else Text(fr="")
    return Advice(
        kind="stop" if notice.kind == "stop" else "divert",
        code=notice.code,
        title=notice.title,
        text=joined(notice.text, again, by="\n\n"),
        link=notice.link,
        phone=notice.phone,
        to=notice.to,
    )


async def _advise(host: Host, asked: AdviceInquiry) -> tuple[Advice, ...]:
    return tuple(
        of_notice(asked.town, notice, asked.at)
        for notice in notices_of(host, asked.town, asked.at)
        if notice.kind != "inform" and notice.is_about(asked.kind.code) and notice.holds_in(asked.zones)
    )


ADVICE = AdviceSource(advise=_advise)
