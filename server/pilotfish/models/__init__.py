"""Model backends behind one Protocol (`backend.py`). Knows nothing of documents or editors."""
