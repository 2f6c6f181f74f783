"""Moving the files of an installation to another store."""
