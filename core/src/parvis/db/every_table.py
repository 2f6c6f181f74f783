"""Every table of the host, each after those it refers to."""

from piccolo.table import Table

from parvis.db.access_log_tables import LOOKING_TABLES
from parvis.db.access_tables import ACCESS_TABLES
from parvis.db.addressee_tables import ADDRESSEE_TABLES
from parvis.db.calling_tables import CALLING_TABLES
from parvis.db.claim_tables import CLAIM_TABLES
from parvis.db.desk_tables import DESK_TABLES
from parvis.db.destruction_tables import DESTRUCTION_TABLES
from parvis.db.exchange_tables import EXCHANGE_TABLES
from parvis.db.layer_tables import LAYER_TABLES
from parvis.db.part_tables import PART_TABLES
from parvis.db.people_tables import DELEGATION_TABLES, Agent, Attempt, Grant, OwnKey, Session, Token
from parvis.db.sign_in_tables import DOOR_TABLES
from parvis.db.tables import (
    FINDING_TABLES,
    MODULE_TABLES,
    TIE_TABLES,
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
    Letter,
    Memory,
    Once,
    ServiceRequest,
    Wish,
)
from parvis.db.turn_tables import TURN_TABLES
from parvis.db.writing_tables import WRITING_TABLES

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
    Once,
    Deflection,
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
    *DELEGATION_TABLES,
    *ACCESS_TABLES,
    *CALLING_TABLES,
    *CLAIM_TABLES,
    *DESK_TABLES,
    *DESTRUCTION_TABLES,
    *DOOR_TABLES,
    *FINDING_TABLES,
    *LOOKING_TABLES,
    *ADDRESSEE_TABLES,
    *MODULE_TABLES,
    *TURN_TABLES,
    *TIE_TABLES,
    *WRITING_TABLES,
)
