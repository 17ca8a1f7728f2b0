"""Which commands are there? One file each; the file name is the command (a trailing `_` is dropped)."""
