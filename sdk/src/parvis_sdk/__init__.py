"""The contract between Parvis and its plugins; start reading at `parvis_sdk.hooks`."""

from parvis_sdk.hooks import hookimpl

__all__ = ["hookimpl"]
