"""The settings of `s3_files`: which bucket, where it is, and the keys to it."""

from typing import Annotated

from msgspec import Meta, Struct

from parvis_sdk.calling import is_address


class Settings(Struct, frozen=True, kw_only=True):
    """`bucket` must be there already. `endpoint` is where S3 is spoken, such as https://s3.ville.example; without one,
    at Amazon's in `region`. `prefix` is a folder inside of the bucket.

    The keys are given by `PARVIS_S3_FILES_ACCESS_KEY` and `PARVIS_S3_FILES_SECRET_KEY`, or by files that
    `PARVIS_S3_FILES_SECRET_KEY_FILE` and its like name. `seconds` is how long one call may take.

    With `link_seconds` people save large files that the antivirus has passed from the bucket itself, by an address that
    is good for so long; `link_endpoint` is where their browsers reach it, if not at `endpoint`.
    """

    bucket: str = ""
    endpoint: str = ""
    region: str = "ca-central-1"
    prefix: str = ""
    access_key: str = ""
    secret_key: str = ""
    seconds: Annotated[int, Meta(ge=1, le=60)] = 20
    link_seconds: Annotated[int, Meta(ge=0, le=300)] = 0
    link_endpoint: str = ""

    def __post_init__(self) -> None:
        if self.bucket and not (self.access_key and self.secret_key):
            raise ValueError("access_key and secret_key are needed beside bucket")
        if self.endpoint and not is_address(self.endpoint):
            raise ValueError("endpoint is no address")
        if self.link_endpoint and not is_address(self.link_endpoint):
            raise ValueError("link_endpoint is no address")
