"""What goes between Parvis and other systems, beside the outbox: polls, unmatched updates, layers, the exchange log."""
