"""Fees at the pretend desk: fall due by a step, are paid, declined, waived and given back."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import uuid4

from msgspec import structs

from parvis_sdk.amounts import money_shown
from parvis_sdk.charging import Calculation
from parvis_sdk.days import local_day
from parvis_sdk.fee_rules import (
    NOT_OWED,
    NOTHING_TO_GIVE,
    as_measured,
    comes_to,
    credited,
    fallen_due,
    latest,
    owed_of,
    refunds_due,
    words_of,
)
from parvis_sdk.fees import Fee
from parvis_sdk.requests import OwedItem
from parvis_sdk.tariffs import in_force
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import Effects, PretendKind, Situation, Write, add
from parvis_sdk.testing.pretend.states import Charge
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied


def charges_of(case: Case) -> tuple[Charge, ...]:
    """Every charge of a request, oldest first; those that another one replaced as well."""
    return tuple(each for each in case.charges if isinstance(each, Charge))


def bring(here: Situation, fee: Fee, word: str) -> Effects | Denied:
    """What becomes of the charges when a fee falls due, is let off, or is to be given back."""
    charges = charges_of(here.case)
    match word:
        case "due":
            return _due(here, fee, charges)
        case "waived":
            step = here.request_type.workflow.transition(here.move)
            owed = owed_of(fee, charges)
            return _waived(here, fee, owed, step.title if step else fee.title) if owed else Effects()
    back = refunds_due(fee, charges, here.given)
    wanted = sum(cents for _, cents in back)
    writes = tuple(_put(here.case, each, refund_due=cents) for each, cents in back)
    return _about(fee, word, wanted, *writes) if back else Effects()


def _due(here: Situation, fee: Fee, charges: tuple[Charge, ...]) -> Effects | Denied:
    counts = here.case.submitted_at if fee.dated == "submitted" else here.at
    day = local_day(here.town, counts)
    answers = as_measured(here.answers, here.case.submission.place)
    cost = comes_to(fee, in_force(fee.tariffs, day), day, here.fields, answers)
    if isinstance(cost, Denied):
        return cost
    fallen = fallen_due(fee, cost, charges)
    if fallen is None:
        return Effects()
    owed = owed_of(fee, charges)
    writes = [_put(here.case, owed, state="replaced")] if owed else []
    if fallen.calculation is not None:
        writes.append(add(here.case.charges, _charge(fee, fallen.calculation)))
    back = credited(fee, cost, charges)
    writes += [_put(here.case, each, refund_due=each.refund_due + cents) for each, cents in back]
    paid = _about(fee, fallen.word, fallen.cents, *writes)
    wanted = _about(fee, "refund_due", sum(cents for _, cents in back)).facts if back else {}
    return Effects(writes=paid.writes, facts=paid.facts | wanted)


def _charge(fee: Fee, calculation: Calculation) -> Charge:
    return Charge(
        id=str(uuid4()),
        fee=fee.code,
        title=fee.title,
        state="due" if calculation.total else "paid",
        cents=calculation.total,
        items=tuple(OwedItem(code=one.code, title=one.title, cents=one.cents) for one in calculation.items),
        calculation=calculation,
    )


def pay(here: Situation, code: str) -> Effects | Denied:
    """The whole of what is owed of a fee is paid."""
    found = _owed(here, code)
    if isinstance(found, Denied):
        return found
    fee, charge = found
    return _about(fee, "paid", charge.cents, _put(here.case, charge, state="paid"))


def decline(here: Situation, code: str) -> Effects | Denied:
    """A payment of it does not go through."""
    found = _owed(here, code)
    if isinstance(found, Denied):
        return found
    fee, charge = found
    return _about(fee, "failed", charge.cents, _put(here.case, charge, state="failed"))


def waive(here: Situation, code: str, reason: str) -> Effects | Denied:
    """What is owed of a fee is let off, for a reason that its requester reads."""
    found = _owed(here, code)
    return found if isinstance(found, Denied) else _waived(here, *found, Text(fr=reason))


def give_back(here: Situation, code: str, cents: int | None) -> Effects | Denied:
    """So much of what was paid goes back: what is to be refunded, or else all of it, where nothing is said."""
    fee, charge = _declared(here, code), latest(charges_of(here.case)).get(code)
    wanted = cents if cents is not None else ((charge.refund_due or charge.cents - charge.refunded) if charge else 0)
    if charge is None or charge.state != "paid" or not 0 < wanted <= charge.cents - charge.refunded:
        reason = NOTHING_TO_GIVE.format(title=fee.title, amount=money_shown(wanted))
        return Denied(code="not_possible", reason=reason)
    back = charge.refunded + wanted
    state = "refunded" if back >= charge.cents else "paid"
    left = max(0, charge.refund_due - wanted)
    return _about(fee, "refunded", wanted, _put(here.case, charge, state=state, refunded=back, refund_due=left))


def _waived(here: Situation, fee: Fee, charge: Charge, why: Text) -> Effects:
    write = _put(here.case, charge, state="waived", reason=why.to(here.case.submission.language))
    facts = {fee.fact("waived"): {"amount": money_shown(charge.cents), "reason": why}}
    return Effects(writes=(write,), facts=facts)


def _declared(here: Situation, code: str) -> Fee:
    fee = here.request_type.part(Fee, code)
    assert fee is not None, f"{here.request_type.code} has no fee {code!r}"
    return fee


def _owed(here: Situation, code: str) -> tuple[Fee, Charge] | Denied:
    fee = _declared(here, code)
    charge = owed_of(fee, charges_of(here.case))
    return (fee, charge) if charge else Denied(code="not_possible", reason=NOT_OWED.format(title=fee.title))


def _about(fee: Fee, word: str, cents: int, *writes: Write) -> Effects:
    return Effects(writes=writes, facts={fee.fact(word): {"amount": money_shown(cents)}})


def _put(case: Case, charge: Charge, **changed: object) -> Write:
    return partial(_replace, case, structs.replace(charge, **changed))


def _replace(case: Case, charge: Charge) -> None:
    case.charges = [charge if each.id == charge.id else each for each in case.charges]


def _standing(case: Case, now: datetime) -> Iterator[str]:
    for code, charge in latest(charges_of(case)).items():
        yield from (f"{Fee.part}.{code}.{word}" for word in words_of(charge))


FEES = PretendKind(noun=Fee, bring=bring, standing=_standing)
