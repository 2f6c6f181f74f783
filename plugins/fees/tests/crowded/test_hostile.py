"""What nobody should send to the operations about fees and somebody will: each answer is clear."""

import pytest

from parvis.api.operations import operations_of
from parvis.api.routing import OPERATIONS as OF_THE_CORE
from parvis_fees import api as operations
from parvis_testing.crowded import NOBODY, TOKEN, ZOE, reported
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly
from parvis_testing.town import HERE

from ..charged import SENT, SIGN, charged

pytestmark = pytest.mark.usefixtures("nobody_calls_too_often")
OPERATIONS = operations_of((operations,), "fees")
WRITING = [each for each in OPERATIONS if each.method != "get"]
FILING = next(each for each in OF_THE_CORE if each.id == "file_request")
NOT_TAKEN = {"take_payment_call", "open_checkout"}  # the provider refuses them
FILED = {
    "type": "sign",
    "language": "fr",
    "answers": SIGN,
    "place": HERE,
    "requester": ZOE,
    "upload": "",
    "channel": "api",
    "insist": False,
}


@pytest.mark.parametrize("operation", WRITING, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly(api, operation):
    taken = await bodies_answered_clearly(api, operation, SENT[operation.id])
    assert taken or operation.id in NOT_TAKEN


async def test_whatever_is_filed_for_something_that_costs_is_answered_clearly(api):
    assert await bodies_answered_clearly(api, FILING, (reported, (FILED,), (NOBODY, TOKEN)))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT.get(operation.id, (charged, ({},), (TOKEN,))))


def test_no_operation_is_left_out():
    assert set(SENT) == {each.id for each in WRITING}
