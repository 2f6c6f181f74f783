"""The REST API, version 1: everything the pages do, by the same doors and with the same visibility.

Errors are problem details (RFC 9457); keys of residents and tokens of machines decide what is seen.
"""

from typing import Any

from litestar import Router

from parvis.api import (
    changes,
    checklists,
    connector_calls,
    connectors,
    deliveries,
    description,
    disclosing,
    documents,
    fees,
    figures,
    files,
    granted,
    inspections,
    opinion_calls,
    own,
    payment_calls,
    places,
    published,
    request_types,
    requests,
    supplements,
    ties,
)
from parvis.api.parameters import refuse_unknown

PATH = "/api/v1"


def routes() -> list[Any]:
    """One router for JSON, one for files, which may be larger."""
    plain = (
        *description.HANDLERS,
        *request_types.HANDLERS,
        *published.HANDLERS,
        *requests.HANDLERS,
        *changes.HANDLERS,
        *checklists.HANDLERS,
        *disclosing.HANDLERS,
        *documents.HANDLERS,
        *inspections.HANDLERS,
        *opinion_calls.HANDLERS,
        *supplements.HANDLERS,
        *ties.HANDLERS,
        *granted.HANDLERS,
        *own.HANDLERS,
        *places.HANDLERS,
        *figures.HANDLERS,
        *deliveries.HANDLERS,
        *payment_calls.HANDLERS,
        *connector_calls.HANDLERS,
        *connectors.HANDLERS,
        *fees.HANDLERS,
    )
    return [
        Router(PATH, route_handlers=list(plain), include_in_schema=False, before_request=refuse_unknown),
        Router(
            PATH,
            route_handlers=list(files.HANDLERS),
            include_in_schema=False,
            before_request=refuse_unknown,
            request_max_body_size=25_000_000,
        ),
    ]
