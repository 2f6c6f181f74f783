"""What a plugin uses is counted for operators: deliveries, tries, what is remembered for it."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.identifiers import new_id
from parvis.outbox.memory import remember
from parvis.outbox.operating import PluginUse, use_by, use_of_each


async def test_deliveries_and_what_is_kept_are_summed_for_the_names_of_a_plugin(site):
    now = clock.now()
    about = {"request": new_id(), "reference": "A", "lane": "x", "event_id": "e", "event": "{}", "due_at": now}
    rows = [
        ("bells.ring", "done", 1, None, now),
        ("connector:bells", "dead", 9, 2, now),
        ("bells.ring", "done", 5, None, now - timedelta(days=30)),
    ]
    before = await use_of_each(now - timedelta(days=7))
    async with transaction(site.host.engine):
        for subscriber, state, attempts, blocked, made_at in rows:
            await Delivery.insert(
                Delivery(
                    id=new_id(),
                    subscriber=subscriber,
                    state=state,
                    attempts=attempts,
                    blocked=blocked,
                    made_at=made_at,
                    **about,
                )
            )
        await remember("bells", "number", "1234")
    uses = await use_of_each(now - timedelta(days=7))
    assert "bells.ring" not in before
    told = use_by(("bells", "bells.ring", "connector:bells", "nobody"), uses)
    await site.sign_in()
    assert (await site.get("/extensions")).status_code == 200
    assert told == PluginUse(deliveries=2, tries=10, blocked=2, dead=1, kept=1, characters=6)
