"""The columns that the queue and its sheet have of themselves."""

from datetime import datetime

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.priority_names import priority_name
from parvis.web.desk.context import unit_name, zone_name
from parvis.web.desk.lists.queue_columns import QueueColumn, QueueRow, SheetColumn
from parvis.web.desk.names_of_values import channel_name

QUEUE_COLUMNS = (
    QueueColumn(name="lieu", title=lambda: gettext("Place"), usual=True),
    QueueColumn(name="etat", title=lambda: gettext("State"), usual=True, after="lieu"),
    QueueColumn(name="promesse", title=lambda: gettext("Promised for"), usual=True, after="etat"),
    QueueColumn(name="responsable", title=lambda: gettext("Unit and person"), usual=True, after="promesse"),
    QueueColumn(name="recue", title=lambda: gettext("Received on"), usual=True, after="responsable"),
    QueueColumn(name="modifiee", title=lambda: gettext("Updated"), after="recue"),
    QueueColumn(name="zone", title=lambda: gettext("Zone"), after="modifiee"),
    QueueColumn(name="canal", title=lambda: gettext("Channel"), after="zone"),
    QueueColumn(name="priorite", title=lambda: gettext("Priority"), after="canal"),
)


def _late(listed: QueueRow) -> str:
    return gettext("yes") if listed.row.is_late else gettext("no")


def _assignee(listed: QueueRow) -> str:
    return listed.names.get(str(listed.row.assignee), "") if listed.row.assignee else ""


def _time(moment: datetime | None) -> str:
    return i18n.local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


SHEET_COLUMNS = (
    SheetColumn(name="reference", title=lambda: gettext("Reference"), cell=lambda one: one.row.reference),
    SheetColumn(
        name="type", after="reference", title=lambda: gettext("Type"), cell=lambda one: i18n.say(one.row.title)
    ),
    SheetColumn(
        name="state",
        after="type",
        of="etat",
        title=lambda: gettext("State"),
        cell=lambda one: i18n.say(one.row.state_title),
    ),
    SheetColumn(
        name="place", after="state", of="lieu", title=lambda: gettext("Place"), cell=lambda one: one.row.address
    ),
    SheetColumn(
        name="zone",
        after="place",
        of="zone",
        title=lambda: gettext("Zone"),
        cell=lambda one: zone_name(one.room.town, one.row.zone),
    ),
    SheetColumn(
        name="unit",
        after="zone",
        of="responsable",
        title=lambda: gettext("Unit"),
        cell=lambda one: unit_name(one.room.town, one.row.unit),
    ),
    SheetColumn(name="assignee", after="unit", of="responsable", title=lambda: gettext("Assigned to"), cell=_assignee),
    SheetColumn(
        name="channel",
        after="assignee",
        of="canal",
        title=lambda: gettext("Channel"),
        cell=lambda one: channel_name(one.row.channel),
    ),
    SheetColumn(
        name="received",
        after="channel",
        of="recue",
        title=lambda: gettext("Received on"),
        cell=lambda one: _time(one.row.submitted_at),
    ),
    SheetColumn(
        name="promised",
        after="received",
        of="promesse",
        title=lambda: gettext("Promised for"),
        cell=lambda one: _time(one.row.promised_at),
    ),
    SheetColumn(name="late", after="promised", of="promesse", title=lambda: gettext("Late"), cell=_late),
    SheetColumn(
        name="updated",
        after="late",
        of="modifiee",
        title=lambda: gettext("Updated"),
        cell=lambda one: _time(one.row.updated_at),
    ),
    SheetColumn(
        name="priority",
        after="updated",
        of="priorite",
        title=lambda: gettext("Priority"),
        cell=lambda one: i18n.say(priority_name(one.row.priority)),
    ),
)
