"""What becomes of a delivery that failed: when it is tried again, who else must wait, and what the operator reads."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.http_client import Clients
from parvis.outbox import DeliveryClaim, circuits, deliveries
from parvis.outbox.circuits import BLOCKING, OUTSIDE, OWN_FAULT, Backoff, next_try
from parvis.outbox.operating import pause_if_it_lasts
from parvis.plugins import PluginRegistry
from parvis.plugins.trying import Failure, FailureKind
from parvis.requests.changing import Write
from parvis.requests.host import Host
from parvis.requests.records import locked
from parvis.requests.work.undelivered import UndeliveredMessage, undelivered_within
from parvis.troubles import Trouble
from parvis.worker.dispatch import Receiver, message_in
from parvis_sdk.contact_methods import EMAIL
from parvis_sdk.text import Text


class Advice(Struct, frozen=True, kw_only=True):
    """What to do about a kind of failure: while it is tried again, and once it was given up."""

    waiting: Text
    given_up: Text


PATIENCE: dict[FailureKind, Backoff] = {
    "later": OUTSIDE,
    "hung": OUTSIDE,
    "broken": OWN_FAULT,
    "blocked": BLOCKING,
    "database": OUTSIDE,
}
REFUSED = Text(
    fr="corrigez ce qui a été refusé et relancez la livraison, ou écartez-la",
    en="correct what was refused and revive the delivery, or skip it",
)
NOW_WHAT: dict[FailureKind, Advice] = {
    "later": Advice(
        waiting=Text(
            fr="rien à faire, sauf si cela persiste\u00a0: vérifiez si ce système fonctionne",
            en="no action needed unless this lasts: check whether that system works",
        ),
        given_up=Text(
            fr="vérifiez si ce système fonctionne, puis relancez la livraison",
            en="check whether that system works, then revive the delivery",
        ),
    ),
    "hung": Advice(
        waiting=Text(
            fr="rien à faire, sauf si cela persiste\u00a0: vérifiez si ce système fonctionne, ou donnez à l’appel sa"
            " propre limite de temps",
            en="no action needed unless this lasts: check whether that system works, or give the call its own limit",
        ),
        given_up=Text(
            fr="vérifiez si ce système fonctionne, ou donnez à l’appel sa propre limite de temps, puis relancez la"
            " livraison",
            en="check whether that system works, or give the call its own limit, then revive the delivery",
        ),
    ),
    "broken": Advice(
        waiting=Text(fr="avisez l’auteur de l’extension", en="notify the author of the plugin"),
        given_up=Text(
            fr="avisez l’auteur de l’extension, puis relancez la livraison",
            en="notify the author of the plugin, then revive the delivery",
        ),
    ),
    "blocked": Advice(
        waiting=Text(
            fr="avisez l’auteur de l’extension\u00a0: toute attente doit passer par `await`",
            en="notify the author of the plugin: code that waits must use `await`",
        ),
        given_up=Text(
            fr="avisez l’auteur de l’extension, installez une version qui ne bloque plus, puis relancez la livraison",
            en="notify the author of the plugin, install a version that does not block, then revive the delivery",
        ),
    ),
    "database": Advice(
        waiting=Text(fr="vérifiez si la base de données fonctionne", en="check whether the database works"),
        given_up=Text(
            fr="vérifiez si la base de données fonctionne, puis relancez la livraison",
            en="check whether the database works, then revive the delivery",
        ),
    ),
    "refused": Advice(waiting=REFUSED, given_up=REFUSED),
}
NEVER_AGAIN = Text(fr="il n’y aura pas d’autre essai", en="it will not be tried again")
SET_ASIDE = Text(
    fr="la livraison est mise de côté après {tries} blocages; les autres continuent",
    en="the delivery is set aside after it blocked {tries} times; the others continue",
)
GIVEN_UP = Text(fr="abandonnée après {tries} essais", en="given up after {tries} tries")
AGAIN = Text(
    fr="nouvel essai après le {moment} UTC ({tries} jusqu’ici)", en="next try after {moment} UTC ({tries} so far)"
)
WORN_OUT = Text(
    fr="le processus qui la traitait s’est arrêté trop de fois avant de répondre",
    en="the worker that handled it stopped too many times before it answered",
)
CUT_OFF = Text(
    fr="l’envoi a été interrompu\u00a0: le message est peut-être arrivé et ne sera pas envoyé de nouveau",
    en="sending was interrupted: the message may have arrived, so it is not sent again",
)
NOT_INSTALLED = Text(
    fr="aucune extension installée n’a d’abonnement ni de canal de ce nom",
    en="no installed plugin has a subscription or a channel of this name",
)
WAITS = Text(fr="la livraison attend", en="the delivery waits")
CORRECT = Text(
    fr="corrigez les paramètres et redémarrez (parvis settings)\u00a0: les livraisons en attente partiront",
    en="correct the settings and restart (parvis settings): pending deliveries will then be sent",
)
INSTALL = Text(
    fr="réinstallez l’extension, ou écartez la livraison avec une raison",
    en="install the plugin again, or skip the delivery with a reason",
)


class Verdict(Struct, frozen=True, kw_only=True):
    """When the delivery is tried again, None being never, and what the operator reads."""

    again: datetime | None
    trouble: Trouble


def judge(claimed: DeliveryClaim, receiver: Receiver, failure: Failure, *, luck: float) -> Verdict:
    """What follows from a failure."""
    again = None
    if failure.kind != "refused":
        patience = PATIENCE[failure.kind]
        tries = (claimed.blocked or 0) + 1 if failure.kind == "blocked" else claimed.attempts
        again = next_try(tries, now=clock.now(), luck=luck, retry_after=failure.retry_after, patience=patience)
    return Verdict(again=again, trouble=_trouble(claimed, receiver, failure, again))


def over_before(claimed: DeliveryClaim, receiver: Receiver) -> Failure | None:
    """The end of a delivery that is not tried any more: what its last try did is unknown and may not be done twice, or
    it was claimed again and again without an answer, each time the worker ended first.
    """
    if claimed.is_cut_off and not receiver.repeats:
        return Failure(kind="refused", what=CUT_OFF)
    return Failure(kind="broken", what=WORN_OUT) if claimed.attempts > OUTSIDE.tries else None


def unless_unknown(claimed: DeliveryClaim, receiver: Receiver, failure: Failure) -> Failure:
    """The failure, or that the delivery is over: what came of it is unknown, and it may not be made twice."""
    if failure.kind in ("hung", "blocked", "database") and claimed.is_message and not receiver.repeats:
        return Failure(kind="refused", what=CUT_OFF, where=failure.where)
    return failure


def is_of_one(claimed: DeliveryClaim, receiver: Receiver, failure: Failure) -> bool:
    """Whether nobody else waits: code of a channel, or of the host, that fails says nothing of what is next."""
    return failure.kind == "broken" and (claimed.is_message or receiver.is_of_host)


async def write(
    host: Host,
    claimed: DeliveryClaim,
    receiver: Receiver,
    failure: Failure,
    verdict: Verdict,
    also: Sequence[Write] = (),
) -> None:
    """Write the verdict and what it means for the subscriber's circuit; `also` goes with it."""
    trouble, given_up = verdict.trouble, _given_up(claimed, failure, verdict)
    async with transaction(host.engine):
        # The request first, as everybody locks it; then what belongs to it.
        record = await locked(host, claimed.reference) if given_up and claimed.reference else None
        if verdict.again is None:
            ours = await deliveries.die(claimed, trouble)
        else:
            ours = await deliveries.postpone(claimed, verdict.again, trouble)
        if not ours:
            return
        if failure.kind == "blocked":
            await deliveries.count_block(claimed)
        for one in also:
            await one()
        if given_up and record is not None and record.erased_at is None:
            await undelivered_within(host, record.reference, given_up)
        if failure.kind == "database":
            return  # ours, not the subscriber's
        if failure.kind == "refused" or failure.only_this:
            await circuits.succeeded([claimed.subscriber])  # it answered, so it is not away
        elif is_of_one(claimed, receiver, failure):
            if claimed.is_probe:  # which told nothing: another one is asked at once
                await circuits.probing([claimed.subscriber], until=clock.now())
        else:
            since = await circuits.failed(host.engine, claimed.subscriber, trouble, is_probe=claimed.is_probe)
            if claimed.connector:
                await pause_if_it_lasts(host.engine, claimed.connector, since, host.of(Clients).outgoing.pause_days)


