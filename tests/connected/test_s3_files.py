"""With a real SeaweedFS: the contract of stores, received files in it, and nothing lost while it is away."""

import asyncio
import io

import pytest
from PIL import Image

from parvis.deployment import compose, open_deployment
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.requests.attached.attachments import content_of, kept
from parvis.requests.attached.receiving import receive_file
from parvis.settings import read_settings
from parvis_s3_files import plugin
from parvis_s3_files.settings import Settings
from parvis_s3_files.store import Bucket
from parvis_sdk.file_stores import FilesAway
from parvis_sdk.testing import FileStoreContract
from parvis_sdk.testing.stores import read

HOLDER = "h" * 64


def settings_of(bucket, **more):
    given = {"endpoint": bucket.address, "bucket": bucket.name, "access_key": bucket.key, "secret_key": bucket.secret}
    return Settings(**given | more)


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
    words = f"territory = '{town_folder()}'\ndata = '{tmp_path / 'data'}'\n[files]\nstore = 's3_files'\n"
    table = f"[plugins.s3_files]\nendpoint = '{bucket.address}'\nbucket = '{bucket.name}'\nseconds = 3\n"
    (tmp_path / "parvis.toml").write_text(words + table)
    environ = {"PARVIS_S3_FILES_ACCESS_KEY": bucket.key, "PARVIS_S3_FILES_SECRET_KEY": bucket.secret}
    settings = read_settings(tmp_path / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40, **environ})
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


def test_a_store_that_nobody_brings_is_named_and_keeps_nothing(tmp_path):
    (tmp_path / "parvis.toml").write_text(f"territory = '{town_folder()}'\n[files]\nstore = 's3_file'\n")
    settings = read_settings(tmp_path / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40})
    deployment = compose(settings, [DiscoveredPlugin.of("s3_files", plugin)])
    (told,) = [each.line() for each in deployment.loose_ends if each.key == "files.store"]
    assert "no file is received or read without it" in told
    with pytest.raises(FilesAway, match="no plugin brings the file store 's3_file'"):
        deployment.host.files.keep(b"x")
