"""Every table of the host, each after those it refers to; and how an owner says which rows are a town’s."""

from msgspec import Struct
from piccolo.table import Table

from parvis.db.people_tables import (
    ACCESS_TABLES,
    DELEGATION_TABLES,
    DOOR_TABLES,
    Agent,
    Attempt,
    Grant,
    OneTimeLink,
    Session,
    Token,
)
from parvis.db.tables import (
    CALLING_TABLES,
    CLAIM_TABLES,
    DESK_TABLES,
    FINDING_TABLES,
    LOOKING_TABLES,
    MODULE_TABLES,
    PART_TABLES,
    TIE_TABLES,
    WRITING_TABLES,
    Attachment,
    Chore,
    Circuit,
    Clock,
    Contact,
    Declaration,
    Deflection,
    Delivery,
    Draft,
    DraftKey,
    Entry,
    Follower,
    IdempotencyKey,
    Letter,
    Memory,
    ServiceRequest,
    Wish,
)
from parvis.db.upkeep_tables import ADDRESSEE_TABLES, CLOCK_TABLES, TURN_TABLES

TABLES: tuple[type[Table], ...] = (
    Declaration,
    ServiceRequest,
    Contact,
    Entry,
    Clock,
    *PART_TABLES,
    Attachment,
    Follower,
    Wish,
    Draft,
    DraftKey,
    IdempotencyKey,
    Deflection,
    Delivery,
    Circuit,
    Memory,
    Letter,
    Agent,
    Grant,
    Session,
    OneTimeLink,
    Attempt,
    Token,
    Chore,
    *DELEGATION_TABLES,
    *ACCESS_TABLES,
    *CALLING_TABLES,
    *CLAIM_TABLES,
    *DESK_TABLES,
    *CLOCK_TABLES,
    *DOOR_TABLES,
    *FINDING_TABLES,
    *LOOKING_TABLES,
    *ADDRESSEE_TABLES,
    *MODULE_TABLES,
    *TURN_TABLES,
    *TIE_TABLES,
    *WRITING_TABLES,
)


class TownRows(Struct, frozen=True, kw_only=True):
    """Which rows of a table are a town’s, where no column `jurisdiction`, `request` or `agent` says it; declared in the
    file of the tables of a module.

    `condition` is SQL that may name {town}, {requests} and {references}; of several for one table each adds its rows.
    Without one no row leaves, and `why` says so. `shared` rows may be there already where a town comes in.
    """

    table: str
    condition: str = ""
    why: str = ""
    shared: bool = False
