"""The latency benchmark: drives a real server process over stdio, as an editor would; measures; reports."""
