"""The desk of a town that lists its requests for everybody."""

from parvis_testing.desk import *
