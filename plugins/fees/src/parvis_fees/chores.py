"""What fees ask to be done again and again."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_fees.reconciling import look_due
from parvis_sdk.text import Text

UNKNOWN = Text(fr="Paiements en ligne dont l’issue est inconnue", en="Online payments with an unknown outcome")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """Also where fees were switched off: who had begun to pay is not left without an answer."""
    every = timedelta(minutes=1)
    return (Chore(name="payments", every=every, work=partial(look_due, host), title=UNKNOWN, also_off=True),)
