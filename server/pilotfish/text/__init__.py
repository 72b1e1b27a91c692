"""Documents, positions, edits: pure values and functions, no I/O."""
