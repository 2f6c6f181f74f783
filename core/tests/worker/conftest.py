"""A town with a worker."""

from parvis.testing.worker import *
