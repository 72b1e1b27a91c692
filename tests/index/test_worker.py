import os
import subprocess
import sys
from pathlib import Path

from pilotfish.index.build import build
from pilotfish.settings.model import IndexSettings

TELL_WHAT_IS_LOADED = """
import sys
from pilotfish.index import worker

def tell(out, event):
    loaded = {'numpy', 'asyncio', 'tree_sitter', 'pilotfish.syntax.lexer'} & {*sys.modules}
    print(event.state, *loaded, flush=True)

worker.write_event = tell
worker.main(sys.argv[1:])
"""


def test_to_find_that_nothing_has_changed_takes_neither_numpy_nor_grammars(tmp_path: Path) -> None:
    """Loading them takes longer than looking through ten thousand files."""
    root, index = tmp_path / "root", tmp_path / "index"
    root.mkdir()
    (root / "a.py").write_text("def f(): pass\n")
    os.utime(root / "a.py", (0, 0))
    build(root, index, IndexSettings())
    command = [sys.executable, "-c", TELL_WHAT_IS_LOADED, str(root), str(index)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.close()
