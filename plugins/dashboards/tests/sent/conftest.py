"""A town with dashboards and a worker."""

from parvis_testing.worker import *
