"""A plugin on trial: a pretend town on this machine, which begins the plugin anew whenever a file changes."""
