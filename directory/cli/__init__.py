"""How is the command line read and answered? Parse, call one method of `Directory`, render, exit code.

app        the group: finds commands by file name, turns errors into one line and an exit code
commands/  one file a command
option     options that several commands share
render     hits and records in every format
terminal   colour, width, progress
"""
