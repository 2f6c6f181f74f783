"""The desk of the people of the town: the queue, one request, entry for a caller, figures, one's own account."""

from typing import Any

from litestar import Router
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.desk import (
    account,
    actions,
    arranging,
    codes,
    contacting,
    correcting,
    deadlines,
    deciding,
    documents,
    erasing,
    fees,
    figures,
    inspections,
    marking,
    moves,
    obligations,
    opening,
    promising,
    queue,
    task_page,
    tasks,
    whole,
    words,
)
from parvis.web.desk.room import Room
from parvis.web.doors.guard import door
from parvis.web.errors import refused_in


def routes() -> list[Any]:
    """Everything behind the door of the desk."""
    handlers = [
        queue.show_queue,
        queue.take_sheet,
        actions.open_case,
        actions.open_file,
        actions.show_versions,
        whole.show_whole,
        actions.end_of_access,
        actions.assign_case,
        actions.reveal_identity,
        moves.move_case,
        deadlines.show_deadlines,
        obligations.show_condition,
        obligations.decide_condition,
        obligations.take_proof,
        fees.show_fee,
        fees.decide_fee,
        fees.give_surplus_back,
        fees.show_receipt,
        documents.save_document,
        documents.show_change,
        documents.change_document,
        words.write_note,
        words.write_reply,
        words.write_received,
        words.write_occurrence,
        tasks.show_tasks,
        task_page.open_task,
        task_page.give,
        task_page.open_file,
        arranging.take,
        arranging.hand,
        arranging.ask_outside,
        arranging.extend,
        arranging.cancel,
        arranging.change_link,
        correcting.show_correction,
        correcting.correct,
        contacting.show_contact,
        contacting.correct_contact,
        marking.show_marking,
        marking.send_marking,
        promising.show_promise,
        promising.move_promise,
        erasing.show_holdings,
        erasing.erase_holdings,
        opening.show_sheet,
        opening.work_on_sheet,
        figures.show_figures,
        figures.take_figures,
        deciding.show_decisions,
        deciding.take_decisions,
        codes.show_codes,
        *inspections.HANDLERS,
        account.show_account,
        account.keep_preferences,
        account.keep_password,
        account.show_code,
        account.keep_code,
        account.drop_code,
        account.end_sessions,
    ]
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(Room, "desk/error.html")}
    return [Router("/", route_handlers=handlers, before_request=door(), exception_handlers=refusing)]
