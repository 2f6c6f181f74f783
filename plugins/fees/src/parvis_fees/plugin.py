"""What this module brings."""

from parvis.modules import Command, Module, Right
from parvis_sdk.text import Text

MODULE = Module(
    name="fees",
    title=Text(fr="Frais et paiements", en="Fees and payments"),
    summary=Text(
        fr="Frais des requêtes selon le tarif en vigueur\u00a0: paiement en ligne ou au comptoir, "
        "remboursement et rapprochement.",
        en="Fees for requests, based on the current tariff: paid online or at the counter, refunded and reconciled.",
    ),
    host=">=0.1,<0.2",
    may_use=("demo",),
    tables="parvis_fees.tables",
    steps="parvis_fees.migrations",
    personal="parvis_fees.fee_parts",
    words="parvis_fees.charges",
    part_kinds="parvis_fees.fee_parts",
    desk="parvis_fees.desk",
    operators="parvis_fees.operators",
    portal="parvis_fees.portal",
    resident="parvis_fees.resident",
    api="parvis_fees.api",
    chores="parvis_fees.chores",
    town_files="parvis_fees.town_tariffs",
    rights=(
        Right(
            name="money",
            title=Text(fr="voir les montants demandés et payés", en="see amounts charged and paid"),
            roles=("agent", "clerk", "manager", "auditor"),
            scopes=("requests:read", "requests:write"),
            sees=Text(fr="les montants", en="amounts"),
            remains="fee",
        ),
    ),
    demo="parvis_fees.demo",
    commands=(Command(name="payments", summary="Check online payments.", written="parvis_fees.commands:payments"),),
)
