"""What a town decides by, kept in versions: each that was ever in force, and the draft of the next one."""
