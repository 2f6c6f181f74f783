"""The desk of the people of the town: the queue, one request, entry for a caller, figures, one's own account."""

from typing import Any

from litestar import Router

from parvis.web.desk import account, actions, contacting, correcting, figures, moves, opening, queue, words
from parvis.web.doors.guard import door


def routes() -> list[Any]:
    """Everything behind the door of the desk."""
    handlers = [
        queue.show_queue,
        queue.take_sheet,
        actions.open_case,
        actions.open_file,
        actions.assign_case,
        actions.reveal_identity,
        moves.move_case,
        words.write_note,
        words.write_reply,
        words.write_received,
        words.write_occurrence,
        correcting.show_correction,
        correcting.correct,
        contacting.show_contact,
        contacting.correct_contact,
        opening.show_sheet,
        opening.work_on_sheet,
        figures.show_figures,
        figures.take_figures,
        account.show_account,
        account.keep_preferences,
        account.keep_password,
        account.show_code,
        account.keep_code,
        account.drop_code,
        account.end_sessions,
    ]
    return [Router("/", route_handlers=handlers, before_request=door())]
