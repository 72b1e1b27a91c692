"""The state of one connection: documents, recent edits, requests in flight, the long-lived services."""
