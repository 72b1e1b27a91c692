"""Languages as data: the client's language id, the file endings, and how a line comment begins.

A language that is not listed works too: it has no comment mark, and its id is the file's ending.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Language:
    """What pilotfish needs to know of a language.

    Attributes:
        id: language id as in the language server protocol.
        endings: file endings with their dot, and whole file names.
        comment: what opens a line comment; `comment_end` closes it where a line comment must be closed.
        grammar: `module:function` of the wheel that holds its tree-sitter grammar; empty where there is none.
        depth: so deep in the grammar's tree definitions are looked for. At 8 a method of a class in another
            in a namespace is found, one of an object in the third block of a function is not; there are 1 to
            3 % more, in twice the time. Where people nest namespaces and types, it is 11.
        variant: the id of another language with the same file endings, in which a text is that has any of
            `variant_signs` in it.
    """

    id: str
    endings: tuple[str, ...]
    comment: str = "//"
    comment_end: str = ""
    grammar: str = ""
    depth: int = 8
    variant: str = ""
    variant_signs: tuple[str, ...] = ()


LANGUAGES: tuple[Language, ...] = (
    Language("python", (".py", ".pyi", ".pyw"), "#", grammar="tree_sitter_python:language"),
    Language("javascript", (".js", ".mjs", ".cjs"), grammar="tree_sitter_javascript:language"),
    Language("javascriptreact", (".jsx",), grammar="tree_sitter_javascript:language"),
    Language("typescript", (".ts", ".mts", ".cts"), grammar="tree_sitter_typescript:language_typescript"),
    Language("typescriptreact", (".tsx",), grammar="tree_sitter_typescript:language_tsx"),
    Language("go", (".go",), grammar="tree_sitter_go:language"),
    Language("rust", (".rs",), grammar="tree_sitter_rust:language"),
    Language("java", (".java",), grammar="tree_sitter_java:language"),
    Language("kotlin", (".kt", ".kts"), grammar="tree_sitter_kotlin:language"),
    Language("scala", (".scala",)),
    Language(
        "c",
        (".c", ".h"),
        grammar="tree_sitter_c:language",
        variant="cpp",
        variant_signs=(
            "\nnamespace ",
            "\nclass ",
            "\ntemplate <",
            "\ntemplate<",
            "\nusing ",
            "\npublic:",
            "\n public:",
        ),
    ),
    Language(
        "cpp", (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"), grammar="tree_sitter_cpp:language", depth=11
    ),
    Language("csharp", (".cs",), grammar="tree_sitter_c_sharp:language", depth=11),
    Language("swift", (".swift",)),
    Language("dart", (".dart",)),
    Language("php", (".php",), grammar="tree_sitter_php:language_php"),
    Language(
        "ruby", (".rb", ".rake", "Rakefile", "Gemfile"), "#", grammar="tree_sitter_ruby:language", depth=11
    ),
    Language("perl", (".pl", ".pm"), "#"),
    Language("lua", (".lua",), "--", grammar="tree_sitter_lua:language"),
    Language("r", (".r", ".R"), "#"),
    Language("julia", (".jl",), "#"),
    Language("elixir", (".ex", ".exs"), "#"),
    Language("erlang", (".erl", ".hrl"), "%"),
    Language("haskell", (".hs",), "--"),
    Language("ocaml", (".ml", ".mli"), "(*", " *)"),
    Language("clojure", (".clj", ".cljs", ".cljc"), ";;"),
    Language("shellscript", (".sh", ".bash", ".zsh"), "#", grammar="tree_sitter_bash:language"),
    Language("powershell", (".ps1", ".psm1"), "#"),
    Language("sql", (".sql",), "--"),
    Language("yaml", (".yaml", ".yml"), "#"),
    Language("toml", (".toml",), "#"),
    Language("ini", (".ini", ".cfg"), "#"),
    Language("dockerfile", ("Dockerfile",), "#"),
    Language("makefile", ("Makefile", "GNUmakefile", ".mk"), "#"),
    Language("cmake", (".cmake", "CMakeLists.txt"), "#"),
    Language("html", (".html", ".htm"), "<!--", " -->"),
    Language("xml", (".xml", ".xsd"), "<!--", " -->"),
    Language("markdown", (".md", ".markdown"), "<!--", " -->"),
    Language("css", (".css",), "/*", " */"),
    Language("scss", (".scss",)),
    Language("less", (".less",)),
    Language("vue", (".vue",), "<!--", " -->"),
    Language("json", (".json",), ""),
    Language("jsonc", (".jsonc",)),
    Language("plaintext", (".txt",), ""),
)

_BY_ID = {language.id: language for language in LANGUAGES}
_BY_ENDING = {ending: language for language in LANGUAGES for ending in language.endings}


def language_of_path(path: PurePath) -> Language:
    """The language of a file by its name; a file of an unknown kind is a language of its own."""
    known = _BY_ENDING.get(path.name) or _BY_ENDING.get(path.suffix) or _BY_ENDING.get(path.suffix.lower())
    return known or Language(path.suffix.lstrip(".").lower() or "plaintext", (path.suffix,), "")


def language_of_id(language_id: str) -> Language:
    """The language with this id; an unknown id is a language without comment marks."""
    return _BY_ID.get(language_id) or Language(language_id, (), "")


def language_of_text(language: Language, text: str) -> Language:
    """The language that a text is in by what stands in it: a C header may be one of C++."""
    is_variant = any(sign in text for sign in language.variant_signs)
    return language_of_id(language.variant) if is_variant else language


def comment_line(language: Language, text: str) -> str:
    """`text` as one comment line, or as it is where the language has no line comments."""
    return f"{language.comment} {text}{language.comment_end}" if language.comment else text
