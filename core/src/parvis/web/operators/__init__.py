"""The pages of those who run the installation, and what machines ask it: how it is, and its measures."""

from typing import Any

from litestar import Router
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.doors.guard import door
from parvis.web.errors import refused_in
from parvis.web.operators import (
    asking_connectors,
    comparing,
    connectors,
    deliveries,
    doors,
    installation,
    looked,
    machines,
    overview,
    payments,
    people,
    plugins,
    proofs,
    reviving,
    strays,
    tokens,
)
from parvis.web.operators.room import Room


def routes() -> list[Any]:
    """The pages stand behind a door; what monitors ask stands before it."""
    handlers = [
        overview.show_overview,
        plugins.show_plugins,
        deliveries.show_deliveries,
        deliveries.show_delivery,
        reviving.ask_reviving,
        reviving.revive_many,
        reviving.revive_one,
        reviving.skip_one,
        connectors.show_connectors,
        connectors.show_connector,
        asking_connectors.check_connector,
        asking_connectors.try_connector,
        asking_connectors.pause_connector,
        asking_connectors.poll_connector,
        asking_connectors.resend_request,
        asking_connectors.resume_connector,
        comparing.show_comparison,
        comparing.mend_differences,
        strays.show_strays,
        strays.show_stray,
        strays.match_stray,
        strays.drop_stray,
        installation.show_circuits,
        installation.show_chores,
        installation.show_clock,
        installation.confirm_clock,
        installation.show_settings,
        *people.HANDLERS,
        doors.show_doors,
        doors.end_sessions,
        tokens.show_tokens,
        tokens.make,
        tokens.revoke,
        *looked.HANDLERS,
        payments.show_payments,
        payments.mend_payment,
        proofs.show_retention,
        proofs.take_register,
        proofs.take_list,
        proofs.ask_approval,
        proofs.approve_list,
        proofs.check_register,
        proofs.show_histories,
    ]
    door_to_here = door("operate", anywhere=True)
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(Room, "error.html")}
    behind = Router("/", route_handlers=handlers, before_request=door_to_here, exception_handlers=refusing)
    return [
        behind,
        machines.show_health,
        machines.show_own_health,
        machines.show_ready,
        machines.show_alive,
        machines.show_measures,
    ]
