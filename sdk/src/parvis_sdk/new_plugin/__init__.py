"""A new plugin: five questions, and a distribution whose tests and types pass at once."""
