"""The embedded engine: what the user's own code says comes next, with a probability. No model, no network."""
