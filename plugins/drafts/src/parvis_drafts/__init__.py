"""Forms put aside and taken up again: on the first page, on another device, by a private link."""
