"""Validity: until when what was granted holds, how it is renewed, and what ends it early."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct

from parvis_sdk.calendar_days import Anniversary, CalendarDay, calendar_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import Date
from parvis_sdk.forms import Form
from parvis_sdk.mistakes import named_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType


class Renewal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When what holds may be renewed, for how long, and from when the new time counts.

    It may from `opens` days before its last day until `grace` days after it; a renewal is in progress from the step
    that brings "renewing" about to the one that brings "renewed" or "renewal_dropped". The new time is `months` or
    `days`, those of the validity where neither is given, counted from the old end or from the day of renewing. With
    `holds`, what is being renewed goes on holding past its end until the grace is over.
    """

    opens: int
    grace: int = 0
    extends: Literal["end", "now"] = "end"
    holds: bool = False
    months: int = 0
    days: int = 0


class Transfer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How what was granted passes to another holder: offered by its holder or by the town, accepted by a private link.

    The offer stands for `days`; `asks` is what the new holder answers. The file goes with it, its past included, but
    for what the former holder told of themselves.
    """

    days: int = 30
    asks: Form = Form()


class Validity(Part, frozen=True, kw_only=True, omit_defaults=True, tag="validity"):
    """How long a permit, a licence or a certificate holds, from the step that brings "valid" about.

    It ends after `months` or `days`, or `until` a day, at the end of that day in the town: the date answered to that
    move or to the form under this code, or a day of the calendar (`MonthDay`, `Anniversary`), to the next one of which
    a renewal goes. With none of them it never ends by itself. On the morning of each day that lies `reminders` days
    before the last one, "ending" comes true. A suspension is over by itself at the end of the day answered under the
    code `suspended_until` to the step that brings it about, where there is such an answer.
    """

    FACTS: ClassVar[dict[str, Fact]] = {
        "valid": Fact(
            title=Text(fr="{title}\u00a0: en vigueur", en="{title}: in force"), brought=True, names=("until",)
        ),
        "suspended": Fact(title=Text(fr="{title}\u00a0: suspension", en="{title}: suspended"), brought=True),
        "revoked": Fact(title=Text(fr="{title}\u00a0: révocation", en="{title}: revoked"), brought=True),
        "ended": Fact(title=Text(fr="{title}\u00a0: fin avant l’échéance", en="{title}: ended early"), brought=True),
        "renewing": Fact(
            title=Text(fr="{title}\u00a0: renouvellement en cours", en="{title}: renewal in progress"), brought=True
        ),
        "renewed": Fact(
            title=Text(fr="{title}\u00a0: renouvellement", en="{title}: renewed"), brought=True, names=("until",)
        ),
        "renewal_dropped": Fact(
            title=Text(fr="{title}\u00a0: renouvellement abandonné", en="{title}: renewal dropped"), brought=True
        ),
        "renewable": Fact(
            title=Text(fr="{title}\u00a0: renouvellement ouvert", en="{title}: may be renewed"),
            subject=Text(fr="{title}\u00a0: vous pouvez renouveler", en="{title}: you can renew"),
            body=Text(
                fr="L’échéance est le {until}. Vous pouvez renouveler dès maintenant\u00a0: {link}",
                en="It expires on {until}. You can renew it now: {link}",
            ),
            names=("until",),
        ),
        "ending": Fact(
            title=Text(fr="{title}\u00a0: rappel de l’échéance", en="{title}: reminder of its end"),
            subject=Text(fr="{title}\u00a0: échéance le {until}", en="{title}: expires on {until}"),
            body=Text(
                fr="Le dernier jour de validité est le {until}.\n\nDétails et suivi\u00a0: {link}",
                en="The last day it is valid is {until}.\n\nDetails and tracking: {link}",
            ),
            names=("until",),
        ),
        "held_over": Fact(
            title=Text(
                fr="{title}\u00a0: échéance passée pendant le renouvellement, reste en vigueur",
                en="{title}: end passed during the renewal, still in force",
            ),
            names=("until", "held_until"),
        ),
        "expired": Fact(
            title=Text(fr="{title}\u00a0: échéance passée", en="{title}: expired"),
            subject=Text(fr="{title}\u00a0: échéance passée", en="{title}: expired"),
            body=Text(
                fr="La période de validité a pris fin le {until}.\n\nDétails et suivi\u00a0: {link}",
                en="It expired at the end of {until}.\n\nDetails and tracking: {link}",
            ),
            names=("until",),
        ),
        "lapsed": Fact(
            title=Text(fr="{title}\u00a0: ne peut plus être renouvelé", en="{title}: may not be renewed any more")
        ),
        "transfer_asked": Fact(
            title=Text(fr="{title}\u00a0: transfert demandé", en="{title}: transfer requested"),
            subject=Text(fr="{title}\u00a0: transfert demandé", en="{title}: transfer requested"),
            body=Text(
                fr="Nous avons écrit à la personne que vous avez nommée. Rien ne change avant qu’elle accepte, au plus "
                "tard le {answer_by}.\n\nPour suivre ou annuler\u00a0: {link}",
                en="We have written to the person you named. Nothing changes until they accept, by {answer_by} at the "
                "latest.\n\nTo follow or cancel it: {link}",
            ),
            names=("answer_by",),
        ),
        "transferred": Fact(
            title=Text(fr="{title}\u00a0: transfert à une autre personne", en="{title}: passed to another person"),
            subject=Text(fr="{title}\u00a0: le dossier est à votre nom", en="{title}: the file is in your name"),
            body=Text(
                fr="Le dossier est maintenant à votre nom, avec ce qu’il reste à faire.\n\nVotre lien privé\u00a0: "
                "{link}",
                en="The file is now in your name, with what is still to be done.\n\nYour private link: {link}",
            ),
        ),
        "transfer_declined": Fact(
            title=Text(fr="{title}\u00a0: transfert refusé", en="{title}: transfer declined"),
            subject=Text(fr="{title}\u00a0: transfert refusé", en="{title}: transfer declined"),
            body=Text(
                fr="La personne que vous avez nommée n’a pas accepté. Rien ne change\u00a0: {link}",
                en="The person you named did not accept. Nothing changes: {link}",
            ),
        ),
        "transfer_cancelled": Fact(title=Text(fr="{title}\u00a0: transfert annulé", en="{title}: transfer cancelled")),
        "suspension_over": Fact(title=Text(fr="{title}\u00a0: fin de la suspension", en="{title}: suspension over")),
    }
    months: int = 0
    days: int = 0
    until: str | CalendarDay = ""
    reminders: tuple[int, ...] = ()
    renewal: Renewal | None = None
    suspended_until: str = ""
    transfer: Transfer | None = None

    def ends_by(self) -> str:
        """The code of the answer that its end depends on; empty where there is none."""
        if isinstance(self.until, str):
            return self.until
        return self.until.of if isinstance(self.until, Anniversary) else ""

    def form(self, word: str) -> Form | None:
        """What a new holder answers."""
        return self.transfer.asks if self.transfer and word == "transferred" else None

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this validity."""
        yield from super().mistakes()
        where = f"validity {self.code!r}"
        if sum(map(bool, (self.months, self.days, self.until))) > 1:
            yield DeclarationMistake(
                where=where, what="it ends in two ways", now_what="give one of months, days and until"
            )
        if not isinstance(self.until, str):
            yield from calendar_mistakes(self.until, f"{where} · until")
        if self.months < 0 or self.days < 0:
            yield DeclarationMistake(
                where=where, what="it ends before it begins", now_what="give months or days above zero"
            )
        if any(each < 0 for each in self.reminders):
            yield DeclarationMistake(
                where=where, what="it is recalled after its end", now_what="count reminders in days before it"
            )
        if (self.reminders or self.renewal) and not (self.months or self.days or self.until):
            yield DeclarationMistake(where=where, what="it never ends", now_what="give months, days or until")
        if self.transfer is not None:
            yield from _transfer_mistakes(self.transfer, f"{where} · transfer")
        if self.renewal is not None:
            yield from _renewal_mistakes(self.renewal, f"{where} · renewal")

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """Days that neither the form nor a step asks."""
        where, fields, moving = f"validity {self.code!r}", request_type.form.fields(), request_type.workflow.fields()
        yield from named_mistakes(self.ends_by(), (*fields, *moving), (Date,), f"{where} · until")
        yield from named_mistakes(self.suspended_until, moving, (Date,), f"{where} · suspended_until")


def _transfer_mistakes(transfer: Transfer, where: str) -> Iterator[DeclarationMistake]:
    for mistake in transfer.asks.mistakes():
        yield mistake.within(where)
    if transfer.days < 1:
        yield DeclarationMistake(where=where, what="an offer of it stands for no time", now_what="give a day or more")


def _renewal_mistakes(renewal: Renewal, where: str) -> Iterator[DeclarationMistake]:
    if renewal.opens < 0 or renewal.grace < 0 or renewal.months < 0 or renewal.days < 0:
        yield DeclarationMistake(
            where=where, what="a number of days is below zero", now_what="count days and months from zero"
        )
    if renewal.months and renewal.days:
        yield DeclarationMistake(where=where, what="it ends in two ways", now_what="give months or days")
    if renewal.holds and not renewal.grace:
        what = "it holds past its end for no time"
        yield DeclarationMistake(
            where=where, what=what, now_what="give the days of grace in which a renewal is finished"
        )
