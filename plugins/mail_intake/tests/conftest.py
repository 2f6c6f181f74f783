"""A town whose mail is fetched, and its desk, where requests are opened for others."""

from dataclasses import replace

import pytest

from parvis.requests.request_service import RequestService
from parvis.requests.work.answer_address import AnswerMailbox
from parvis.switches import Switchboard
from parvis_testing.desk import *
from parvis_testing.modules import only, switch
from parvis_testing.town import *
from parvis_testing.town import Town

ADDRESS = "requetes@ville.example"


@pytest.fixture(scope="session")
def modules():
    return only("mail_intake", "telephone")


@pytest.fixture
async def answered(town, modules):
    """A town whose mail is fetched."""
    host = replace(town.host, modules=Switchboard(modules)).having(AnswerMailbox(ADDRESS, owner="mail_intake"))
    await switch(host, "on")
    return Town(host=host, counter=RequestService(host))
