"""What was backed up stands again elsewhere, whole; what was destroyed since is destroyed again before it is served."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.errors import DatabaseTooNew, DatabaseUnfinished
from parvis.db.tables import ServiceRequest
from parvis.modules import NO_MODULES
from parvis.requests.actors import SYSTEM
from parvis.requests.attached.attachments import content_of, kept_of
from parvis.requests.keeping.histories import broken_histories
from parvis.requests.keeping.retention import erase
from parvis.requests.records import find
from parvis_backups import making, restoring, town_settings
from parvis_backups.register import REGISTER, keep_register
from parvis_backups.sets import MANIFEST, marked, place_of, write_manifest
from parvis_backups.tables import Restore

pytestmark = pytest.mark.both_engines


async def test_a_set_stands_again_elsewhere_with_its_history_files_and_private_links(here, elsewhere):
    async with here.opened() as deployment:
        plain, pictured = await here.submit(deployment), await here.submit(deployment, photo=True)
        made = await here.back_up(deployment)
    assert (made.manifest.counts["service_request"], made.manifest.counts["attachment"]) == (2, 1)
    assert (made.manifest.files, made.manifest.missing, made.manifest.destroyed) == (2, (), ())  # with the small copy
    assert await elsewhere.restored(made.folder) is not None
    await elsewhere.looked_at()
    async with elsewhere.visited() as (host, http):
        for each in (plain, pictured):
            page = await http.get(each.tracking_url)
            assert (page.status_code, "Zoé Côté" in page.text) == (200, True)
            assert (await http.get(each.tracking_url.replace(each.key, "0" * len(each.key)))).text != page.text
        assert (await http.get("http://127.0.0.1:8000/fr/")).status_code == 200
        assert [each async for each in broken_histories(host)] == []
        (file,) = await kept_of(await find(host, pictured.reference))
        with await content_of(host, file) as content:
            assert content.read(2) == b"\xff\xd8"


async def test_what_was_destroyed_after_the_backup_is_destroyed_again_with_its_files(here, elsewhere):
    async with here.opened() as deployment:
        kept, gone = await here.submit(deployment), await here.submit(deployment, photo=True)
        made = await here.back_up(deployment)
        await erase(deployment.host, gone.reference, actor=SYSTEM)
        late = await here.submit(deployment)  # and destroyed: no backup has ever seen it
        await erase(deployment.host, late.reference, actor=SYSTEM)
        await keep_register(here.sets / REGISTER, deployment.host.secret)
    done = await elsewhere.restored(made.folder)
    assert (done.lines, done.destroyed) == (2, (gone.reference,))
    async with elsewhere.opened() as deployment:
        assert (await find(deployment.host, kept.reference)).erased_at is None
        assert (await find(deployment.host, gone.reference)).erased_at is not None
        assert [each async for each in broken_histories(deployment.host)] == []
        for digest in restoring.contents_of(made.folder):
            with pytest.raises(FileNotFoundError):
                deployment.host.files.open(digest)
        (told,) = await Restore.select()
        assert (told["name"], told["lines"], told["destroyed"]) == (made.manifest.name, 2, 1)
        again = await keep_register(here.sets / REGISTER, deployment.host.secret)  # nothing is written twice
        assert again.lines == 2


async def test_nothing_is_served_before_the_register_was_obeyed(here, elsewhere):
    async with here.opened() as deployment:
        gone = await here.submit(deployment)
        made = await here.back_up(deployment)
        await erase(deployment.host, gone.reference, actor=SYSTEM)
        await keep_register(here.sets / REGISTER, deployment.host.secret)
    assert await elsewhere.restored(made.folder, register=False) is None
    with pytest.raises(DatabaseUnfinished, match="parvis restore"):
        await elsewhere.looked_at()
    assert await elsewhere.restored() is not None
    async with elsewhere.opened() as deployment:
        assert (await find(deployment.host, gone.reference)).erased_at is not None
        (told,) = await Restore.select()
        assert told["name"] == made.manifest.name


async def test_somebody_says_by_name_that_there_is_no_register(here, elsewhere):
    async with here.opened() as deployment:
        made = await here.back_up(deployment)
    said = {"by": "Karim Diallo", "reason": "The disk with it burned"}
    assert await elsewhere.restored(made.folder, register=False, **said) is not None
    async with elsewhere.opened():
        (told,) = await Restore.select()
        assert (told["by"], told["reason"], told["lines"]) == ("Karim Diallo", "The disk with it burned", 0)


async def test_a_restore_that_was_killed_is_gone_on_with(here, elsewhere, monkeypatch):
    async with here.opened() as deployment:
        gone = await here.submit(deployment, photo=True)
        other = await here.submit(deployment)
        made = await here.back_up(deployment)
        for each in (gone, other):
            await erase(deployment.host, each.reference, actor=SYSTEM)
        await keep_register(here.sets / REGISTER, deployment.host.secret)

    class Killed(BaseException):
        """As `kill -9`: no handler of ours runs."""

    async def killed(*given, **more):
        raise Killed

    for step in ("_files_back", "destroy_again", "_close"):
        with monkeypatch.context() as patched:
            patched.setattr(restoring, step, killed)
            with pytest.raises(Killed):
                await elsewhere.restored(made.folder)
        with pytest.raises(DatabaseUnfinished):
            await elsewhere.looked_at()
        if step == "_files_back":
            with pytest.raises(Unusable, match=r"the files of .* are not back yet"):
                await elsewhere.restored()
    assert await elsewhere.restored(made.folder) is not None
    async with elsewhere.opened() as deployment:
        assert (await find(deployment.host, gone.reference)).erased_at is not None


async def test_a_database_that_is_not_empty_is_refused_with_what_lies_there(here):
    async with here.opened() as deployment:
        await here.submit(deployment)
        made = await here.back_up(deployment)
    with pytest.raises(Unusable, match=r"not empty: it holds \d+ tables with 1 requests"):
        await here.restored(made.folder)
    async with here.opened():
        assert await ServiceRequest.count() == 1


async def test_altered_bytes_are_refused_wherever_they_lie(here, elsewhere):
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)
        made = await here.back_up(deployment)
    digest = next(iter(restoring.contents_of(made.folder)))
    for place, said in (
        (place_of(made.folder, digest), "1 of 2 files altered"),
        (made.folder / made.manifest.parts[0].file, "was altered"),
        (made.folder / "settings.tar.gz", "was altered"),
        (made.folder / "files.txt", "was altered"),
    ):
        whole = place.read_bytes()
        place.write_bytes(whole[:-10] + bytes([whole[-10] ^ 1]) + whole[-9:])
        with pytest.raises(Unusable, match=said):
            await elsewhere.restored(made.folder)
        place.write_bytes(whole)
    said = (made.folder / MANIFEST).read_bytes()
    (made.folder / MANIFEST).write_bytes(said.replace(b'"missing": []', b'"missing": ["x"]'))
    with pytest.raises(Unusable, match="manifest was altered"):
        await elsewhere.restored(made.folder)


async def test_a_set_of_a_later_version_is_refused_before_anything_is_touched(here, elsewhere):
    async with here.opened() as deployment:
        made = await here.back_up(deployment)
    steps = made.manifest.steps | {"parvis": (*made.manifest.steps["parvis"], "2031-01-01T00:00:00:000000")}
    later = marked(structs.replace(made.manifest, version="9.0.0", steps=steps), here.settings.secret)
    (made.folder / MANIFEST).unlink()
    write_manifest(made.folder, later)
    with pytest.raises(DatabaseTooNew, match="later version of Parvis"):
        await elsewhere.restored(made.folder)
    assert not (elsewhere.settings.data / "parvis.sqlite").exists()


async def test_a_set_of_an_earlier_version_is_brought_up(here, elsewhere, own_url, monkeypatch):
    """Its database lacks this module's migrations, as that of an earlier version does."""

    async def note_nothing(*given):
        """There is no table for it yet."""

    monkeypatch.setattr(making, "_note", note_nothing)
    before = replace(here, settings=structs.replace(here.settings, database=own_url), modules=NO_MODULES)
    async with before.opened() as deployment:
        kept = await before.submit(deployment)
        made = await before.back_up(deployment)
    assert "parvis_backups" not in made.manifest.steps
    assert await elsewhere.restored(made.folder) is not None
    async with elsewhere.opened() as deployment:
        assert await find(deployment.host, kept.reference) is not None
        assert await Restore.count() == 1


