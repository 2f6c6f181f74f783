"""At the desk: what is under the address of who asks about their own information, and erasing it."""
