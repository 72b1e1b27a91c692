"""The command line: each subcommand is a file; composes what the commands need."""
