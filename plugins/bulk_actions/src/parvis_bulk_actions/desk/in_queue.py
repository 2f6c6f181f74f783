"""Checkboxes in the rows of the queue, for agents who may act on at least one request."""

from parvis.web.desk.row_selection import RowSelection
from parvis_bulk_actions.batches import MOST
from parvis_bulk_actions.desk.pages import MANY

SELECTION = RowSelection(
    name="bulk_actions",
    path=MANY,
    rights=("work", "assign"),
    most=MOST,
    template="bulk_actions/selection.html",
)
