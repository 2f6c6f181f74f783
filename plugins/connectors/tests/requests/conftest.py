"""A town of reports whose other system has news."""

from parvis_testing.requests import *
