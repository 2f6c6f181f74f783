"""Addresses of a bucket are signed as Amazon signs its own example, say how the file is saved, and are off at first."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis_s3_files.links import link, signed_query
from parvis_s3_files.settings import Settings
from parvis_s3_files.store import Bucket
from parvis_sdk.file_stores import LinkingFileStore

NOON = datetime(2013, 5, 24, tzinfo=UTC)
EXAMPLE = Settings(
    bucket="examplebucket",
    region="us-east-1",
    access_key="AKIAIOSFODNN7EXAMPLE",
    secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)
DIGEST = "ab" * 32


def test_the_example_of_amazon_has_the_signature_that_amazon_says():
    query = signed_query(EXAMPLE, "examplebucket.s3.amazonaws.com", "/test.txt", {}, 86400, NOON)
    assert query.endswith("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


def test_an_address_says_for_how_long_and_how_it_is_saved_and_holds_no_secret():
    settings = Settings(
        endpoint="http://s3.internal:8333",
        bucket="parvis",
        prefix="/towns/",
        access_key="key",
        secret_key="of-tests",
        link_seconds=60,
        link_endpoint="https://fichiers.ville.example",
    )
    address = link(settings, f"ab/ab/{DIGEST}", "Procès-verbal n° 2.pdf", "application/octet-stream", NOON)
    found, said = urlsplit(address), parse_qs(urlsplit(address).query)
    assert (found.scheme, found.netloc) == ("https", "fichiers.ville.example")
    assert found.path == f"/parvis/towns/ab/ab/{DIGEST}"
    assert said["X-Amz-Expires"] == ["60"]
    [saved] = said["response-content-disposition"]
    assert saved == "attachment; filename*=UTF-8''Proc%C3%A8s-verbal%20n%C2%B0%202.pdf"
    assert said["response-content-type"] == ["application/octet-stream"]
    assert said["response-cache-control"] == ["private, no-store"]
    assert "of-tests" not in address


def test_none_is_given_before_somebody_wants_it():
    store = Bucket(EXAMPLE)
    assert isinstance(store, LinkingFileStore)
    assert store.link(DIGEST, "a.pdf", "application/pdf") == ""
    with pytest.raises(ValueError, match="link_endpoint is no address"):
        Settings(link_endpoint="fichiers")
