"""The operations about fees and payments, as the description of the API tells of them."""

from typing import Any

from parvis.api import connector_calls, fee_shapes, payment_calls
from parvis.api.operations import Operation

CHARGE = "/requests/{reference}/charges/{number}"
CHANGES: dict[str, Any] = {
    "method": "post",
    "answer": fee_shapes.Charges,
    "scope": "requests:write",
    "errors": (400, 403, 404, 409, 415, 422, 428),
    "tag": "payments",
}
ALL: tuple[dict[str, Any], ...] = (
    {
        "method": "post",
        "path": "/request-types/{code}/estimate",
        "id": "estimate_fees",
        "summary": "What a request would cost today by these answers, line by line; nothing is kept",
        "answer": fee_shapes.EstimateShape,
        "many": True,
        "body": fee_shapes.EstimateWanted,
        "errors": (400, 404, 415, 422),
        "tag": "request types",
    },
    {
        "method": "get",
        "path": "/requests/{reference}/charges",
        "id": "list_charges",
        "summary": "What a request costs, line by line, and what was paid; the public sees none",
        "answer": fee_shapes.Charges,
        "key": True,
        "errors": (404,),
        "tag": "payments",
    },
    {
        "method": "post",
        "path": f"{CHARGE}/checkout",
        "id": "open_checkout",
        "summary": "Where the holder of the key pays online; asked again, the same payment",
        "answer": fee_shapes.Checkout,
        "key": True,
        "errors": (403, 404, 409),
        "tag": "payments",
    },
    CHANGES
    | {
        "path": f"{CHARGE}/payments",
        "id": "take_payment",
        "summary": "Note that a charge was paid over the counter",
        "body": fee_shapes.CounterPayment,
    },
    CHANGES
    | {
        "path": f"{CHARGE}/waiver",
        "id": "waive_charge",
        "summary": "Let a charge off, with the reason that the requester is told",
        "body": fee_shapes.Waiver,
    },
    CHANGES
    | {
        "path": f"{CHARGE}/refunds",
        "id": "refund_charge",
        "summary": "Give money back through the provider that took it, or note that it was given back by hand",
        "body": fee_shapes.NewRefund,
    },
    {
        "method": "post",
        "path": "/payments/{provider}/calls",
        "id": "take_payment_call",
        "summary": "For payment providers: a signed call that tells how payments stand, as often as it comes",
        "answer": payment_calls.CallTaken,
        "errors": (400, 404, 413),
        "tag": "payments",
    },
    {
        "method": "post",
        "path": "/connectors/{connector}/calls",
        "id": "take_connector_call",
        "summary": "For other systems: a signed call that brings news of requests, as often as it comes",
        "answer": connector_calls.NewsTaken,
        "errors": (400, 404, 413, 503),
        "tag": "connectors",
    },
)
FEE_OPERATIONS = tuple(Operation(**each) for each in ALL)