async def test_a_register_that_is_older_altered_or_anothers_is_refused(here, elsewhere):
    file = here.sets / REGISTER
    async with here.opened() as deployment:
        for _ in range(2):
            gone = await here.submit(deployment)
            await erase(deployment.host, gone.reference, actor=SYSTEM)
        made = await here.back_up(deployment)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    for content, said in (
        (lines[0], "an older copy"),
        (b"", "an older copy"),
        (lines[1], "line 1: altered"),
        (whole.replace(b"anonymise", b"destroyed", 1), "line 1: altered"),
        (b"rubbish\n", "line 1: altered"),
    ):
        file.write_bytes(content)
        with pytest.raises(Unusable, match=said):
            await elsewhere.restored(made.folder)
    file.write_bytes(whole + b'{"at": "2026-')  # of a machine that stopped
    assert (await elsewhere.restored(made.folder)).lines == 2


async def test_another_secret_is_refused_unless_somebody_says_so(here, elsewhere):
    async with here.opened() as deployment:
        receipt = await here.submit(deployment)
        made = await here.back_up(deployment)
    elsewhere.settings = structs.replace(elsewhere.settings, secret_key="another secret of thirty-two characters")
    with pytest.raises(Unusable, match="secret_key is not that of the set"):
        await elsewhere.restored(made.folder)
    said = {"by": "Karim Diallo", "reason": "key lost", "other_secret": True, "register": False}
    assert await elsewhere.restored(made.folder, **said) is not None
    async with elsewhere.visited() as (_, http):
        assert "Zoé Côté" not in (await http.get(receipt.tracking_url)).text


