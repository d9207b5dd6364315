"""Names as C++ identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: words that C++17 and C++20 keep for themselves
KEYWORDS = frozenset(
    [
        "alignas",
        "alignof",
        "and",
        "and_eq",
        "asm",
        "auto",
        "bitand",
        "bitor",
        "bool",
        "break",
        "case",
        "catch",
        "char",
        "char16_t",
        "char32_t",
        "char8_t",
        "class",
        "co_await",
        "co_return",
        "co_yield",
        "compl",
        "concept",
        "const",
        "const_cast",
        "consteval",
        "constexpr",
        "constinit",
        "continue",
        "decltype",
        "default",
        "delete",
        "do",
        "double",
        "dynamic_cast",
        "else",
        "enum",
        "explicit",
        "export",
        "extern",
        "false",
        "float",
        "for",
        "friend",
        "goto",
        "if",
        "inline",
        "int",
        "long",
        "mutable",
        "namespace",
        "new",
        "noexcept",
        "not",
        "not_eq",
        "nullptr",
        "operator",
        "or",
        "or_eq",
        "private",
        "protected",
        "public",
        "register",
        "reinterpret_cast",
        "requires",
        "return",
        "short",
        "signed",
        "sizeof",
        "static",
        "static_assert",
        "static_cast",
        "struct",
        "switch",
        "template",
        "this",
        "thread_local",
        "throw",
        "true",
        "try",
        "typedef",
        "typeid",
        "typename",
        "union",
        "unsigned",
        "using",
        "virtual",
        "void",
        "volatile",
        "wchar_t",
        "while",
        "xor",
        "xor_eq",
    ]
)
#: what is no keyword and yet taken: names that our own code says in full, and macros of system
#: headers and of GNU dialects, which compilers take unless told otherwise
TAKEN = frozenset(["std", "caloexport", "linux", "unix", "EOF", "NULL", "NAN", "INFINITY", "errno"])
LONGEST = 60


def identifier(name: str, prefix: str = "model") -> str:
    """Return a C++ identifier that resembles a name.

    Args:
        name: any text.
        prefix: put before a name that begins with a digit, or has nothing to offer.

    >>> identifier("fastv-siw 2"), identifier("22", "pdg"), identifier("new"), identifier("std")
    ('fastv_siw_2', 'pdg_22', 'new_', 'std_')
    """
    word = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_")[:LONGEST].strip("_")
    if not word or word[0].isdigit():
        word = f"{prefix}_{word}".rstrip("_")
    return f"{word}_" if word in KEYWORDS | TAKEN else word


def identifiers(names: Iterable[str], prefix: str = "model") -> list[str]:
    """Return identifiers that differ from each other.

    >>> identifiers(["a-b", "a b", "a_b_2"])
    ['a_b', 'a_b_2', 'a_b_2_2']
    """
    found: list[str] = []
    for name in names:
        word = first = identifier(name, prefix)
        count = 1
        while word in found:
            count += 1
            word = f"{first}_{count}"
        found.append(word)
    return found


def camel(name: str) -> str:
    """Return a name for a type.

    >>> camel("geometry"), camel("cell_alignment")
    ('Geometry', 'CellAlignment')
    """
    return "".join(part[:1].upper() + part[1:] for part in identifier(name).split("_"))
