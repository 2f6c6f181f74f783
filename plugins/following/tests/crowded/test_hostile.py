"""What nobody should send to the operations of following and somebody will: each answer is clear."""

import pytest

from parvis.api.operations import operations_of
from parvis_following import api as operations
from parvis_testing.crowded import NOBODY, TOKEN, reported
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly

pytestmark = pytest.mark.usefixtures("nobody_calls_too_often")
OPERATIONS = operations_of((operations,), "following")
WRITING = [each for each in OPERATIONS if each.method != "get"]
# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {"follow_request": (reported, ({"email": "bo@exemple.ca", "language": "en"},), (NOBODY,))}


@pytest.mark.parametrize("operation", WRITING, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly(api, operation):
    assert await bodies_answered_clearly(api, operation, SENT[operation.id])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT.get(operation.id, (reported, ({},), (NOBODY, TOKEN))))


def test_each_operation_that_writes_is_tried_and_loses_nothing_of_two_at_once():
    """It adds a follower: no version is compared."""
    assert set(SENT) == {each.id for each in WRITING}
