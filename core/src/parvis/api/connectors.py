"""Connectors for machines that watch them: how each stands, as the operators' page shows it."""

from litestar import get

from parvis.api.calls import AnyRequest, call_of, limited, require
from parvis.api.connector_shapes import Connectors, ConnectorShape
from parvis.connectors.standing import Standing, standings


@get("/connectors")
async def list_connectors(request: AnyRequest) -> Connectors:
    """Those of this town, by name."""
    call = await call_of(request)
    limited(call, "read")
    require(call, "operate")
    found = await standings(call.heart)
    ours = [each for each in found if not each.connector.towns or call.town.code in each.connector.towns]
    return Connectors(connectors=[_shape(each, call.language) for each in ours])


def _shape(each: Standing, language: str) -> ConnectorShape:
    reading = each.reading
    return ConnectorShape(
        name=each.connector.name,
        title=each.connector.title.to(language),
        state=each.weather,
        open_until=each.open_until,
        failures=each.failures,
        trouble=each.last_trouble.to(language) if each.last_trouble else "",
        waiting=each.waiting,
        postponed=each.postponed,
        dead=each.dead,
        done_last_hour=each.done,
        oldest=each.oldest,
        strays=each.strays,
        polled_at=reading.polled_at if reading else None,
        poll_failures=reading.failures if reading else 0,
        poll_trouble=reading.trouble.to(language) if reading and reading.trouble else "",
        needs_somebody=each.needs_somebody,
    )


HANDLERS = (list_connectors,)
