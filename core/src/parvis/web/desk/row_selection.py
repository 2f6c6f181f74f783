"""Checkboxes in the rows of the queue, declared by modules with a page that acts on the selected rows."""

from parvis.web.places import SlotItem

SLOT = "desk.queue.selection"


class RowSelection(SlotItem, frozen=True, kw_only=True):
    """Rows have a box for people with one of these `rights`. The page at `path` is given the references of those that
    are ticked as `r`, or with `tous` a list as the address of the queue asks for it, of which it takes `most`.

    `template` stands above the rows, with the `selection`: it holds the form with the id `many`, which sends the boxes.
    """

    path: str
    rights: tuple[str, ...]
    most: int
    template: str
    slot: str = SLOT
