"""What monitors ask: `/health`, of this process alone `/health/web`, `/health/ready` and `/health/live`."""

from datetime import timedelta
from typing import Any

from litestar import Response, route
from litestar.enums import HttpMethod

from parvis import clock
from parvis.db import Engine
from parvis.db.engines import is_copied, seconds_behind
from parvis.requests.declarations import Unreadable
from parvis.web.operators.measures import FREE, PluginWaits, Pulse, feel, free_on_disk
from parvis.web.pages import AnyRequest

NOT_KEPT = {"cache-control": "no-store"}


@route("/health", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show_health(request: AnyRequest) -> Response[dict[str, Any]]:
    """How the installation is: 503 when requests cannot be taken in, when no worker delivers them, or when settings are
    wrong, so that what is to be told waits."""
    pulse = await feel(request.app.state.deployment.host.engine, request.app.state.began)
    is_whole = settings_are_whole(request)
    told = said(pulse, is_whole)
    away = request.app.state.deployment.jurisdictions.away
    told["towns"] = {"missing": sorted(away)}
    if away and told["status"] == "ok":
        told["status"] = "town missing"
    free = free_on_disk(request.app.state.deployment.settings.data)
    if request.app.state.deployment.settings.database_replica:
        told["replica"] = said_of_replica(request.app.state.deployment.host.engine)
    told["disk"] = {"status": "ok" if free >= FREE else "low"}
    if pulse.database:
        host = request.app.state.deployment.host
        unreadable = host.of(Unreadable).references
        waiting = sum(each.count for each in await host.of(PluginWaits).now(host.plugins))
        told["requests"] = {"without_plugin": waiting, "unreadable": len(unreadable)}
    return Response(told, status_code=200 if pulse.is_well and is_whole and not away else 503, headers=NOT_KEPT)


def said_of_replica(engine: Engine) -> dict[str, Any]:
    """How far it is behind, or why it is not asked."""
    behind = seconds_behind(engine)
    if behind is None:
        return {"status": "away" if is_copied(engine) else "no copy"}
    return {"status": "ok", "seconds_behind": round(behind)}


@route("/health/web", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show_own_health(request: AnyRequest) -> Response[dict[str, Any]]:
    """Whether this process can answer people: what a balancer asks, whom a missing worker does not concern."""
    pulse = await feel(request.app.state.deployment.host.engine, request.app.state.began)
    return Response(
        said(pulse, settings_are_whole(request)), status_code=200 if pulse.database else 503, headers=NOT_KEPT
    )


@route("/health/ready", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show_ready(request: AnyRequest) -> Response[dict[str, Any]]:
    """Whether this process is to be sent people: not once it was told to stop, nor while it reaches no database."""
    if not request.app.state.get("ready", True):
        return Response({"status": "stopping"}, status_code=503, headers=NOT_KEPT)
    pulse = await feel(request.app.state.deployment.host.engine, request.app.state.began)
    return Response(
        {"status": "ready" if pulse.database else "database away"},
        status_code=200 if pulse.database else 503,
        headers=NOT_KEPT,
    )


@route("/health/live", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show_alive(request: AnyRequest) -> Response[dict[str, Any]]:
    """Whether this process turns: starting it anew helps where this is not answered, and nowhere else."""
    return Response({"status": "alive"}, headers=NOT_KEPT)


def settings_are_whole(request: AnyRequest) -> bool:
    """Whether nothing waits because the settings of its plugin are wrong, such as every message to people."""
    return not request.app.state.deployment.plugins.held_back


def said(pulse: Pulse, is_whole: bool) -> dict[str, Any]:
    """The pulse in JSON, without anything that an outsider could use."""
    waits = clock.now() - pulse.oldest if pulse.oldest else timedelta()
    held = clock.now() - pulse.held.oldest if pulse.held.oldest else timedelta()
    status = "worker away" if pulse.database else "database away"
    if pulse.is_well:
        status = "ok" if is_whole else "settings wrong"
    if not pulse.database:
        return {"status": status, "database": {"reachable": False, "ms": pulse.milliseconds}}
    last = pulse.last_run.isoformat(timespec="seconds") if pulse.last_run else None
    return {
        "status": status,
        "database": {"reachable": True, "ms": pulse.milliseconds},
        "clock": {"status": "in doubt" if pulse.clock_doubted else "trusted"},
        "worker": {"status": pulse.worker, "last_run": last},
        "outbox": {"oldest_waiting_seconds": max(0, round(waits.total_seconds()))},
        "settings": {"status": "ok" if is_whole else "wrong"},
        "files": {"held": pulse.held.count, "oldest_held_seconds": max(0, round(held.total_seconds()))},
    }
