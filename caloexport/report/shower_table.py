"""A shower file's summary as a table for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caloexport.runtime.units import format_energy

if TYPE_CHECKING:
    from rich.table import Table


def shower_table(found: dict[str, Any]) -> Table:
    """Return a rich table of what ``caloexport.showers.information.describe`` found."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for label, value in _rows(found):
        table.add_row(label, escape(value))
    return table


def _rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    units = found["units"]
    rows = [
        ("file", found["path"]),
        ("format", f"{found['format']}, stored as {found['stored_dtype']}"),
        ("showers", str(found["showers"])),
        ("mesh", _mesh(found["mesh"], found["cells"])),
    ]
    rows += [(name, _condition(name, range_)) for name, range_ in found["conditions"].items()]
    rows += [
        ("mean response", f"{_mean(found['response'])} of the incident energy"),
        ("cells hit", f"{_mean(found['cells_hit'])} ({100 * found['occupancy']['mean']:.3g} %)"),
        ("largest cell", format_energy(found["largest_cell_mev"])),
        ("empty showers", str(found["empty_showers"])),
    ]
    if units["energy_scale"] is not None:
        rows.append(("energy factor", f"{units['energy_scale']:g} on the deposited energy"))
    else:
        rows.append(("energy factor", units["note"]))
    if isinstance(units["threshold_mev"], int | float):
        rows.append(("readout cut", format_energy(units["threshold_mev"])))
    for label, key in (("sensitive", "sensitive"), ("generator", "generator")):
        if units[key] is not None:
            rows.append((label, str(units[key])))
    return rows


def _mesh(mesh: dict[str, Any], cells: int) -> str:
    order = ", ".join(mesh["order"])
    if mesh["kind"] == "layered":
        layers = "; ".join(
            f"{one['id']}: {len(one['r_edges_mm']) - 1} × {one['n_phi']}" for one in mesh["layers"]
        )
        return f"{cells} voxels in layers (radius × azimuth) {layers}; order {order}"
    if mesh["kind"] == "window":
        layers = "; ".join(
            f"{one['id']}: {one['n_eta']} × {one['n_phi']}" for one in mesh["layers"]
        )
        return f"{cells} detector cells in layers (η × φ) {layers}; order {order}"
    sizes = [
        f"{axis} cells of {mesh[key]:g} mm" if mesh[key] else f"{axis} cells of unknown size"
        for axis, key in (("r", "dr_mm"), ("z", "dz_mm"))
    ]
    shape = " × ".join(str(size) for size in mesh["shape"])
    return f"{shape} cells ({order}), {', '.join(sizes)}"


def _condition(name: str, found: dict[str, Any]) -> str:
    if "categories" in found:
        return ", ".join(f"{key} ({count})" for key, count in found["categories"].items())
    low, high = found["low"], found["high"]
    show = _formatter(name)
    if low == high:
        return show(low)
    return f"{show(low)} to {show(high)}, {found['distinct']} different values"


def _formatter(name: str) -> Any:
    if name.endswith("_mev"):
        return format_energy
    if name.endswith("_rad"):
        return lambda value: f"{math.degrees(value):.4g}°"
    return lambda value: f"{value:g}"


def _mean(found: dict[str, float | None]) -> str:
    """Write a mean with as many digits as its error allows.

    >>> _mean({"mean": 0.98812, "error": 0.00043})
    '0.9881 ± 0.0004'
    """
    mean, error = found["mean"], found["error"]
    if not error or mean is None:
        return f"{mean:.4g}"
    digits = max(0, -math.floor(math.log10(error)))
    return f"{mean:.{digits}f} ± {error:.{digits}f}"
