"""Code actions: what is offered at a place, and how a chosen one becomes an edit; one file an action."""
