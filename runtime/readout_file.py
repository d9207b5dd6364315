"""Readout files: TOML with the layers of a real detector and their cells.

title = "..."                          one line
source = "..."                         where the numbers are from
[[layers]]                             as many as are needed
depth = ["0mm", "3.4mm"]               of the layer, from the front face: begin and end
repeat = 45                            so many layers of this kind (1), ...
pitch = "3.4mm"                        ... each so much deeper than the one before
cell = ["5mm", "5mm"]                  from centre to centre, along x (beam axis) and y (azimuth)
gap = ["0.2mm", "0.2mm"]               dead part of that, between neighbours (0)
cells = [80, 80]                       number of cells along x and y
offset = ["0mm", "2.5mm"]              where the middle of the layer is (0)

A layer owns its whole depth, absorber included: give it what its sensor measures, not the sensor's
own thickness. Layers of several kinds may alternate; they must not overlap.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError, UnknownName, UsageError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.files import existing_file
from caloexport.runtime.readout import MAX_LAYERS, Readout, ReadoutLayer
from caloexport.runtime.units import parse_quantity

MAX_BYTES = 2**20
FIELDS = ("title", "source", "layers")
LAYER_FIELDS = ("depth", "repeat", "pitch", "cell", "gap", "cells", "offset")
NEEDED = ("depth", "cell", "cells")


def load_readout(path: str | Path) -> Readout:
    """Read a readout file; the readout has the file's name.

    Raises:
        InputFileError: missing, not a readout file, or it makes no sense.
    """
    path = existing_file(Path(path), "readout file (TOML)")
    if path.stat().st_size > MAX_BYTES:
        message = f"is {path.stat().st_size} bytes, expected at most {MAX_BYTES}"
        raise InputFileError(message, where=str(path))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"is not TOML: {error!s:.200}"
        raise InputFileError(message, where=str(path)) from error
    with blame_file(str(path)):
        return readout_from_data(path.stem, data)


def readout_from_data(name: str, data: Mapping[str, Any]) -> Readout:
    """Make a readout of the content of its file.

    Raises:
        UsageError: a field is unknown, missing or makes no sense.

    >>> layers = {"depth": ["0mm", "2mm"], "cell": ["5mm", "5mm"], "cells": [8, 8]}
    >>> readout_from_data("small", {"layers": [layers | {"repeat": 3, "pitch": "4mm"}]}).n_cells
    192
    """
    _refuse_unknown("field", data, FIELDS)
    found: list[ReadoutLayer] = []
    for number, given in enumerate(_list(data, "layers")):
        found += _layers(given, f"layers entry {number}")
        if len(found) > MAX_LAYERS:
            message = f"a readout has more than {MAX_LAYERS} layers"
            raise UsageError(message)
    found.sort(key=lambda layer: layer.depth_mm)
    return Readout(name, _words(data, "title"), _words(data, "source"), tuple(found))


def _words(data: Mapping[str, Any], key: str) -> str:
    return " ".join(str(data.get(key, "")).split())


def _list(data: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = data.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(x, dict) for x in found):
        message = f"a readout needs at least one [[{key}]]"
        raise UsageError(message)
    return found


def _layers(given: Mapping[str, Any], where: str) -> Iterator[ReadoutLayer]:
    _refuse_unknown("field of a layer", given, LAYER_FIELDS)
    for key in NEEDED:
        if key not in given:
            message = f"{where} has no '{key}'"
            raise UsageError(message, hint=f"a layer needs {', '.join(NEEDED)}")
    begin, end = _lengths(given, "depth", where)
    repeat = given.get("repeat", 1)
    if not _is_whole(repeat) or not 1 <= repeat <= MAX_LAYERS:
        message = f"{where} is repeated {repeat!r:.40} times, expected 1 to {MAX_LAYERS}"
        raise UsageError(message)
    if (repeat > 1) != ("pitch" in given):
        message = f"{where} needs both of repeat (above 1) and pitch, or none"
        raise UsageError(message)
    pitch = _length(given["pitch"], "pitch", where) if repeat > 1 else 0.0
    counts = given["cells"]
    if not isinstance(counts, list) or len(counts) != 2 or not all(map(_is_whole, counts)):
        message = f"{where} has cells = {counts!r:.60}, expected [along x, along y]"
        raise UsageError(message)
    cell, gap, offset = (_lengths(given, key, where) for key in ("cell", "gap", "offset"))
    for k in range(repeat):
        depth = begin + k * pitch, end + k * pitch
        yield ReadoutLayer(depth, cell, gap, offset, *counts)


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _lengths(given: Mapping[str, Any], key: str, where: str) -> tuple[float, float]:
    value = given.get(key, ["0mm", "0mm"])
    if not isinstance(value, list) or len(value) != 2:
        message = f'{where} has {key} = {value!r:.60}, expected two lengths such as ["5mm", "5mm"]'
        raise UsageError(message)
    first, second = (_length(one, key, where) for one in value)
    return first, second


def _length(value: Any, key: str, where: str) -> float:
    if not isinstance(value, str):
        message = f"{where} has {key} = {value!r:.60}, expected text with a unit"
        raise UsageError(message, hint=f'write for example "{value!s:.20}mm"')
    return parse_quantity(value, "length")


def _refuse_unknown(noun: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise UnknownName(noun, key, known)
