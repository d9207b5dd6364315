"""What this installation knows, read from the registries: for ``list`` and the support matrix."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from typing import Any

from caloexport.runtime.registry import Registry

Row = dict[str, str]


def rows(what: str) -> list[Row]:
    """Return the entries of one seam, one dictionary each with the same keys."""
    return {
        "backends": _backends,
        "targets": _targets,
        "contracts": _contracts,
        "snippets": _snippets,
        "formats": _formats,
        "layers": _layers,
        "families": _families,
        "datasets": _datasets,
        "detectors": _detectors,
        "checks": _checks,
        "distances": _distances,
        "plugins": _plugins,
    }[what]()


def _backends() -> list[Row]:
    importlib.import_module("caloexport.converters.engines")
    from caloexport.runtime.backends import backends

    return [
        {
            "name": name,
            "executes": backends[name].target,
            "status": "ready"
            if backends[name].available()
            else f"pip install 'caloexport[{backends[name].extra}]'",
            "what": _first_line(backends[name]),
        }
        for name in backends
    ]


def _targets() -> list[Row]:
    from caloexport.converters.targets import targets

    return [
        {
            "name": name,
            "file": targets[name].suffix or "folder",
            "verified by": targets[name].engine,
            "what": targets[name].summary,
        }
        for name in targets
    ]


def _contracts() -> list[Row]:
    from caloexport.converters.contracts import contracts

    return [
        {
            "name": name,
            "targets": ", ".join(contracts[name].targets),
            "what": contracts[name].summary,
            "read by": contracts[name].versions,
        }
        for name in contracts
    ]


def _snippets() -> list[Row]:
    from caloexport.converters.snippets import snippets

    return [
        {
            "name": name,
            "targets": ", ".join(snippets[name].targets),
            "contract": snippets[name].contract or "any",
            "what": snippets[name].summary,
        }
        for name in snippets
    ]


def _formats() -> list[Row]:
    from caloexport.converters.readers import readers

    return [{"name": name, "what": readers[name].summary} for name in readers]


def _layers() -> list[Row]:
    from caloexport.runtime.activations import activations
    from caloexport.runtime.layers import layers

    found = [{"name": name, "what": _first_line(layers[name])} for name in layers]
    return found + [
        {"name": f"activation {name}", "what": _first_line(activations[name].function)}
        for name in activations
    ]


def _families() -> list[Row]:
    from caloexport.training.families import families
    from caloexport.training.mesh_kind import presets_for
    from caloexport.training.plan import MESHES

    return [
        {
            "name": name,
            "meshes": ", ".join(kind for kind in MESHES if presets_for(kind, name)),
            "what": _first_line(families[name]),
        }
        for name in families
    ]


def _datasets() -> list[Row]:
    from caloexport.showers.formats import formats

    return _described(formats)


def _detectors() -> list[Row]:
    from caloexport.simulation.detector_file import detector_names, load_detector

    found = [load_detector(name) for name in detector_names()]
    return [
        {
            "name": one.name,
            "slabs": str(len(one.every_slab)),
            "depth": f"{one.depth_mm:g} mm",
            "meshes": ", ".join(one.scorings),
            "what": one.title,
        }
        for one in found
    ]


def _checks() -> list[Row]:
    from caloexport.validation.checks import checks
    from caloexport.validation.profile import load_profile

    demands = load_profile()
    return [
        {
            "name": code,
            "threshold": f"{demands[code].threshold:g}" if code in demands else "",
            "required": "yes" if code in demands and demands[code].required else "no",
            "what": checks[code].title,
        }
        for code in checks
    ]


def _distances() -> list[Row]:
    from caloexport.validation.distances import distances

    return [
        {
            "name": name,
            "of": distances[name].space.replace("_", " "),
            "showers": str(distances[name].showers or "all"),
            "what": distances[name].title,
        }
        for name in distances
    ]


def _described(registry: Registry[Any]) -> list[Row]:
    return [{"name": name, "what": _first_line(registry[name])} for name in registry]


def _plugins() -> list[Row]:
    everything = entry_points()
    return [
        {"name": point.name, "group": group, "from": point.dist.name if point.dist else "?"}
        for group in sorted(everything.groups)
        if group.startswith("caloexport.")
        for point in everything.select(group=group)
    ]


def _first_line(entry: object) -> str:
    return (entry.__doc__ or "").strip().splitlines()[0] if entry.__doc__ else ""
