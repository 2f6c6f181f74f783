"""Every minute what was destroyed is written to the register beside the sets."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_backups.register import REGISTER, keep_register
from parvis_backups.settings import folder_of
from parvis_sdk.text import Text

TITLE = Text(
    fr="Copie du registre de destruction avec les sauvegardes",
    en="Copy of the register of destruction kept with the backups",
)


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is; it goes on where the module is switched off, for backups are made all the same."""
    work = partial(register, host)
    return (Chore(name="destroyed", every=timedelta(minutes=1), work=work, by_date=False, title=TITLE, also_off=True),)


async def register(host: Host) -> int:
    """How many lines the register has; nothing is written where no folder is named."""
    folder = folder_of(host.plugins)
    return (await keep_register(folder / REGISTER, host.secret)).lines if folder else 0
