"""A backend for pilotfish that asks a program: the prompt on its standard input, the answer from its output.

[backends.mine]
kind = "command"
options = { argv = ["my-model", "--quiet"] }
"""

import asyncio
from codecs import getincrementaldecoder

from pilotfish.errors import BackendError, BackendUnavailable
from pilotfish.models.backend import Abilities, ModelProfile

CURSOR = "<CURSOR>"


class Command:
    """Starts the program for each question, and ends it when nobody listens any more."""

    is_remote = False  # whether what it is asked leaves this machine
    abilities = Abilities(fill=True, chat=False, prefill=False)

    def __init__(self, name, settings, http=None):
        self.name = name
        self.profile = ModelProfile(name="command", window_tokens=2048, max_tokens=64)
        self.argv = settings.options.get("argv")
        if not self.argv:
            raise BackendError(f"backend {name!r}: say which program: `backends.{name}.options.argv`")

    async def stream(self, prompt):
        """Yield the answer in pieces, as they come."""
        pipe = asyncio.subprocess.PIPE
        try:
            program = await asyncio.create_subprocess_exec(*self.argv, stdin=pipe, stdout=pipe)
        except OSError as error:
            raise BackendUnavailable(f"{self.name}: {self.argv[0]} cannot be started ({error}).") from error
        try:
            context = "".join(part.text for part in prompt.context)
            program.stdin.write(f"{context}{prompt.prefix}{CURSOR}{prompt.suffix}".encode())
            program.stdin.write_eof()
            decoder = getincrementaldecoder("utf-8")("replace")  # a piece may end inside a character
            while piece := await program.stdout.read(4096):
                yield decoder.decode(piece)
            if await program.wait() != 0:
                raise BackendUnavailable(f"{self.name}: {self.argv[0]} failed ({program.returncode}).")
        finally:  # also when the reader has gone, or its task was cancelled
            if program.returncode is None:
                program.kill()
                await program.communicate()  # A full pipe would keep `wait` waiting for ever.

    async def aclose(self):
        """Nothing is held between questions."""
