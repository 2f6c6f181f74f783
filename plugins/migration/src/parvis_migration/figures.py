"""How much of the figures of requests comes from a system before this one."""

from parvis.requests.lists.module_figures import Figure
from parvis_sdk.text import Text

FIGURES = (
    Figure(
        code="requests_migrated",
        title=Text(fr="Dont reçues dans un ancien système", en="Of which received in an old system"),
        meaning=Text(
            fr="Requêtes reçues pendant la période, puis reprises d’un ancien système. Les requêtes reçues les "
            "comprennent.",
            en="Requests received in the period and imported from an old system. Requests received include them.",
        ),
        table="migration_origin",
        condition="r.erased_at IS NULL",
        during="submitted_at",
    ),
    Figure(
        code="requests_closed_before",
        title=Text(fr="Dont fermées dans un ancien système", en="Of which closed in an old system"),
        meaning=Text(
            fr="Requêtes fermées pendant la période dans un ancien système. Les requêtes fermées et leurs délais les "
            "comprennent.",
            en="Requests closed in an old system in the period. Requests closed and their response times include them.",
        ),
        table="migration_origin",
        condition="r.erased_at IS NULL",
        during="closed_at",
    ),
)
