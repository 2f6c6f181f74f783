"""What tests of mail that comes in share: a town whose mail is fetched."""

import pytest

from parvis.requests.counter import HostCounter
from parvis.requests.work.answer_mailbox import AnswerMailbox
from parvis.testing.town import Town

ADDRESS = "requetes@ville.example"


@pytest.fixture
def answered(town):
    """A town whose mail is fetched."""
    heart = town.heart.having(AnswerMailbox(ADDRESS))
    return Town(heart=heart, counter=HostCounter(heart))
