"""What the module reads in the folder of a town."""

from parvis_documents.town_renderers import RENDERERS
from parvis_documents.town_templates import TEMPLATES

TOWN_FILES = (TEMPLATES, RENDERERS)
