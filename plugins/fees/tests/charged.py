"""Signs that cost something, as the API files them: charged, paid, told of by a provider; and what operations take."""

from msgspec import structs

from parvis_fees.town_tariffs import PAYMENT
from parvis_sdk.errors import Refused
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text
from parvis_testing.crowded import KEY, NOBODY, SCOPES, TOKEN, crowded_plugin, scene
from parvis_testing.town import HERE

from .permit import PERMIT

SIGN = {"value": 1_000_000, "signs": 3}


class Purse:
    """A provider who takes no payment and believes nobody."""

    name, title = "purse", Text(fr="Bourse", en="Purse")

    async def begin(self, order, http):
        raise Refused("it is shut")

    async def understand(self, call):
        raise Refused("it is not signed")

    async def look_up(self, key, town, http):
        return None

    async def listed(self, town, since, until, http):
        return []

    async def refund(self, refund, http):
        raise Refused("it is shut")


def paid_plugin():
    """Signs beside types of every kind, and who takes payments online."""
    module = crowded_plugin(PERMIT)

    @hookimpl
    def payments():
        return [Purse()]

    module.payments = payments
    return module


def with_purse(jurisdictions):
    """The towns, of which Parvis is paid online."""
    town = jurisdictions.by_code["parvis"]
    town = PAYMENT.put(town, structs.replace(PAYMENT.of(town), provider="purse"))
    return structs.replace(jurisdictions, by_code=jurisdictions.by_code | {"parvis": town})


async def called(api):
    return (await scene(api, "sign", answers=SIGN, code="sign", provider="purse"))[0]


async def charged(api):
    return (await scene(api, "sign", "approve", answers=SIGN, number="1"))[0]


async def paid(api):
    found, _ = await scene(api, "sign", "approve", answers=SIGN, number="1")
    token = await api.token(*SCOPES)
    answer = await api.post(
        f"/requests/{found.named['reference']}/charges/1/payments", {"way": "cash", "version": 2}, token
    )
    assert answer.status_code == 200, answer.text
    return found


# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {
    "estimate_fees": (called, ({"answers": SIGN, "place": HERE, "upload": ""},), (NOBODY, TOKEN)),
    "open_checkout": (charged, ({},), (KEY,)),
    "take_payment": (charged, ({"way": "cheque", "note": "0042", "version": 2},), (TOKEN,)),
    "waive_charge": (charged, ({"reason": "Incendie", "version": 2},), (TOKEN,)),
    "refund_charge": (
        paid,
        ({"amount": 500, "way": "cash", "note": "7", "version": 4}, {"amount": 5, "way": "online", "version": 4}),
        (TOKEN,),
    ),
    "take_payment_call": (called, ({"type": "session.paid", "data": {}},), (NOBODY, TOKEN)),
}
