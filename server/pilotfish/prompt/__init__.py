"""Context and model profile in, prompt out."""
