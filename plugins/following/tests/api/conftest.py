"""The API of a town in which one may follow the requests of others."""

from parvis_testing.api import *
