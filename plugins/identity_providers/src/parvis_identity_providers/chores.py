"""What is done again and again: sign-ins that nobody finished go, wherever this module is installed."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_identity_providers.arrivals import sweep_begun
from parvis_sdk.text import Text


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (
        Chore(
            name="begun_sign_ins",
            every=timedelta(hours=1),
            work=partial(sweep_begun, host.engine),
            title=Text(fr="Suppression des connexions inachevées", en="Removal of unfinished sign-ins"),
            also_off=True,
        ),
    )
