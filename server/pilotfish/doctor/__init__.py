"""Looking at everything a completion needs, and saying of each thing what to do about it."""
