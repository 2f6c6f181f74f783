"""Every table of the host, each after those it refers to."""

from piccolo.table import Table

from parvis.db.exchange_tables import EXCHANGE_TABLES
from parvis.db.layer_tables import LAYER_TABLES
from parvis.db.part_tables import PART_TABLES
from parvis.db.review_tables import REVIEW_TABLES
from parvis.db.tables import (
    Agent,
    Attachment,
    Attempt,
    Chore,
    Circuit,
    Clock,
    Contact,
    Declaration,
    Delivery,
    Draft,
    DraftKey,
    Entry,
    Follower,
    Grant,
    Letter,
    Memory,
    Once,
    OwnKey,
    ServiceRequest,
    Session,
    Token,
    Told,
    Wish,
)

TABLES: tuple[type[Table], ...] = (
    Declaration,
    ServiceRequest,
    Contact,
    Entry,
    Clock,
    *PART_TABLES,
    *REVIEW_TABLES,
    Attachment,
    Follower,
    Wish,
    Draft,
    DraftKey,
    Once,
    Told,
    Delivery,
    *EXCHANGE_TABLES,
    *LAYER_TABLES,
    Circuit,
    Memory,
    Letter,
    Agent,
    Grant,
    Session,
    OwnKey,
    Attempt,
    Token,
    Chore,
)
