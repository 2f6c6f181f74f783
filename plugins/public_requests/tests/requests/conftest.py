"""The use cases of a town that lists its requests for everybody."""

from parvis_testing.requests import *
