"""At the desk: the list of ready texts, the page of each, its versions, and how one comes into a message."""
