"""The people who work for a town and the machines they let in: agents, roles, sign-in, sessions, tokens, tries."""
