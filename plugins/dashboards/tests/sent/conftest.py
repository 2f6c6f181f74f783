"""A town with dashboards and a worker."""

from parvis.testing.worker import *
