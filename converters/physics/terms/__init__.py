"""Terms of an encoding in layers: one file for each kind that is no affine function.

A term that tells its :class:`~caloexport.runtime.encodings.Affine` needs no entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.affine import FUNCTIONS, affine_column
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.registry import Registry

#: (parts, name of the condition's value (1,), condition, parameters) -> name of (width,) columns
Spelling = Callable[[Assembly, str, Condition, Mapping[str, Any]], str]

term_spellings: Registry[Spelling] = Registry(
    "encoding in layers", "caloexport.converters.physics.terms", "caloexport.term_spellings"
)


def spell_term(parts: Assembly, source: str, condition: Condition, term: Term) -> str:
    """Add what encodes one condition, and return the name of its columns.

    Args:
        parts: takes the nodes.
        source: name of the condition's value (1,): a number, or the index of a category.
        condition: what it is.
        term: how it is encoded.

    Raises:
        UnsupportedError: nobody has said how this kind is spelled in layers.
    """
    if term.kind in term_spellings:
        return term_spellings[term.kind](parts, source, condition, term.parameters)
    affine = term.affine
    if affine is None or affine.function not in FUNCTIONS:
        message = f"the encoding '{term.kind}' of '{term.condition}' is not known in layers"
        raise UnsupportedError(message)
    return affine_column(parts, source, affine)
