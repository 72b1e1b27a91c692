"""The edge: the only package that knows pygls and lsprotocol. One file per request family."""
