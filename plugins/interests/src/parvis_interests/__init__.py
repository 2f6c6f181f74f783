"""What people of the town declare to have to do with, and the requests that are kept from them for that."""
