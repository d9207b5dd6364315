"""The conditions of showers in ROOT trees: one branch each, one entry per shower.

Trees of numbers hold no names: categories, such as the geometries of a mixed file, are numbered,
and the text of the file says what the numbers stand for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.showers.columns import checked_conditions
from caloexport.showers.further_conditions import NAME, TAKEN
from caloexport.showers.hdf5 import MAX_SHOWERS
from caloexport.showers.root.file import Tree
from caloexport.showers.storage import CATEGORIES, CONDITIONS


def read_conditions(
    tree: Tree, branches: Mapping[str, str], attributes: Mapping[str, Any]
) -> dict[str, Array]:
    """Read the conditions of a tree.

    Args:
        tree: one entry per shower.
        branches: name of the branch by condition; those that the tree lacks are left out.
        attributes: of the file; ``geometry`` names the detector of all showers, ``conditions``
            the further conditions, ``categories`` what the numbers of some stand for.

    Raises:
        InputFileError: too many showers, or values that make no sense.
    """
    where = tree.file.path
    if tree.n > MAX_SHOWERS:
        message = f"declares {tree.n} showers, at most {MAX_SHOWERS} are read"
        raise InputFileError(message, where=where)
    known = {
        condition: (branch, read_column(tree, branch))
        for condition, branch in branches.items()
        if branch in tree.branches
    }
    conditions = checked_conditions(known, where)
    categories = _categories(attributes, where)
    for name in str(attributes.get(CONDITIONS, "")).split():
        if name not in tree.branches or name in TAKEN or name in branches:
            message = f"names the condition '{name:.64}', for which it has no branch"
            raise InputFileError(message, where=where)
        conditions[name] = _further(tree, name, categories)
    named = attributes.get("geometry")
    if isinstance(named, str):
        conditions["geometry"] = np.full(tree.n, named.lower())
    return conditions


def read_column(tree: Tree, name: str) -> Array:
    """Read a branch with one finite number per entry.

    Raises:
        InputFileError: several, or not finite.
    """
    branch = tree.branch(name)
    if branch.shape:
        message = f"has entries of the shape {branch.shape}, expected single numbers"
        raise InputFileError(message, where=branch.where)
    values = branch.read(0, tree.n)
    if not np.isfinite(values).all():
        row = int(np.argmin(np.isfinite(values)))
        message = f"is {values[row]} in entry {row}, expected a finite number"
        raise InputFileError(message, where=branch.where)
    return values


def _categories(attributes: Mapping[str, Any], where: str) -> dict[str, list[str]]:
    try:
        found = json.loads(attributes.get(CATEGORIES, "{}"))
        return {str(key): [str(name) for name in names] for key, names in found.items()}
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        message = f"attribute '{CATEGORIES}' is no JSON object of lists of names"
        raise InputFileError(message, where=where) from error


def _further(tree: Tree, name: str, categories: Mapping[str, list[str]]) -> Array:
    values = read_column(tree, name)
    if name not in categories:
        return values.astype(np.int64 if values.dtype.kind in "iu" else np.float64)
    names = categories[name]
    if not ((values >= 0) & (values < len(names))).all():
        message = f"branch '{name}' numbers {len(names)} names, and some numbers have none"
        raise InputFileError(message, where=tree.file.path)
    return np.array(names)[values.astype(np.int64)]


def condition_columns(
    conditions: Mapping[str, Array], branches: Mapping[str, str]
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return what is written of conditions: branches, and attributes beside them.

    Raises:
        UnsupportedError: a name or a type that files cannot hold.
    """
    columns = {
        branch: np.asarray(conditions[name], np.int32 if name == "pdg" else np.float64)
        for name, branch in branches.items()
        if name in conditions
    }
    further = [name for name in conditions if name not in branches]
    about: dict[str, Any] = {}
    geometries = np.unique(np.asarray(conditions.get("geometry", []), dtype=str))
    if len(geometries) == 1:
        about["geometry"] = str(geometries[0])
        further.remove("geometry")
    categories = {}
    for name in further:
        columns[name], names = _numbers(name, np.asarray(conditions[name]), columns)
        if names:
            categories[name] = names
    if further:
        about[CONDITIONS] = " ".join(further)
    if categories:
        about[CATEGORIES] = json.dumps(categories)
    return columns, about


def _numbers(name: str, values: Array, columns: Mapping[str, Array]) -> tuple[Array, list[str]]:
    """Return a further condition as numbers, with the names that they stand for if it is text."""
    free = name not in TAKEN and name not in columns
    if not NAME.fullmatch(name) or not free or values.dtype.kind not in "iufUS":
        message = f"the condition '{name}' ({values.dtype}) cannot be stored in a shower file"
        hint = "names are letters, digits, _ and .; values numbers or text"
        raise UnsupportedError(message, hint=hint)
    if values.dtype.kind in "US":
        names, numbers = np.unique(values.astype(str), return_inverse=True)
        return numbers.astype(np.int32), [str(one) for one in names]
    return values.astype(np.int64 if values.dtype.kind in "iu" else np.float64), []
