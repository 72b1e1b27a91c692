"""Languages: names, comment marks, lexing. The only package that may import tree_sitter."""
