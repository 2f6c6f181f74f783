"""With a real SeaweedFS: the contract of stores, received files in it, and nothing lost while it is away."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from PIL import Image

from parvis.deployment import compose, open_deployment
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.file_stores import MovingFiles
from parvis.requests.attached.attachments import content_of, kept
from parvis.requests.attached.receiving import receive_file
from parvis.settings import read_settings
from parvis_file_moves.moving import move_all
from parvis_file_moves.verifying import verify_all
from parvis_s3_files import links, plugin
from parvis_s3_files.settings import Settings
from parvis_s3_files.store import Bucket
from parvis_sdk.file_stores import FilesAway
from parvis_sdk.testing import FileStoreContract
from parvis_sdk.testing.stores import read
from parvis_testing.modules import only

HOLDER = "h" * 64
TEXT, ONLY = ("text/plain",), only("file_moves")


def settings_of(bucket, **more):
    given = {"endpoint": bucket.address, "bucket": bucket.name, "access_key": bucket.key, "secret_key": bucket.secret}
    return Settings(**given | more)


def settings_with(bucket, folder, files, environ):
    words = f"territory = '{town_folder()}'\ndata = '{folder / 'data'}'\n[files]\n{files}\n"
    table = f"[plugins.s3_files]\nendpoint = '{bucket.address}'\nbucket = '{bucket.name}'\nseconds = 10\n"
    (folder / "parvis.toml").write_text(words + table)
    return read_settings(folder / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40, **environ})


async def made(bucket):
    """The bucket, which SeaweedFS makes with the first content once it is wholly up."""
    store = Bucket(settings_of(bucket, seconds=5))
    for _ in range(240):
        try:
            await asyncio.to_thread(store.check)
        except FilesAway:
            await asyncio.sleep(0.5)
        else:
            return store
    raise AssertionError("SeaweedFS does not take a content")


class TestBucket(FileStoreContract):
    @pytest.fixture
    def store(self, bucket):
        asyncio.run(made(bucket))
        return Bucket(settings_of(bucket, prefix="/towns/parvis/"))

    @pytest.fixture
    def away(self):
        return Bucket(
            Settings(endpoint="http://127.0.0.1:1", bucket="parvis", access_key="k", secret_key="s", seconds=2)
        )


def test_an_address_saves_that_content_under_its_name_and_no_other_one(bucket):
    asyncio.run(made(bucket))
    store = Bucket(settings_of(bucket, prefix="/towns/parvis/", link_seconds=60))
    digest, other = store.keep(b"a long report"), store.keep(b"of somebody else")
    address = store.link(digest, "Procès-verbal.pdf", "application/octet-stream")
    answer = httpx.get(address)
    assert (answer.status_code, answer.content) == (200, b"a long report")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Proc%C3%A8s-verbal.pdf"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "private, no-store"
    for wrong in (address.replace(digest, other), address.replace("Expires=60", "Expires=90"), address[:-1]):
        assert httpx.get(wrong).status_code == 403
    over = links.link(store.settings, "x", "x", "text/plain", datetime(2026, 1, 1, tzinfo=UTC))
    assert httpx.get(over).status_code in (400, 403)


def test_whoever_has_the_wrong_key_is_refused_in_words_that_hold_no_secret(bucket):
    store = Bucket(settings_of(bucket, secret_key="another-secret"))
    with pytest.raises(FilesAway) as raised:
        store.keep(b"x")
    assert "privileges" in str(raised.value)
    assert "another-secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_what_was_changed_in_the_bucket_is_never_given_out(bucket):
    store = await made(bucket)
    digest = store.keep(b"as it was sent")
    store._put(f"{digest[:2]}/{digest[2:4]}/{digest}", b"as somebody changed it")
    with pytest.raises(FilesAway, match="is not what was kept there"):
        store.open(digest)


async def test_files_go_through_the_store_and_wait_for_it_while_it_is_away(bucket, tmp_path):
    await made(bucket)
    environ = {"PARVIS_S3_FILES_ACCESS_KEY": bucket.key, "PARVIS_S3_FILES_SECRET_KEY": bucket.secret}
    settings = settings_with(bucket, tmp_path, "store = 's3_files'", environ)
    s3_files = DiscoveredPlugin.of("s3_files", plugin, distribution="parvis-s3-files")
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "grey").save(picture, "JPEG")
    async with open_deployment(settings, [s3_files], migrating=True, environ=environ) as deployment:
        host = deployment.host
        photo = await receive_file(host, HOLDER, "photos", "trou.jpg", picture.getvalue())
        file = await kept(photo.id)
        (await content_of(host, file, small=True)).close()
        bucket.stop()
        with pytest.raises(FilesAway):
            await receive_file(host, HOLDER, "photos", "autre.jpg", picture.getvalue())
        with pytest.raises(FilesAway):
            await content_of(host, file, small=False)
        bucket.start()
        store = await made(bucket)
        (await content_of(host, file, small=False)).close()
        assert read(store, file.attachment.digest)
        assert not list((tmp_path / "data").glob("files/*"))


async def test_files_move_into_the_bucket_and_back_large_ones_in_parts(bucket, tmp_path):
    await made(bucket)
    contents = {"all.txt": b"hole " * 4_000_000, "one.txt": b"a small one"}
    s3_files = DiscoveredPlugin.of("s3_files", plugin, distribution="parvis-s3-files")
    environ = {"PARVIS_S3_FILES_ACCESS_KEY": bucket.key, "PARVIS_S3_FILES_SECRET_KEY": bucket.secret}
    settings = settings_with(bucket, tmp_path, "store = 's3_files'\nalso = 'folder'", environ)
    async with open_deployment(settings, [s3_files], migrating=True, environ=environ, modules=ONLY) as deployment:
        host, there = deployment.host, deployment.host.files
        folder, store = there.source, there.target
        before = replace(host, files=folder)
        kept = [await receive_file(before, HOLDER, "files", name, each, kinds=TEXT) for name, each in contents.items()]
        digests = [each.digest for each in kept]
        done = await move_all(host, there, print)
        assert (done.moved, done.bytes, list(folder.folder.glob("??/??/*"))) == (2, 20_000_011, [])
        assert [read(store, digest) for digest in digests] == [*contents.values()]
        assert (await verify_all(host, print)).whole == 2
        done = await move_all(host, MovingFiles(folder, store), print)
        assert (done.moved, done.altered) == (2, ())
        for digest in digests:
            folder.open(digest).close()
            with pytest.raises(FileNotFoundError):
                store.open(digest)


def test_a_store_that_nobody_brings_is_named_and_keeps_nothing(tmp_path):
    (tmp_path / "parvis.toml").write_text(f"territory = '{town_folder()}'\n[files]\nstore = 's3_file'\n")
    settings = read_settings(tmp_path / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40})
    deployment = compose(settings, [DiscoveredPlugin.of("s3_files", plugin)])
    (told,) = [each.line() for each in deployment.loose_ends if each.key == "files.store"]
    assert "no file is received or read without it" in told
    with pytest.raises(FilesAway, match="no plugin brings the file store 's3_file'"):
        deployment.host.files.keep(b"x")
