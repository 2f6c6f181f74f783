"""Drafts that several hands write at the same moment: what each of them changed is there afterwards."""

import asyncio

import pytest

from parvis.requests import drafting
from parvis.requests.drafting import forget_address, key_for, mailed_to, merged

SECRET = b"a secret of more than thirty-two characters"


@pytest.fixture
def save(town):
    async def kept(token, before, **raw):
        await drafting.save(town.host, token, "parvis", "hole", "fr", raw, before=before)
        return await drafting.load(town.host, token)

    return kept


async def test_what_several_hands_write_at_once_is_all_there(town, save):
    token = drafting.new_token()
    before = await save(token, None, answers={"size": "small"}, done=["@place"])
    codes = [f"question_{number}" for number in range(6)]
    await asyncio.gather(*(save(token, before, answers={"size": "small", code: "oui"}) for code in codes))
    draft = await drafting.load(town.host, token)
    assert draft.raw["answers"] == {"size": "small", **dict.fromkeys(codes, "oui")}
    assert draft.version == 7


async def test_a_draft_is_found_by_its_token_and_by_no_other(town, save):
    mine, other = drafting.new_token(), drafting.new_token()
    await save(mine, None, words="Zoé")
    assert set(await drafting.load_all(town.host, [mine, other, mine[:-1]])) == {mine}


async def test_what_is_discarded_is_gone_and_what_was_sent_keeps_its_number(town, save):
    token, sent = drafting.new_token(), drafting.new_token()
    await save(token, None, words="Zoé")
    await save(sent, None, words="Zoé")
    await drafting.sent(town.host, sent, "7K3M-9QXT-4")
    for one in (token, sent):
        await drafting.discard(town.host, one)
    assert await drafting.load(town.host, token) is None
    assert (await drafting.load(town.host, sent)).sent_as == "7K3M-9QXT-4"


async def test_what_one_hand_writes_by_the_key_of_an_address_the_other_finds(town, save):
    token = drafting.new_token()
    draft = await save(token, None, answers={"size": "small"})
    key = await key_for(town.host, draft, "zoe@exemple.ca")
    assert await key_for(town.host, draft, "zoe@exemple.ca") == key
    await asyncio.gather(
        save(key, draft, answers={"size": "small", "danger": "no"}),
        save(token, draft, answers={"size": "small", "note": "Ici."}),
    )
    for one in (token, key):
        draft = await drafting.load(town.host, one)
        assert draft.raw["answers"] == {"size": "small", "danger": "no", "note": "Ici."}
    assert [each.holder for each in await mailed_to("parvis", "zoe@exemple.ca")] == [draft.holder]
    assert await mailed_to("rivemont", "zoe@exemple.ca") == await mailed_to("parvis", "zoe") == ()
    await drafting.sent(town.host, key, "7K3M-9QXT-4")
    assert (await drafting.load(town.host, token)).sent_as == "7K3M-9QXT-4"
    assert await mailed_to("parvis", "zoe@exemple.ca") == ()


async def test_a_draft_goes_with_the_last_address_it_was_mailed_to(town, save):
    draft = await save(drafting.new_token(), None, words="Zoé")
    keys = [await key_for(town.host, draft, f"{name}@exemple.ca") for name in ("zoe", "luc")]
    assert await forget_address(town.host, "parvis", "zoe@exemple.ca") == 1
    assert set(await drafting.load_all(town.host, keys)) == {keys[1]}
    assert await forget_address(town.host, "parvis", "luc@exemple.ca") == 1
    assert await drafting.load_all(town.host, keys) == {}


def test_only_a_token_that_we_made_is_ours():
    token = drafting.form_token(SECRET)
    assert drafting.is_ours(SECRET, token)
    for forged in ("", token[:-1], token[:-1] + "é", token.swapcase(), drafting.form_token(b"another")):
        assert not drafting.is_ours(SECRET, forged)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ({}, {"a": 1}, {"b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}),
        ({"a": 1}, {"a": 1}, {"a": 3}, {"a": 3}),
        ({"a": 1}, {}, {"a": 1, "b": 2}, {"b": 2}),
        ({"answers": {"x": 1}}, {"answers": {}}, {"answers": {"x": 1, "y": 2}}, {"answers": {"y": 2}}),
        ({"done": ["a"]}, {"done": ["a", "b"]}, {"done": ["a", "c"]}, {"done": ["a", "c", "b"]}),
        ({"done": ["a"]}, {"done": []}, {"done": ["a", "c"]}, {"done": ["c"]}),
        (
            {"answers": {"photos": ["1", "2"]}},
            {"answers": {"photos": ["1", "2", "3"]}},
            {"answers": {"photos": ["2"]}},
            {"answers": {"photos": ["2", "3"]}},
        ),
        ({"place": {"lon": "1"}}, {"place": {"lon": "2"}}, {"place": {"words": "ici"}}, {"place": {"lon": "2"}}),
    ],
)
def test_changes_of_both_hands_are_put_together(base, mine, theirs, both):
    assert merged(base, mine, theirs) == both
