"""How good is the search? Measured on labelled data, beside other engines in the same process (see `__main__`)."""
