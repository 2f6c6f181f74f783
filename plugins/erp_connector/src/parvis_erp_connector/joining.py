"""What becomes of the order of a request that was merged into another one.

Two reports of one thing are one piece of work. Where the other request has an order, the one of this request is
cancelled with a remark that names it; where it has none, this order becomes its: known by its key, filled with its
values, with what the crew planned and wrote kept. Taken apart again, a request whose order went in either way gets
another one; an order that nobody could cancel goes on.
"""

from collections.abc import Sequence

from parvis_erp_connector import mapping
from parvis_erp_connector.fitting import about, all_about, with_id
from parvis_erp_connector.held import ENDED, OrderState, asked_to_cancel, held_of, write_into
from parvis_erp_connector.port import Erp, Work
from parvis_sdk.connectors import Connection
from parvis_sdk.mapping import mapped
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

JOINT = "joint"  # the order that went because its request was merged
DUPLICATE = "même problème que la requête {kept}, pour laquelle le travail se fait."
COMES_FROM = "bon de la requête {reference}, jointe à la requête {kept}."
DROPPED = Text(
    fr="Bon de travail {number} annulé\u00a0: le travail se fait pour la requête {kept}.",
    en="Work order {number} cancelled: the work is done for request {kept}.",
)
OVER = Text(
    fr="Bon de travail {number} terminé ou annulé\u00a0: le travail se fait pour la requête {kept}.",
    en="Work order {number} finished or cancelled: the work is done for request {kept}.",
)
TO_DROP = Text(
    fr="Le bon de travail {number} n’est plus nécessaire, car le travail se fait pour la requête {kept}. "
    "À annuler dans le système des travaux.",
    en="Work order {number} is no longer needed, because the work is done for request {kept}. To be "
    "cancelled in the public works system.",
)
HANDED_OVER = Text(
    fr="Bon de travail {number} transféré à la requête {kept}.", en="Work order {number} transferred to request {kept}."
)


async def found_by_key(erp: Erp, work: Work, request: ServiceRequest) -> OrderState | None:
    """The order of a request of which nothing is remembered yet: it was handed over, and no poll has seen that."""
    key = mapping.key_for(request.reference, 1)
    there = all_about(key, await erp.orders(work, key))
    return OrderState(id=there[0].id, number=there[0].number, to=work.to, type=request.type) if there else None


async def hand_over(
    erp: Erp, lent: Connection, mappings: Sequence[Work], work: Work, request: ServiceRequest, held: OrderState
) -> Outcome:
    """Let the work go on for the request into which this one is merged, or cancel the order where that has its own."""
    kept, order = request.goes_on_with, await erp.order(work, held.id)
    key = mapping.key_for(request.reference, held.round)
    gone = {JOINT: held.id, f"{ENDED}{held.id}": True}
    named = {"number": held.number, "kept": kept, "reference": request.reference}
    if order is None or order.state in work.over:  # by us, and we did not learn of it, or by the crew a moment ago
        return Outcome(note=OVER.format(**named), remember=gone)
    if mapping.key_in(order.key) == mapping.key_for(kept, 1):  # done before, and we did not learn of it
        return Outcome(note=HANDED_OVER.format(**named), remember=gone)
    about(key, with_id(held.id, order))
    other = await lent.request(kept)
    theirs = mapped(mappings, other.type) if other is not None and other.phase is not Phase.CLOSED else None
    same = theirs if isinstance(theirs, Work) and theirs.to == held.to else None
    if other is not None and same is not None and not await _has_order(erp, lent, same, kept):
        await erp.remark_order(work, order, COMES_FROM.format(**named), kept)
        await write_into(erp, same, held.id, key, mapping.order_values(same, other, mapping.key_for(kept, 1)))
        return Outcome(external_reference=held.number, note=HANDED_OVER.format(**named), remember=gone)
    await erp.remark_order(work, order, DUPLICATE.format(**named), kept)
    if not work.cancelled:
        asked = asked_to_cancel(held)
        return Outcome(note=TO_DROP.format(**named), tasks=asked["tasks"], remember=gone | asked["remember"])
    await write_into(erp, work, held.id, key, work.cancelled)
    return Outcome(external_reference=held.number, note=DROPPED.format(**named), remember=gone)


async def still_there(erp: Erp, work: Work, request: ServiceRequest, held: OrderState) -> bool:
    """Whether the order that was to go by a merge still stands there as it was, open and with our key."""
    order = await erp.order(work, held.id)
    return (
        order is not None
        and order.state not in work.over
        and mapping.key_in(order.key) == mapping.key_for(request.reference, held.round)
    )


async def _has_order(erp: Erp, lent: Connection, work: Work, kept: str) -> bool:
    remembered = await lent.recall(kept)
    key = mapping.key_for(kept, 1)
    return held_of(remembered) is not None or bool(all_about(key, await erp.orders(work, key)))
