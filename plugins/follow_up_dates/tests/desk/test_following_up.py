"""Looking again on a day: chosen beside the request without scripts, found in the queue, done with one press."""

import re

from parvis import clock
from parvis_testing.desk import address, said


async def test_a_request_comes_back_on_its_day_and_goes_with_one_press(desk):
    hole = await desk.request("hole", "roads")
    with clock.moved_to(clock.now()) as time:
        clerk = await desk.signed_in()
        page = await clerk.get(address(hole))
        day = re.search(r'<select[^>]*name="day".*?<option value="(\d{4}-\d\d-\d\d)"', page.text, re.DOTALL)[1]
        await clerk.post(address(hole, "suivi"), version=str(hole.version), day=day, other="", words="Rappeler")
        assert said("The request will appear on that day under “To review”.") in clerk.text
        assert "Rappeler" in clerk.text
        assert hole.reference not in (await clerk.get("/bureau?suivi=du")).text
        time.forward(days=6)
        clerk = await desk.signed_in(name="Luc Roy")
        assert hole.reference in (await clerk.get("/bureau?suivi=du")).text
        await clerk.post(address(hole, "suivi"), version=str(hole.version + 1), _done="1")
        assert hole.reference not in (await clerk.get("/bureau?suivi=du")).text


async def test_a_day_that_is_past_or_none_is_refused_and_what_was_typed_stays(desk):
    hole = await desk.request("hole", "roads")
    clerk = await desk.signed_in()
    for other in ("2020-01-01", "bientôt", "2199-01-01"):
        page = await clerk.post(address(hole, "suivi"), version=str(hole.version), other=other, words="Rappeler")
        assert page.status_code == 422
        assert 'href="#other"' in page.text
        assert 'value="Rappeler"' in page.text
    assert (await desk.record(hole.reference)).follow_up_at is None
