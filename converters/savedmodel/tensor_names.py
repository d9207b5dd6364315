"""What C and C++ feed and fetch: the graph's own names for the tensors of a SavedModel.

They differ with the writer: Keras' ``model.export`` calls its output ``StatefulPartitionedCall_1:0``
and gives another signature the plain name, so they are read from the artifact, never guessed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.savedmodel.proof import PROOF_FILE
from caloexport.runtime.safetensors_file import read_safetensors


def tensor_names(facts: Facts, folder: Path) -> dict[str, Any]:
    """Return ``input_tensors``, in the order of the feeds, and ``output_tensor``."""
    _, metadata = read_safetensors(folder / PROOF_FILE)
    published = json.loads(metadata["tensors"])
    return {
        "input_tensors": [published["inputs"][feed.name] for feed in facts.feeds],
        "output_tensor": published["output"],
    }