def _given_up(claimed: DeliveryClaim, failure: Failure, verdict: Verdict) -> UndeliveredMessage | None:
    """The message that its channel will not deliver any more, whatever the channel and the reason."""
    if not claimed.is_message or verdict.again is not None:
        return None
    why = failure.what if isinstance(failure.what, Text) else Text(fr=failure.what)
    lost = failure.not_reached if claimed.channel == EMAIL.name else None
    return UndeliveredMessage(delivery=claimed.id, message=message_in(claimed), why=why, lost=lost, word=claimed.word)


def parked(plugins: PluginRegistry, subscriber: str) -> Trouble:
    """What is read of a delivery whose plugin is gone, or has wrong settings."""
    if why := plugins.why_held_back(subscriber):
        return Trouble(who=subscriber, where="outbox", what=why, so_what=WAITS, now_what=CORRECT)
    return Trouble(who=subscriber, where="outbox", what=NOT_INSTALLED, so_what=WAITS, now_what=INSTALL)


def _trouble(claimed: DeliveryClaim, receiver: Receiver, failure: Failure, again: datetime | None) -> Trouble:
    advice = NOW_WHAT[failure.kind]
    if failure.kind == "refused":
        so_what = NEVER_AGAIN
    elif again is None and failure.kind == "blocked":
        so_what = SET_ASIDE.format(tries=(claimed.blocked or 0) + 1)
    elif again is None:
        so_what = GIVEN_UP.format(tries=claimed.attempts)
    else:
        so_what = AGAIN.format(moment=f"{again:%Y-%m-%d %H:%M:%S}", tries=claimed.attempts)
    return Trouble(
        who=str(receiver.origin),
        where=" · ".join(part for part in (claimed.subscriber, claimed.reference, failure.where) if part),
        what=failure.what,
        so_what=so_what,
        now_what=advice.given_up if again is None else advice.waiting,
        plugin=receiver.origin.name,
    )
