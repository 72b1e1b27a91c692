"""The names of the actions that come with pilotfish: a server tells them before it loads what they need."""

ACTION_NAMES = (
    "import",
    "stubs",
    "complete",
    "doc-skeleton",
    "test-skeleton",
    "fix",
    "implement",
    "simplify",
    "document",
    "tests",
    "edit",
    "explain",
)
COMMAND_PREFIX = "pilotfish.action."
