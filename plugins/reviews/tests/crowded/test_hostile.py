"""What nobody should send to the operations of reviews and somebody will: each answer is clear."""

import pytest

from parvis.api.operations import operations_of
from parvis.api.routing import OPERATIONS as OF_THE_CORE
from parvis_reviews import api as operations
from parvis_testing.crowded import NOBODY, TOKEN, ZOE, reported
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly
from parvis_testing.town import HERE

from ..asking import ANSWERS, SENT, reviewing

pytestmark = pytest.mark.usefixtures("nobody_calls_too_often")
OPERATIONS = operations_of((operations,), "reviews")
WRITING = [each for each in OPERATIONS if each.method != "get"]
FILING = next(each for each in OF_THE_CORE if each.id == "file_request")
FILED = {
    "type": "reviewed",
    "language": "fr",
    "answers": ANSWERS,
    "place": HERE,
    "requester": ZOE,
    "upload": "",
    "channel": "api",
    "insist": False,
}


@pytest.mark.parametrize("operation", WRITING, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly(api, operation):
    assert await bodies_answered_clearly(api, operation, SENT[operation.id])


async def test_whatever_is_filed_to_be_reviewed_is_answered_clearly(api):
    assert await bodies_answered_clearly(api, FILING, (reported, (FILED,), (NOBODY, TOKEN)))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT.get(operation.id, (reviewing, ({},), (TOKEN,))))


def test_no_operation_is_left_out():
    assert set(SENT) == {each.id for each in WRITING}
