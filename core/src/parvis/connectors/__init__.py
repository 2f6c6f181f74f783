"""What goes between this house and other systems, beside the outbox: news, strays, what was said."""
