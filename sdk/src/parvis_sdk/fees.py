"""Fees: what a request costs by a dated tariff, from falling due until it is paid, waived or refunded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, Money
from parvis_sdk.mistakes import named_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.tariff_mistakes import asked_mistakes, tariffs_mistakes
from parvis_sdk.tariffs import Dated, Tariff
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

AMOUNT = ("amount",)


class Fee(Part, frozen=True, kw_only=True, omit_defaults=True, tag="fee"):
    """What is to be paid, calculated by the tariff in force on the day of submission or on the day it falls due.

    A town may put its own tariffs in place of these. A fee that comes to nothing is paid as soon as it is due. What
    "refund_due" gives back is the deposit or all that was paid, as `refund` says, or the amount answered to the step
    that brings it about, under the code `refund_asked`. Paid `once` by a file, a fee that falls due again asks only
    for what it has risen by since it was paid or waived; with `credits`, what it has fallen by below what was paid is
    then to be refunded, and "refund_due" comes true by itself. A step that brings "waived" about lets off what is
    still owed; its title is the reason.
    """

    FACTS: ClassVar[dict[str, Fact]] = {
        "due": Fact(
            title=Text(fr="{title}\u00a0: à payer", en="{title}: to be paid"),
            brought=True,
            subject=Text(
                fr="{title}\u00a0: {amount} à payer ({reference})", en="{title}: {amount} to pay ({reference})"
            ),
            body=Text(
                fr="Un montant de {amount} est à payer pour votre requête «\u00a0{type}\u00a0».\n\nVoyez le détail et "
                "les façons de payer\u00a0: {link}",
                en="An amount of {amount} is to be paid for your request “{type}”.\n\nSee the details and how to pay: "
                "{link}",
            ),
            names=AMOUNT,
        ),
        "paid": Fact(
            title=Text(fr="{title}\u00a0: payé", en="{title}: paid"),
            subject=Text(fr="{title}\u00a0: paiement reçu ({reference})", en="{title}: payment received ({reference})"),
            body=Text(
                fr="Nous avons reçu votre paiement de {amount}. Merci.\n\nVotre reçu\u00a0: {link}",
                en="We have received your payment of {amount}. Thank you.\n\nYour receipt: {link}",
            ),
            names=AMOUNT,
        ),
        "failed": Fact(
            title=Text(fr="{title}\u00a0: paiement refusé", en="{title}: payment declined"),
            subject=Text(
                fr="{title}\u00a0: le paiement n’a pas été accepté ({reference})",
                en="{title}: the payment was not accepted ({reference})",
            ),
            body=Text(
                fr="Votre paiement de {amount} n’a pas été accepté, et rien n’a été débité. Vous pouvez essayer de "
                "nouveau ou payer autrement\u00a0: {link}",
                en="Your payment of {amount} was not accepted, and nothing was charged. You can try again or pay in "
                "another way: {link}",
            ),
            names=AMOUNT,
        ),
        "waived": Fact(
            title=Text(fr="{title}\u00a0: exonération", en="{title}: waived"),
            subject=Text(fr="{title}\u00a0: rien à payer ({reference})", en="{title}: nothing to pay ({reference})"),
            body=Text(
                fr="La Ville vous exonère du montant de {amount}. Raison\u00a0: {reason}\n\n{link}",
                en="The town waives the amount of {amount}. Reason: {reason}\n\n{link}",
            ),
            brought=True,
            names=(*AMOUNT, "reason"),
        ),
        "refund_due": Fact(
            title=Text(fr="{title}\u00a0: à rembourser", en="{title}: to be refunded"), brought=True, names=AMOUNT
        ),
        "refunded": Fact(
            title=Text(fr="{title}\u00a0: remboursé", en="{title}: refunded"),
            subject=Text(fr="{title}\u00a0: remboursement ({reference})", en="{title}: refund ({reference})"),
            body=Text(fr="La Ville vous rembourse {amount}.\n\n{link}", en="The town refunds you {amount}.\n\n{link}"),
            names=AMOUNT,
        ),
    }
    tariffs: tuple[Tariff, ...]
    dated: Dated = "submitted"
    refund: Literal["all", "deposit"] = "all"
    refund_asked: str = ""
    once: bool = False
    credits: bool = False

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this fee that can be seen without the form."""
        yield from super().mistakes()
        if self.credits and not self.once:
            what = "what it has fallen by is credited, and it is paid anew each time"
            yield DeclarationMistake(where=f"fee {self.code!r}", what=what, now_what="let it be paid `once`")
        for mistake in tariffs_mistakes(self.tariffs):
            yield mistake.within(f"fee {self.code!r}")

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """What the tariffs look at and nobody asks in time, and what no step asks."""
        where = f"fee {self.code!r}"
        for mistake in asked_mistakes(self.tariffs, (*request_type.form.fields(), *self._asked_with(request_type))):
            yield mistake.within(where)
        yield from named_mistakes(
            self.refund_asked, request_type.workflow.fields(), (Money,), f"{where} · refund_asked"
        )

    def _asked_with(self, request_type: "RequestType") -> Iterator[AnyField]:
        """What every step asks that makes it due: its tariffs may look at that too."""
        moves = [
            each
            for each in request_type.workflow.transitions
            if self.fact("due") in request_type.workflow.brought_by(each)
        ]
        own = {field.code for field in request_type.form.fields()}
        for field in moves[0].asks.fields() if moves else ():
            if field.code not in own and all(each.asks.field(field.code) for each in moves):
                yield field
