"""What tests of mail that comes in share: a town whose mail is fetched."""

import dataclasses

import pytest

from parvis.requests.counter import HostCounter
from parvis.testing.town import Town

ADDRESS = "requetes@ville.example"


@pytest.fixture
def answered(town):
    """A town whose mail is fetched."""
    heart = dataclasses.replace(town.heart, answers_to=ADDRESS)
    return Town(heart=heart, counter=HostCounter(heart))
