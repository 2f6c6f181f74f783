"""What holds for every module holds for fees."""

from parvis import clock
from parvis.identifiers import new_id
from parvis.requests.lifecycle import make_move
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_fees.payments import payments_of
from parvis_fees.tables import Charge, Payment
from parvis_testing.module_contract import ModuleContract

from ..permit import ANA, ANSWERS

REQUEST = "/bureau/requete/{reference}"
CHARGE, RECEIPT, SURPLUS = f"{REQUEST}/frais/{{id}}", f"{REQUEST}/recus/{{payment}}", f"{REQUEST}/paiements-en-trop"


class TestFees(ModuleContract):
    name = "fees"
    once_ours = ("charge", "payment")
    no_requesters = {
        "charge": ("jurisdiction", "fee", "state", "currency", "tariff"),
        "payment": (
            *("jurisdiction", "kind", "way", "provider", "external_id", "state", "currency", "receipt"),
            *("by", "by_name", "url", "trouble"),
        ),
    }
    # Money is seen with `money` and one of `work` and `intake`, and given back with `work`: of the roles by those.
    opened_by = {
        ("GET", CHARGE): {"intake"},
        ("POST", CHARGE): {"intake"},
        ("GET", RECEIPT): {"intake"},
        ("POST", f"{SURPLUS}/{{payment}}"): {"assign"},
    }
    when_empty = {("POST", f"{SURPLUS}/{{payment}}"): 409}  # it was not paid for nothing

    async def named(self, desk):
        record = await desk.request("sign", answers=ANSWERS)
        await make_move(desk.host, record.reference, "approve", {}, actor=ANA, mover="agent")
        (charge,) = await charges_of(record.id)
        await take_at_counter(desk.host, record.reference, charge.id, way="cash", actor=ANA)
        (payment,) = await payments_of(record.id)
        return {"reference": record.reference, "id": str(charge.id), "payment": str(payment.id)}

    async def fill(self):
        now, request, charge = clock.now(), new_id(), new_id()
        made = {"request": request, "jurisdiction": "parvis", "made_at": now, "changed_at": now}
        what = {"fee": "permit", "number": 1, "state": "paid", "amount": 5000, "calculation": "{}", "tariff": "{}"}
        await Charge.insert(Charge(id=charge, **made, **what))
        paid = {"kind": "payment", "way": "cash", "state": "paid", "amount": 5000, "receipt": "7K3M-9QXT-4/1"}
        await Payment.insert(Payment(id=new_id(), charge=charge, **made, **paid))
