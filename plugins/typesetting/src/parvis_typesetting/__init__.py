"""Words set on sheets of paper, accessible and archivable: the typesetter, its kit, what it can set."""
