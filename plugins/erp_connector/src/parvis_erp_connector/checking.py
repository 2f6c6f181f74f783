"""Checking in three steps: does it answer, does it let us in and do what we must, do the settings fit what is there."""

from collections.abc import Awaitable, Callable, Sequence

from parvis_erp_connector.port import Erp
from parvis_sdk.connectors import Checked
from parvis_sdk.errors import DeclarationMistake, Later, OutsideError, Refused
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.text import Text

ANSWERS = Text(fr="Le système répond.", en="The system responds.")
SILENT = Text(fr="Le système ne répond pas\u00a0: {why}", en="The system is not responding: {why}")
LETS_IN = Text(fr="Le système nous reconnaît\u00a0: {who}", en="The system recognizes us: {who}")
SHUT = Text(fr="L’accès est refusé\u00a0: {why}", en="Access is denied: {why}")
FITS = Text(fr="Les correspondances sont valides.", en="The mappings are valid.")
MISFITS = Text(fr="À corriger\u00a0: {what}", en="To be corrected: {what}")
UNKNOWN = Text(fr="Les correspondances n’ont pas pu être vérifiées.", en="The mappings could not be checked.")


async def checked(
    erp: Erp, mistakes: Callable[[Erp], Awaitable[list[DeclarationMistake]]], tables: Sequence[str]
) -> tuple[Checked, ...]:
    """The three answers; what could not be asked is said not to be known."""
    unknown = Checked(code="settings", ok=False, said=UNKNOWN)
    try:
        await erp.reach()
    except OutsideError as error:
        return (unknown, Checked(code="reachable", ok=False, said=SILENT.format(why=error)))
    reached = Checked(code="reachable", ok=True, said=ANSWERS)
    try:
        who, lacking = await erp.greet(), await erp.allowed(tables)
        wrong = await mistakes(erp)
    except (SignInRefused, Refused) as error:
        return (unknown, reached, Checked(code="allowed", ok=False, said=SHUT.format(why=error)))
    except Later as error:
        return (unknown, Checked(code="reachable", ok=False, said=SILENT.format(why=error)))
    may = SHUT.format(why=", ".join(lacking)) if lacking else LETS_IN.format(who=who)
    fit = MISFITS.format(what="; ".join(str(mistake) for mistake in wrong)) if wrong else FITS
    return (
        Checked(code="settings", ok=not wrong, said=fit),
        reached,
        Checked(code="allowed", ok=not lacking, said=may),
    )
