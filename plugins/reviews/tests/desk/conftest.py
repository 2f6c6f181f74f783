"""The desk of a town that asks for opinions."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis.requests.lifecycle import make_move
from parvis_reviews.review_tasks import tasks_of
from parvis_reviews.town_reviewers import Reviewer
from parvis_sdk.text import Text
from parvis_testing.desk import *
from parvis_testing.desk import ANA, HERE, ZOE

from ..reviewed import reviewed_type, reviewers


@pytest.fixture
def reviewing(desk):
    """Makes works to review at the desk, whose opinions have been asked for; the request and its tasks by code."""
    request_type = reviewed_type()
    plugins = desk.host.plugins
    plugins.request_types[request_type.code] = request_type
    plugin = plugins.by_name["town"]
    plugins.by_name["town"] = structs.replace(plugin, request_types=(*plugin.request_types, request_type.code))
    fire = Reviewer(name=Text(fr="Pompiers unis", en="United Firefighters"), email="avis@pompiers.example")
    desk.host = reviewers(desk.host, outside=fire)
    desk.deployment = replace(desk.deployment, host=desk.host)
    desk.app.state.deployment = desk.deployment
    desk.counter.host = desk.host

    async def make(holder: str = "", **answers):
        raw = {"language": "fr", "answers": {"pool": False, "cost": 1500} | answers, "place": HERE, "requester": ZOE}
        receipt = await desk.counter.submit("parvis", "works", raw, channel="portal", holder=holder)
        await make_move(desk.host, receipt.reference, "begin", {}, actor=ANA, mover="agent")
        record = await desk.record(receipt.reference)
        return record, {task.task: task for task in await tasks_of(record.id)}

    return make
