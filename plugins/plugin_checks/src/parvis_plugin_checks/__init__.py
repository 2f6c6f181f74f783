"""Commands that say what a plugin is before a town has it: checked, shown, rated, rehearsed."""
