"""What nobody should send to the operations about what was granted and somebody will: each answer is clear."""

import pytest

from parvis.api.operations import operations_of
from parvis_grants import api as operations
from parvis_testing.crowded import TOKEN
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly

from ..granted import SENT, granted

pytestmark = pytest.mark.usefixtures("nobody_calls_too_often")
OPERATIONS = operations_of((operations,), "grants")
WRITING = [each for each in OPERATIONS if each.method != "get"]


@pytest.mark.parametrize("operation", WRITING, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly(api, operation):
    assert await bodies_answered_clearly(api, operation, SENT[operation.id])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT.get(operation.id, (granted, ({},), (TOKEN,))))


def test_no_operation_is_left_out():
    assert set(SENT) == {each.id for each in WRITING}
