"""What the files around a CMSSW plugin name: package, library of the wrapper, file of the model."""

from __future__ import annotations

from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.identifiers import camel

#: sources of a plugin that do not depend on the library beneath
PLUGIN = (
    "shared/cmssw/BuildFile.xml.jinja",
    "shared/cmssw/README.md.jinja",
    "shared/cmssw/ShowerProducer.cc",
    "shared/cmssw/shower_parameters.h.jinja",
    "shared/cmssw/showers_cfg.py.jinja",
    "shared/cmssw/test_BuildFile.xml.jinja",
    "shared/cmssw/test_showers.cc",
    "shared/demonstration.h",
    "shared/reference_report.h",
    "shared/shower_sampler.h",
)


def cmssw_names(facts: Facts, library: str) -> dict[str, Any]:
    """Return what the templates of a plugin need.

    Args:
        facts: of the artifact.
        library: package of the wrapper, for example ``"ONNXRuntime"``.
    """
    inside = "/saved_model.pb" if facts.target == "savedmodel" else ""
    return {
        "package": f"Showers/{camel(facts.identifier)}",
        "wrapper": f"PhysicsTools/{library}",
        "model_file": facts.artifact + inside,  # edm::FileInPath finds files, no folders
    }
