"""Who opens what at the desk: each address with the rights of which any one opens it, in a table for each kind of page.

`{base}` stands for a request of the unit. Below what is `APART` lie things that are not there: nobody finds any. An
address in no table turns `test_every_door` red. `ALSO` are rights that must be held besides.
"""

from . import (
    access,
    account,
    case,
    for_me,
    public_pages,
    queue,
    stalled,
    untold,
)

TABLES = (
    *(access, account, case, for_me),
    *(public_pages, queue, stalled, untold),
)
OPENED_BY = {door: rights for table in TABLES for door, rights in table.OPENED_BY.items()}
ALSO = {door: rights for table in TABLES for door, rights in getattr(table, "ALSO", {}).items()}
APART = tuple(address for table in TABLES for address in getattr(table, "APART", ()))