async def test_a_set_of_before_the_secret_was_changed_opens_by_the_earlier_key(here, elsewhere):
    async with here.opened() as deployment:
        receipt = await here.submit(deployment)
        made = await here.back_up(deployment)
    before = (here.settings.secret_key,)
    later = {"secret_key": "another secret of thirty-two characters", "secret_keys_before": before}
    elsewhere.settings = structs.replace(elsewhere.settings, **later)
    assert (await elsewhere.restored(made.folder)).broken == ()
    async with elsewhere.visited() as (_, http):
        assert "Zoé Côté" in (await http.get(receipt.tracking_url)).text


def test_the_keys_of_a_set_hold_the_earlier_secrets_however_they_are_given(tmp_path, here):
    for name in ("secret_key", "secret_keys_before", "elsewhere"):
        (tmp_path / name).write_text(f"what is in {name}", "utf-8")
    file = tmp_path / "parvis.toml"
    named = {name: f'{name}_file = "{name}"\n' for name in ("secret_key", "secret_keys_before")}
    file.write_text("".join(named.values()), "utf-8")
    packed = town_settings.settings_files(here.settings, file, {})
    assert {"secret_key", "secret_keys_before"} <= packed.secret.keys()
    assert not {"secret_key", "secret_keys_before"} & packed.open.keys()
    file.write_text("", "utf-8")
    by_file = {"PARVIS_SECRET_KEYS_BEFORE_FILE": str(tmp_path / "elsewhere")}
    packed = town_settings.settings_files(here.settings, file, by_file | {"PARVIS_SECRET_KEYS_BEFORE": "older"})
    assert "elsewhere" in packed.secret
    assert b"PARVIS_SECRET_KEYS_BEFORE=older" in packed.environment


async def test_a_history_that_was_broken_before_is_named_and_keeps_nobody_from_the_rest(here, elsewhere):
    async with here.opened() as deployment:
        broken, whole = await here.submit(deployment), await here.submit(deployment)
        async with transaction(deployment.host.engine):
            of_it = await find(deployment.host, broken.reference)
            await ServiceRequest.raw("UPDATE entry SET kind = 'moved' WHERE request = {}", of_it.id)
        made = await here.back_up(deployment)
    assert (await elsewhere.restored(made.folder)).broken == (broken.reference,)
    await elsewhere.looked_at()
    async with elsewhere.opened() as deployment:
        assert await find(deployment.host, whole.reference) is not None


async def test_an_older_database_without_a_restore_is_noticed_by_the_register(here):
    async with here.opened() as deployment:
        gone = await here.submit(deployment)
        await erase(deployment.host, gone.reference, actor=SYSTEM)
        await keep_register(here.sets / REGISTER, deployment.host.secret)
        async with transaction(deployment.host.engine):  # as if an older one had been put back
            await ServiceRequest.raw("UPDATE service_request SET erased_at = NULL")
        with pytest.raises(Unusable, match="older than the register"):
            await keep_register(here.sets / REGISTER, deployment.host.secret)
        with pytest.raises(Unusable, match="older than the register"):
            await here.back_up(deployment)
