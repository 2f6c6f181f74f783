"""The use cases of a town that lists its requests for everybody."""

from parvis.testing.requests import *
