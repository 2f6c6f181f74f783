"""A fee that is paid once by a file and becomes lower gives the difference back, where its author says so."""

from datetime import date
from decimal import Decimal

from msgspec import structs

from parvis_sdk.fees import Fee
from parvis_sdk.fields import Number
from parvis_sdk.forms import Form, Section
from parvis_sdk.tariffs import Asked, PerUnit, Tariff, Unit
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

L = Text(fr="Enseignes", en="Signs")
SIGNS = Form(sections=(Section(code="s", title=L, fields=(Number(code="signs", label=L),)),))
EACH = PerUnit(code="each", title=L, price=Decimal(10), of=(Asked(field="signs", unit=Unit(one=L, many=L)),))
FEE = Fee(code="permit", title=L, tariffs=(Tariff(since=date(2020, 1, 1), lines=(EACH,)),), once=True, credits=True)
NOBODY = {"mode": "anonymous"}


async def paid_for(fee: Fee, signs: int):
    """A request whose fee for so many signs is paid."""
    first = SAMPLE.workflow.initial.code
    asks = Transition(code="ask", title=L, sources=(first,), target=first, asks=SIGNS, brings=("fee.permit.due",))
    workflow = structs.replace(SAMPLE.workflow, transitions=(asks, *SAMPLE.workflow.transitions))
    desk = Desk(types=(structs.replace(SAMPLE, form=SIGNS, workflow=workflow, parts=(fee,)),))
    place = {"lon": -73.5, "lat": 45.5}
    case = await desk.submit("sample", {"answers": {"signs": signs}, "place": place, "requester": NOBODY})
    await desk.move(case, "ask", {"signs": signs})
    await desk.pay(case, "permit")
    return desk, case


async def test_what_a_fee_has_fallen_by_is_to_be_refunded_and_not_twice():
    desk, case = await paid_for(FEE, 5)
    for signs, back in ((3, 2000), (3, 2000), (2, 3000)):
        await desk.move(case, "ask", {"signs": signs})
        assert [charge.refund_due for charge in case.charges] == [back]
    assert {"fee.permit.paid", "fee.permit.refund_due"} <= desk.facts(case)
    await desk.move(case, "ask", {"signs": 4})
    assert [charge.cents for charge in case.charges] == [5000, 2000]


async def test_without_credits_nothing_goes_back_by_itself():
    desk, case = await paid_for(structs.replace(FEE, credits=False), 5)
    await desk.move(case, "ask", {"signs": 3})
    assert [charge.refund_due for charge in case.charges] == [0]


def test_what_is_paid_anew_each_time_is_not_credited():
    (mistake,) = structs.replace(FEE, once=False).mistakes()
    assert "it is paid anew each time" in str(mistake)
    assert list(FEE.mistakes()) == []
