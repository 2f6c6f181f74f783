"""The worker: what happens beside the pages, in the same process or in others."""

from parvis.worker.loop import run_worker
from parvis.worker.relay import Limits, Relay

__all__ = ["Limits", "Relay", "run_worker"]
