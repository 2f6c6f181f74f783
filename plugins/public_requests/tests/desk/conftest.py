"""The desk of a town that lists its requests for everybody."""

from parvis.testing.desk import *
