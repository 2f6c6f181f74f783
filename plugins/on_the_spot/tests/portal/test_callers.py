"""Who sends photos again and again is counted by their network."""

from parvis_testing.callers import MOST, are_counted_by_network, are_two, knock


async def test_who_sends_photos_from_thirty_addresses_of_one_network_is_one_caller(app, visitor, jpeg, monkeypatch):
    monkeypatch.setattr("parvis_on_the_spot.portal.PHOTOS", MOST)
    photo = {"photo": ("a.jpg", jpeg, "image/jpeg")}

    async def asked(address):
        return await knock(app, address, "/fr/commencer/photo", {}, photo)

    await are_counted_by_network(asked)
    monkeypatch.setattr("parvis_on_the_spot.portal.PHOTOS", 1)
    await are_two(asked)
