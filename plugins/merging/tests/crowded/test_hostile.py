"""What nobody should send to the operations about ties and somebody will: each answer is clear."""

import pytest

from parvis.api.operations import operations_of
from parvis_merging import api as operations
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly

from ..sent import SENT

pytestmark = pytest.mark.usefixtures("nobody_calls_too_often")
OPERATIONS = operations_of((operations,), "merging")
NOT_TAKEN = {"tie_request", "end_tie"}  # to a request that is not there


def test_no_operation_is_left_out():
    assert SENT.keys() == {each.id for each in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly(api, operation):
    taken = await bodies_answered_clearly(api, operation, SENT[operation.id])
    assert taken or operation.id in NOT_TAKEN


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT[operation.id])
