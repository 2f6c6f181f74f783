"""The plugin keeps the contract that every plugin of Parvis keeps, also where nobody speaks S3."""

import pytest

from parvis_s3_files import plugin
from parvis_s3_files.settings import Settings
from parvis_sdk.testing import PluginContract

NOWHERE = Settings(endpoint="http://127.0.0.1:1", bucket="parvis", access_key="key", secret_key="of-tests", seconds=2)


class TestS3Files(PluginContract):
    plugin = plugin
    settings = NOWHERE


def test_without_a_bucket_there_is_no_store():
    assert plugin.file_stores(Settings()) == []


@pytest.mark.parametrize("wrong", [{"bucket": "parvis"}, {"endpoint": "s3.example"}])
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValueError, match=r"needed|address"):
        Settings(**wrong)
