"""pilotfish: a coding copilot in a language server. The map is docs/ARCHITECTURE.md."""

__version__ = "0.1.0"
