"""`python -m pilotfish.index`: the indexer process, see `index/worker.py`."""

import sys

from pilotfish.index.worker import main

sys.exit(main(sys.argv[1:]))
