"""Export: write an artifact, prove it equal to the reference, and only then let it appear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caloexport.converters.locate import first_differing_layer
from caloexport.converters.run_folder import keep_model
from caloexport.converters.targets import Proof, targets
from caloexport.converters.verify import Verification, require_equal, verify_as
from caloexport.runtime.backends import backends
from caloexport.runtime.categories import category_columns
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.vectors import Vectors, make_inputs, make_vectors


@dataclass(frozen=True)
class Exported:
    """What an export made.

    Attributes:
        path: the artifact.
        generator: as written, after the target's rewrites.
        verification: the proof, or None when it was switched off.
    """

    path: Path
    generator: Generator
    verification: Verification | None


def export(generator: Generator, target_name: str, path: Path, *, verify: bool = True) -> Exported:
    """Write a generator in one of our formats.

    The test vectors are computed from the generator as given, before the target rewrites it, so
    the verification covers the rewriting too.

    Args:
        generator: what to write.
        target_name: ``lwtnn``, ``onnx``, ``savedmodel``, ``numba``, ...
        path: the file, or the folder, to make; an existing one is replaced at the very end.
        verify: execute the file with the format's engine before it appears.

    Raises:
        UnsupportedError: the target cannot express a layer; names it and the targets that can.
        AnswerIsNo: the written file does not give what the model gives; it is removed.
        MissingDependency: a library or the engine is absent.
        OutputFileError: the disk is full or the place not writable.
    """
    target = targets[target_name]
    if verify:
        backends[target.engine].require()
    vectors = reference_vectors(generator)
    rewritten = rewritten_for(generator, target_name)
    with atomic_output(path, folder=not target.suffix) as temporary:
        target.write(temporary, rewritten, vectors)
        verification = None
        if verify:
            proof = Proof(rewritten.manifest, vectors)
            verification = verify_as(temporary, target, proof)
            if not verification.equal:
                layer = first_differing_layer(rewritten, target, vectors.inputs)
                require_equal(verification, path, layer)
    return Exported(path, rewritten, verification)


def reference_vectors(generator: Generator) -> Vectors:
    """Return the test vectors of a generator, by the float64 reference, one at a time."""
    categories = category_columns(generator.network)
    inputs = make_inputs(generator.sampling, generator.n_in, categories)
    outputs = [evaluate(generator.network, generator.split(row[None])) for row in inputs]
    flat = np.concatenate([output.reshape(1, -1) for output in outputs])
    return make_vectors(inputs, flat, generator.sampling)


def rewritten_for(generator: Generator, target_name: str) -> Generator:
    """Return the generator as the target can express it.

    Raises:
        UnsupportedError: what remains inexpressible, with the targets that would take it.
    """
    target = targets[target_name]
    if len(generator.network.outputs) != 1:
        names = ", ".join(generator.network.outputs)
        message = f"the network has the outputs {names}, targets take one"
        hint = "save a model that ends in one of them"
        raise UnsupportedError(message, where=generator.manifest.name, hint=hint)
    network = target.prepare(generator.network)
    refusals = target.refusals(network)
    if refusals:
        first = refusals[0]
        more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
        willing = targets_for(generator.network)
        raise UnsupportedError(
            f"layer '{first.layer}': {first.reason}{more}",
            where=f"{generator.manifest.name} to {target_name}",
            hint=f"targets that take it: {', '.join(willing) or 'none'}",
        )
    return Generator.from_network(
        network,
        generator.sampling,
        name=generator.manifest.name,
        provenance=dict(generator.manifest.provenance),
        interface=generator.manifest.interface,
    )


def targets_for(network: Network) -> list[str]:
    """List the targets that can express a network."""
    return [name for name in targets if not targets[name].refusals(targets[name].prepare(network))]


def output_path(model: Path, target_name: str, wanted: Path | None) -> Path:
    """Return where an export goes: where the user says, else the default path.

    Raises:
        UsageError: the model that is read would be replaced.
    """
    path = default_path(model, target_name) if wanted is None else wanted
    keep_model(model, path)
    return path


def default_path(model: Path, target_name: str) -> Path:
    """Return where an export goes when nobody says: beside the model, with the target's suffix.

    Raises:
        UsageError: that would be the model itself.
    """
    target = targets[target_name]
    stem = model.name if model.is_dir() else model.name.split(".")[0]
    path = model.parent / (f"{stem}{target.suffix}" if target.suffix else f"{stem}-{target_name}")
    if path == model:
        message = f"would replace {model} by itself"
        raise UsageError(message, hint="name another file with -o")
    return path
