"""The feature: from a request to what is shown. `pipeline.py` is the whole story."""
