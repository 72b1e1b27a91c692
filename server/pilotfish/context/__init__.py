"""Which snippets deserve the window: one file per source, `gather` merges them within budgets."""
