"""The tables of modules: which a town has on, and what those that were here left to be done with what they wrote."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class ModuleSwitch(Table, tablename="module_switch"):
    """switches: one decision about one module; the last one counts, none is ever changed."""

    id = UUID(primary_key=True, default=None)
    number = Integer(unique=True)  # one after the other: times go by clocks, and a clock may have been wrong
    jurisdiction = Varchar(length=60)  # * is every town that nothing is said of
    module = Varchar(length=40)
    state = Varchar(length=10)  # on, closing, off
    by = Varchar(length=254)
    why = Text(default="")
    at = Timestamptz(default=None)


class ModulePlan(Table, tablename="module_plan"):
    """requests: how to erase, archive and call what a module wrote, as it said when it was last here."""

    module = Varchar(length=40, primary_key=True)
    plan = Text(default="")
    at = Timestamptz(default=None)


MODULE_TABLES: tuple[type[Table], ...] = (ModuleSwitch, ModulePlan)
