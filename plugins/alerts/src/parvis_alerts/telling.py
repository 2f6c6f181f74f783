"""Alerts: what needs a person is mailed to those whom the settings name: once a day for each matter, and its end.

A matter is found by looking at the tables, which needs nothing of the outbox to be alive. The mail itself is a message
like any other: tried again for days, in the log of its channel, never sent twice. So an alert that mail is away comes
late by mail; it stands in the log at once, and so does everything else that is found here. Where no worker lives nobody
looks: monitoring of `/health` finds that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

import msgspec
import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.alert_matters import LASTING, PAUSED, AlertSource, Matter, name_of
from parvis.db import transaction
from parvis.http_client import Clients
from parvis.identifiers import new_id
from parvis.outbox import circuits, heartbeat, memory, numbers
from parvis.outbox.clock_watch import standing
from parvis.outbox.deliveries import write_message
from parvis.plugins.trying import Failure, attempt
from parvis.requests.host import Host
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.text import Text

log = structlog.get_logger("parvis.alerts")
OURS = "parvis.alerts"  # under which the host remembers what was told: the name from before this was a module
DAY = timedelta(days=1)
SECONDS = 10.0  # that a module has to say what needs somebody
SUBJECT = "Parvis\u00a0: {fr} / {en}"
SOMEBODY = Text(fr="quelqu’un doit y voir", en="somebody is needed")
COLONS: Mapping[str, str] = {"fr": "\u00a0: ", "en": ": "}
OVER = Text(fr="c’est réglé", en="it is over")
DEAD_ONE = Text(fr="{who}\u00a0: {many} livraison abandonnée", en="{who}: {many} delivery given up")
DEAD = Text(fr="{who}\u00a0: {many} livraisons abandonnées", en="{who}: {many} deliveries given up")
OPEN = Text(fr="{who}\u00a0: ne répond pas depuis plus d’une heure", en="{who}: no answer for over an hour")
CARRIED = Text(
    fr="Signal de vie\u00a0: aucun processus de travail n’en a livré depuis un quart d’heure",
    en="Heartbeat: no worker has carried one for a quarter of an hour",
)
MAILED = Text(
    fr="Signal de vie\u00a0: aucun message n’est parti depuis un quart d’heure",
    en="Heartbeat: no message has left for a quarter of an hour",
)

CLOCK = Text(
    fr="Horloge\u00a0: destructions, escalades et échéances attendent que quelqu’un confirme l’heure",
    en="Clock: destruction, escalation and timers wait for somebody to confirm the time",
)


class AlertState(Struct, frozen=True, kw_only=True):
    """What is remembered of a matter: since when it is seen, when it was last told, since when it is over, and who
    said it. What nobody is asked about any more, as its module is off or gone, stays as it was."""

    since: datetime
    said: Text
    told: datetime | None = None
    over: datetime | None = None
    owner: str = ""

    @property
    def was_told(self) -> bool:
        """Whether it was told since it came, and not only when it came the time before."""
        return self.told is not None and self.told >= self.since


async def tell_of_what_lasts(host: Host) -> int:
    """Look, remember, and write one mail to each address; how many matters are told or over."""
    now = clock.now()
    looked = await _looked(host)
    found = {each.key: each for each in looked.found if not each.rests}
    before = {key: msgspec.convert(value, AlertState) for key, value in (await memory.recall_all(OURS)).items()}
    resting = {each.key for each in looked.found if each.rests}
    unseen = {
        key for key, each in before.items() if key in resting or (key not in found and not looked.are_without(each))
    }
    after = {key: seen(found.get(key), before.get(key), now) for key in {**before, **found} if key not in unseen}
    news = [found[key] for key, each in after.items() if each and key in found and each.told == now]
    over = [each for key, each in after.items() if each and each.over == now and before[key].was_told]
    changed = {key: msgspec.to_builtins(each) if each else None for key, each in after.items()}
    for each in news:
        log.error("somebody is needed", matter=each.key, said=each.said.to("en"))
    async with transaction(host.engine):
        await memory.remember_all(OURS, changed)
        for address in host.of(Clients).outgoing.alerts if news or over else ():
            await write_message(letter(host, address, news, over), request=new_id(), reference="")
    return len(news) + len(over)


def seen(found: Matter | None, before: AlertState | None, now: datetime) -> AlertState | None:
    """What is remembered of a matter from now on; None when it may be forgotten.

    One that comes back within a day of being told is not told again before that day is over.
    """
    if found is None:
        return gone(before, now)
    told = before.told if before else None
    begun = before if before and not before.over else AlertState(since=now, said=found.said, told=told)
    due = now - begun.since >= found.after and (told is None or now - told >= DAY)
    return structs.replace(begun, said=found.said, told=now if due else told, owner=found.owner)


def gone(before: AlertState | None, now: datetime) -> AlertState | None:
    """What is remembered of a matter that is not there any more."""
    if before is None or before.told is None:
        return None
    if before.over is None:
        return structs.replace(before, over=now)
    return before if now - before.told < DAY else None


class FoundMatters(Struct, frozen=True, kw_only=True):
    """Everything that was found, by whom of those who were asked, and whether each of them could answer."""

    found: list[Matter]
    answered: frozenset[str]
    is_whole: bool

    def are_without(self, before: AlertState) -> bool:
        """Whether a matter that was not found is over: its source was asked.

        One stored without a source, by an earlier version, may belong to any, so all of them must have been asked.
        """
        return before.owner in self.answered if before.owner else self.is_whole


async def matters(host: Host) -> list[Matter]:
    """Everything that may need a person; of two with the same key, the one that a module says stands."""
    return [each for each in (await _looked(host)).found if not each.rests]


async def _looked(host: Host) -> FoundMatters:
    """The same, with those that rest, and who was asked."""
    own = [each for look in (_given_up, _away, _paused, _beats, _clock) for each in await look(host)]
    found, answered, is_whole = [structs.replace(each, owner=OURS) for each in own], {OURS}, True
    for owner, source in host.modules.heard_somewhere(AlertSource, host.jurisdictions.by_code.values()):
        said = await attempt(partial(source.matters, host), SECONDS)
        if isinstance(said, Failure):
            log.error("a module does not say what needs somebody", module=owner, trouble=str(said))
            is_whole = False
            continue
        answered.add(owner)
        found += [structs.replace(each, owner=owner) for each in said.value]
    every = {each.key: each for each in found}
    return FoundMatters(found=[*every.values()], answered=frozenset(answered), is_whole=is_whole)


async def _given_up(host: Host) -> Iterable[Matter]:
    return [
        Matter(
            key=f"dead:{each.subscriber}",
            said=(DEAD_ONE if each.count == 1 else DEAD).format(who=name_of(host, each.subscriber), many=each.count),
            page=f"livraisons?etat=dead&abonne={each.subscriber}",
        )
        for each in await numbers()
        if each.state == "dead"
    ]


async def _clock(host: Host) -> Iterable[Matter]:
    is_doubted = (await standing(host.engine)).is_doubted
    return [Matter(key="clock", said=CLOCK, page="horloge")] if is_doubted else []


async def _away(host: Host) -> Iterable[Matter]:
    return [
        Matter(
            key=f"open:{each.subscriber}",
            said=OPEN.format(who=name_of(host, each.subscriber)),
            page="circuits",
            after=LASTING,
        )
        for each in await circuits.states()
        if each.is_open
    ]


async def _paused(host: Host) -> Iterable[Matter]:
    return [
        Matter(
            key=f"paused:{subscriber}",
            said=PAUSED.format(who=name_of(host, subscriber)),
            page="circuits",
        )
        for subscriber in await circuits.pauses()
    ]


async def _beats(host: Host) -> Iterable[Matter]:
    """Only where heartbeats are written: where even that has stopped, this does not run."""
    last = await heartbeat.beats(mail_wanted=bool(host.of(Clients).outgoing.heartbeat))
    now = clock.now()
    found = []
    if last.written and not last.is_carried(now):
        found.append(Matter(key="heartbeat", said=CARRIED, page="taches", after=heartbeat.LATE))
    if last.written and not last.is_mailed(now):
        page = f"livraisons?abonne={heartbeat.MAIL}"
        found.append(Matter(key="heartbeat:mail", said=MAILED, page=page, after=heartbeat.LATE))
    return found


def letter(host: Host, to: str, news: Iterable[Matter], over: Iterable[AlertState]) -> OutgoingMessage:
    """One mail in both languages, French first."""
    news, over = list(news), list(over)
    subject = SOMEBODY if news else OVER
    base = f"{host.base_url.rstrip('/')}/exploitation"
    parts = []
    for language in ("fr", "en"):
        lines = [f"- {each.said.to(language)}\n  {base}/{each.page}" for each in news]
        lines += [f"- {OVER.to(language)}{COLONS[language]}{each.said.to(language)}" for each in over]
        parts.append("\n".join(lines))
    return OutgoingMessage(
        to=to,
        subject=SUBJECT.format(fr=subject.fr, en=subject.to("en")),
        text="\n\n-- \n\n".join(parts) + "\n",
        language="fr",
    )
