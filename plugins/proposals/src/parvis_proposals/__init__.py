"""What plugins may do with other requests: scopes that operators grant, and proposals that agents decide."""
