"""The database: tables, engines, the unit of work, migrations. The only package that knows two engines exist."""

from parvis.db.engines import Engine, held, in_seconds, look_at_replica, month_in, shared, skip_locked
from parvis.db.errors import (
    DatabaseAway,
    DatabaseFull,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseTrouble,
    DatabaseUnfinished,
    DatabaseUnwritable,
    HouseRuleBroken,
    NotUnique,
    NumberTooLarge,
    OthersServe,
)
from parvis.db.statements import Queries, counted, insert, insert_values
from parvis.db.transaction import (
    background_priority,
    done_outside,
    in_transaction,
    in_transaction_of_its_own,
    same_each_time,
    transaction,
)

__all__ = [
    "DatabaseAway",
    "DatabaseFull",
    "DatabaseTooNew",
    "DatabaseTooOld",
    "DatabaseTrouble",
    "DatabaseUnfinished",
    "DatabaseUnwritable",
    "Engine",
    "HouseRuleBroken",
    "NotUnique",
    "NumberTooLarge",
    "OthersServe",
    "Queries",
    "background_priority",
    "counted",
    "done_outside",
    "held",
    "in_seconds",
    "in_transaction",
    "in_transaction_of_its_own",
    "insert",
    "insert_values",
    "look_at_replica",
    "month_in",
    "same_each_time",
    "shared",
    "skip_locked",
    "transaction",
]
