"""Code actions: what is offered at a spot, and how a chosen one becomes an edit; one file an action."""
