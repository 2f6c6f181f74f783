"""The hooks of `s3_files`."""

from collections.abc import Sequence

from parvis_s3_files.settings import Settings
from parvis_s3_files.store import Bucket
from parvis_sdk.file_stores import FileStore
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def file_stores(settings: Settings) -> Sequence[FileStore]:
    return [Bucket(settings)] if settings.bucket else []
