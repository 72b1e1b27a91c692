"""What is known of the workspace, on disk; built by the indexer process, read by everybody."""
