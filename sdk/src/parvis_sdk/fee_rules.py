"""The rules of a fee: its amount when it falls due, what was paid before, and what is refunded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from msgspec import Struct, structs

from parvis_sdk.amounts import money_shown
from parvis_sdk.charging import Calculation, Item, backwards, calculate, kept_in_cents, looks_at
from parvis_sdk.days import day_text
from parvis_sdk.fees import Fee
from parvis_sdk.fields import LARGEST_DECLARED, AnyField
from parvis_sdk.measuring import PLACE
from parvis_sdk.requests import Place
from parvis_sdk.tariffs import Tariff
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

ChargeState = Literal["due", "pending", "paid", "failed", "waived", "refunded", "replaced"]
OWED = ("due", "pending", "failed")
HOW = Text(fr="{now} − {before} déjà payés", en="{now} − {before} already paid")
NOT_OWED = Text(fr="Il n’y a plus rien à payer pour «\u00a0{title}\u00a0».", en="Nothing is left to pay for “{title}”.")
NOTHING_TO_GIVE = Text(
    fr="Il n’y a pas {amount} à rembourser pour «\u00a0{title}\u00a0».",
    en="There is no {amount} to refund for “{title}”.",
)
CANNOT = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: le tarif dépend de questions que cette requête ne pose pas\u00a0: {codes}.",
    en="“{fee}”: the tariff depends on questions that this request does not ask: {codes}.",
)
BACKWARDS = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: «\u00a0{last}\u00a0» précède «\u00a0{first}\u00a0». Corrigez ces dates d’abord.",
    en="“{fee}”: “{last}” comes before “{first}”. Correct these dates first.",
)
TOO_MUCH = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: le montant calculé dépasse {limit}. Corrigez les quantités d’abord.",
    en="“{fee}”: the amount comes to more than {limit}. Correct the quantities first.",
)
NO_TARIFF = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: aucun tarif n’est en vigueur le {day}.",
    en="“{fee}”: no tariff is in force on {day}.",
)


class AnyCharge(Protocol):
    """One charge of one fee of a request, as stored by the host or the pretend desk; amounts in cents."""

    @property
    def fee(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def calculation(self) -> Calculation: ...
    @property
    def refund_due(self) -> int: ...
    @property
    def refunded(self) -> int: ...


ACharge = TypeVar("ACharge", bound=AnyCharge)


class FallenDue(Struct, frozen=True, kw_only=True):
    """The result of a fee falling due: the calculation of its new charge, or None if nothing more is charged.

    `word` is the word of the established fact; `paid_before` says whether earlier payments cover the "whole" of it.
    """

    word: Literal["due", "paid"]
    calculation: Calculation | None = None
    paid_before: Literal["", "whole", "in_part"] = ""

    @property
    def cents(self) -> int:
        """What is to be paid."""
        return self.calculation.total if self.calculation else 0


def as_measured(answers: Mapping[str, Any], place: Place | None) -> dict[str, Any]:
    """The answers with the place of the request among them, as tariffs look at them."""
    return {PLACE: place.as_answer() if place else {}, **answers}


def comes_to(
    fee: Fee, tariff: Tariff | None, day: date, fields: Mapping[str, AnyField], answers: Mapping[str, Any]
) -> Calculation | Denied:
    """The cost of a fee by the tariff of a day, with these answers `as_measured`; or why it cannot be calculated."""
    if tariff is None:
        return Denied(code="not_possible", reason=NO_TARIFF.format(fee=fee.title, day=day_text(day)))
    unasked = set(looks_at(tariff)) - fields.keys() - {PLACE}
    if unasked:
        codes = ", ".join(sorted(unasked))
        return Denied(code="not_possible", reason=CANNOT.format(fee=fee.title, codes=codes))
    if wrong := backwards(tariff, answers):
        labels = [fields[code].label for code in wrong]
        asked = {"first": labels[0], "last": labels[-1]}
        return Denied(code="not_possible", reason=BACKWARDS.format(fee=fee.title, **asked))
    calculation = calculate(tariff, answers, kept_in_cents(fields.values()))
    if calculation.total > LARGEST_DECLARED:  # quantities that are each possible, multiplied
        limit = money_shown(LARGEST_DECLARED)
        return Denied(code="not_possible", reason=TOO_MUCH.format(fee=fee.title, limit=limit))
    return calculation


def fallen_due(fee: Fee, calculation: Calculation, charges: Sequence[AnyCharge]) -> FallenDue | None:
    """The result for the existing charges; None if the same amount is already owed.

    What is still owed of it is replaced.
    """
    owed = owed_of(fee, charges)
    settled = _settled(fee, charges)
    if settled:
        calculation = left_of(calculation, settled)
        if calculation.total <= 0:
            return FallenDue(word="paid", paid_before="whole")
    if owed is not None and owed.calculation.total == calculation.total:
        return None
    return FallenDue(
        word="due" if calculation.total else "paid",
        calculation=calculation,
        paid_before="in_part" if settled else "",
    )


def credited(fee: Fee, calculation: Calculation, charges: Sequence[ACharge]) -> tuple[tuple[ACharge, int], ...]:
    """The charges, with the cents of each, to be refunded because the fee has fallen below what was paid."""
    settled = _settled(fee, charges) if fee.credits else ()
    fallen = -left_of(calculation, settled).total if settled else 0
    found: list[tuple[ACharge, int]] = []
    for each in reversed([each for each in charges if each.fee == fee.code and each.state == "paid"]):
        left = fallen - sum(cents for _, cents in found)
        back = min(left, each.amount - each.refunded - each.refund_due)
        if back > 0:
            found.append((each, back))
    return tuple(found)


def latest(charges: Iterable[ACharge]) -> dict[str, ACharge]:
    """The current charge of each fee, by the code of the fee."""
    return {charge.fee: charge for charge in charges if charge.state != "replaced"}


def owed_of(fee: Fee, charges: Iterable[ACharge]) -> ACharge | None:
    """The unpaid charge of a fee."""
    stands = latest(charges).get(fee.code)
    return stands if stands is not None and stands.state in OWED else None


def _settled(fee: Fee, charges: Iterable[AnyCharge]) -> tuple["SettledCharge", ...]:
    """What was paid or let off of a fee that is paid once, without what went back of it or is to."""
    return tuple(
        SettledCharge(calculation=each.calculation, given_back=max(each.refunded + each.refund_due, 0))
        for each in charges
        if fee.once and each.fee == fee.code and each.amount and each.state in ("paid", "waived")
    )


def refunds_due(fee: Fee, charges: Sequence[ACharge], given: Mapping[str, Any]) -> tuple[tuple[ACharge, int], ...]:
    """The charges, with the cents of each, to be refunded by a step with these answers that causes "refund_due"."""
    stands = latest(charges).get(fee.code)
    of_fee = [each for each in charges if each.fee == fee.code] if fee.once else [stands] if stands else []
    paid = [each for each in of_fee if each.state == "paid"]
    own = [each.calculation.deposit if fee.refund == "deposit" else each.amount for each in paid]
    left, asked = sum(own), given.get(fee.refund_asked)
    if fee.refund_asked and isinstance(asked, int):
        left, own = asked, [each.amount for each in paid]
    found: list[tuple[ACharge, int]] = []
    for each, most in reversed(list(zip(paid, own, strict=True))):  # what was paid last goes back first
        back = min(left - sum(cents for _, cents in found), most, each.amount - each.refunded)
        if back > 0:
            found.append((each, back))
    return tuple(found)


def words_of(charge: AnyCharge) -> Iterator[str]:
    """The words of the facts that are true of the current charge; a waived charge counts as paid."""
    words: dict[str, tuple[str, ...]] = {"pending": ("due",), "failed": ("due", "failed")}
    yield from words.get(charge.state, (charge.state,))
    if charge.state == "waived":
        yield "paid"
    if charge.refund_due:
        yield "refund_due"


class SettledCharge(Struct, frozen=True, kw_only=True):
    """One charge that was paid or waived, with the amount refunded or due for refund, in cents."""

    calculation: Calculation
    given_back: int = 0


def left_of(now: Calculation, settled: Sequence[SettledCharge]) -> Calculation:
    """The calculation less what was paid or waived before; negative if the fee has become lower.

    Each item is charged by its own difference, so that accounts by item, and taxes, record no more than is owed.
    """
    before: dict[str, Item] = {}
    for each in settled:
        for item in _kept(each):
            known = before[item.code].cents if item.code in before else 0
            before[item.code] = structs.replace(item, cents=known + item.cents)
    if not before:
        return now
    today = {item.code: item for item in now.items}
    gone = [structs.replace(item, cents=0) for code, item in before.items() if code not in today]
    items = [_less(item, before.get(item.code)) for item in (*now.items, *gone)]
    items = [item for item in items if item.cents]
    deposit = sum(item.cents for item in items if item.kind == "deposit")
    return structs.replace(now, items=tuple(items), total=sum(item.cents for item in items), deposit=deposit)


def _kept(settled: SettledCharge) -> tuple[Item, ...]:
    """The items of a charge that the town keeps: what goes back is the deposit first, then the last ones."""
    left, kept = settled.given_back, list[Item]()
    for item in sorted(reversed(settled.calculation.items), key=lambda one: one.kind != "deposit"):
        back = min(left, max(item.cents, 0))
        left -= back
        kept.append(structs.replace(item, cents=item.cents - back))
    return tuple(reversed(kept))


def _less(item: Item, before: Item | None) -> Item:
    if before is None or not before.cents:
        return item
    how = HOW.format(now=money_shown(item.cents), before=money_shown(before.cents))
    return structs.replace(item, how=how, cents=item.cents - before.cents)
