"""What was answered at first contact, for the manager's page: information given, and its share of all contacts."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from parvis.i18n import gettext, say
from parvis.requests.lists.module_figures import InformationCount, InformationSource
from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.period import PeriodFilter
from parvis.web.value_names import NOWHERE, channel_name

AT_THE_DESK = ("phone", "counter", "mail", "email")


class FirstContact(Struct, frozen=True, kw_only=True):
    """How often information was enough, by type and by channel, the most at the top.

    It `is_counted` where the desk has a sheet for callers, or had one in these days. `contacts` counts these and the
    requests that the desk opened; None for viewers who may not see the whole town.
    """

    is_counted: bool
    given: int
    contacts: int | None
    by_type: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float | None:
        return self.given / self.contacts if self.contacts else None


async def first_contact(room: DeskContext, chosen: PeriodFilter, received: Mapping[str, int]) -> FirstContact:
    """Of the whole town, as nobody's unit answers; one statement. `received` counts requests by channel."""
    counted = await _counted(room, chosen)
    given = sum(each.given for each in counted)
    whole = room.scope("report").is_whole and not chosen.unit
    titles = {request_type.code: say(request_type.title) for request_type in types_of(room.host, room.town)}
    by_type, by_channel = Counter[str](), Counter[str]()
    for each in counted:
        by_type[titles.get(each.type, each.type) or gettext("No type chosen")] += each.given
        by_channel[channel_name(each.channel)] += each.given
    return FirstContact(
        is_counted=bool(given or room.host.modules.heard(InformationSource, room.town)),
        given=given,
        contacts=given + sum(received.get(channel, 0) for channel in AT_THE_DESK) if whole else None,
        by_type=tuple(by_type.most_common()),
        by_channel=tuple(by_channel.most_common()),
    )


async def _counted(room: DeskContext, chosen: PeriodFilter) -> list[InformationCount]:
    """What was counted as long as somebody counts such answers here, and before that."""
    found = list[InformationCount]()
    for source in room.host.modules.heard(InformationSource):
        found += await source.between(
            room.town.code,
            chosen.since,
            chosen.until,
            (chosen.type,) if chosen.type else (),
            zones=("" if chosen.zone == NOWHERE else chosen.zone,) if chosen.zone else (),
            channels=(chosen.channel,) if chosen.channel else (),
        )
    return found
