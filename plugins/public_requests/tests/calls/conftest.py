"""The API of a town that lists its requests for everybody."""

from parvis.testing.api import *
