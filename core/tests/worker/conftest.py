"""A town with a worker."""

from parvis_testing.worker import *
