"""Tracking: the private view of a request, opened by its key, and everything its requester may do there."""

from typing import Any

from litestar import Router

from parvis.web.portal.visit import enter
from parvis.web.track import (
    actions,
    calendar,
    closing,
    documents,
    entrance,
    fees,
    live,
    people,
    proving,
    receipt,
    restoring,
    short,
    silence,
    supplements,
    transferring,
    view,
    visiting,
)
from parvis.web.track.keys import NoKey


def routes() -> list[Any]:
    """Everything that is answered about one's own request."""
    handlers = [
        entrance.entrance,
        entrance.ask_for_link,
        entrance.link_page,
        entrance.press_link,
        restoring.restore_page,
        restoring.restore,
        view.request_page,
        receipt.receipt,
        receipt.send,
        calendar.calendar,
        view.file_of_request,
        view.quit_here,
        documents.document_of_request,
        actions.move_page,
        actions.move,
        transferring.handover_page,
        transferring.hand_over,
        proving.proof_page,
        proving.take_proof,
        actions.message,
        actions.occurrence_page,
        actions.add_occurrence,
        actions.contact_page,
        actions.new_contact,
        silence.messages_page,
        silence.change_messages,
        fees.fee_page,
        fees.pay,
        fees.back,
        fees.fee_receipt,
        closing.settled_page,
        closing.say_settled,
        supplements.supplement_page,
        supplements.send_supplement,
        supplements.versions_page,
        *visiting.HANDLERS,
        people.people_page,
        people.change_people,
        people.leave,
        live.live,
        short.to_request,
        short.to_stop,
    ]
    return [
        Router(
            "/",
            route_handlers=handlers,
            before_request=enter,
            exception_handlers={NoKey: view.to_entrance},
            include_in_schema=False,
        )
    ]
