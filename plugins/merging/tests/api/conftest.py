"""The API of a running application."""

from parvis.testing.api import *
