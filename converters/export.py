"""Export: write an artifact, prove it equal to the reference, and only then let it appear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from caloexport.converters.evaluated import evaluated
from caloexport.converters.locate import first_differing_layer, require_finite
from caloexport.converters.open import choices_for
from caloexport.converters.precision_shift import PrecisionShift, precision_shift
from caloexport.converters.precisions import precisions
from caloexport.converters.readers import Choices
from caloexport.converters.run_folder import keep_model
from caloexport.converters.targets import Options, Proof, Target, targets
from caloexport.converters.verify import (
    Verification,
    judge,
    require_equal,
    require_more,
    target_of,
    verify_as,
)
from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.backends import backends
from caloexport.runtime.categories import category_columns
from caloexport.runtime.errors import UnknownName, UnsupportedError, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.readout import Readout
from caloexport.runtime.vectors import Vectors, layers_of, make_inputs, make_vectors

#: (written file, what was to be written, name of the backend that executes the file)
Accept = Callable[[Path, Generator, str], None]


@dataclass(frozen=True)
class Exported:
    """What an export made.

    Attributes:
        path: the artifact.
        generator: as written, after the target's rewrites.
        verification: the proof, or None when it was switched off.
        shift: what rounding the weights changed, or None when they were not rounded.
        notes: what a user should know of the file.
    """

    path: Path
    generator: Generator
    verification: Verification | None
    shift: PrecisionShift | None = None
    notes: tuple[str, ...] = ()


def export(
    generator: Generator,
    target_name: str,
    path: Path,
    *,
    verify: bool = True,
    precision: str = "float32",
    accept: Accept | None = None,
    options: Options | None = None,
) -> Exported:
    """Write a generator in one of our formats.

    The test vectors are computed from the generator as given, before the target rewrites it, so
    the verification covers the rewriting too. Where weights are rounded, the vectors are those of
    the rounded network, and the difference between the two is judged by itself.

    Args:
        generator: what to write.
        target_name: ``lwtnn``, ``onnx``, ``savedmodel``, ``numba``, ...
        path: the file, or the folder, to make; an existing one is replaced at the very end.
        verify: execute the file with the format's engine before it appears.
        precision: that the weights are rounded to, of those that the target stores.
        accept: called with the written file and the exact generator, as the target expresses it,
            before the file appears; what it raises keeps the file from appearing.
        options: for targets that have a choice.

    Raises:
        UnsupportedError: the target cannot express a layer, or not store the precision; names the
            targets that can.
        AnswerIsNo: the written file does not give what the model gives, or rounding changes the
            showers too much, and it is removed; or the model itself gives no finite numbers.
        MissingDependency: a library or the engine is absent.
        OutputFileError: the disk is full or the place not writable.
    """
    options = replace(options or Options(), path=path)
    target = targets[target_name].with_options(options)
    _require_precision(precision, target_name)
    if verify:
        backends[target.engine].require()
    vectors = reference_vectors(generator)
    rewritten, shift = rewritten_for(generator, target_name), None
    whole = rewritten
    if verify:
        require_finite(vectors, generator, str(path))
    if precision != "float32":
        exact = _proven(rewritten, vectors, path)
        rewritten, vectors = _rounded(rewritten, target, vectors.inputs, precision)
    elsewhere = target.elsewhere()
    with atomic_output(path, folder=not target.suffix, elsewhere=elsewhere) as temporary:
        target.write(temporary, rewritten, vectors)
        verification = None
        if verify:
            proof = Proof(rewritten.manifest, vectors)
            verification = verify_as(temporary, target, proof)
            if not verification.equal:
                layer = first_differing_layer(rewritten, targets[target_name], vectors.inputs)
                require_equal(verification, path, layer)
            require_more(target.prove_more(temporary, rewritten), path)
        if precision != "float32":
            shift = _shift(temporary if verify else None, rewritten, exact, vectors.inputs)
            shift.require_small(str(path))
        if accept is not None:
            accept(temporary, whole, target.engine_for(rewritten.manifest))
    return Exported(path, rewritten, verification, shift, target.notes(rewritten))


def _require_precision(precision: str, target_name: str) -> None:
    if precision not in precisions:
        raise UnknownName("precision", precision, precisions.names())
    if precision not in targets[target_name].precisions:
        able = [name for name in targets if precision in targets[name].precisions]
        message = f"the target {target_name} does not store weights as {precision}"
        why = targets[target_name].left_out.get(precision)
        message += f": {why}" if why else ""
        hint = f"targets that do: {', '.join(able) or 'none'}"
        raise UnsupportedError(message, hint=hint)


def _proven(generator: Generator, vectors: Vectors, path: Path) -> Float64:
    """Return the outputs of a rewritten generator, proven equal to those of the model."""
    outputs = evaluated(generator, vectors.inputs)
    proof = Proof(generator.manifest, vectors)
    require_equal(judge(outputs, proof, "float32", "numpy"), path)
    return outputs


def _rounded(
    generator: Generator, target: Target, inputs: Float32, precision: str
) -> tuple[Generator, Vectors]:
    """Return the generator with rounded weights and test vectors of its own arithmetic."""
    manifest = generator.manifest
    rounded = Generator.from_network(
        target.rounded(generator, precision),
        generator.sampling,
        name=manifest.name,
        provenance=dict(manifest.provenance),
        interface=manifest.interface,
        precision=precision,
        arithmetic=precision if target.own_arithmetic else "float32",
    )
    outputs = evaluated(rounded, inputs, rounded.arithmetic)
    return rounded, make_vectors(inputs, outputs, generator.sampling)


def _shift(
    written: Path | None, generator: Generator, exact: Float64, inputs: Float32
) -> PrecisionShift:
    """Return what rounding changes, as the format's engine computes it where it may run."""
    if written is None:
        outputs: Array = evaluated(generator, inputs, generator.arithmetic)
    else:
        _, target = target_of(written)
        engine = backends[target.engine_for(generator.manifest)]
        outputs = engine.open(written).run(np.array(inputs))
    layers = layers_of(generator.sampling, exact.shape[1])
    return precision_shift(generator.manifest.precision, outputs, exact, layers)


def reference_vectors(generator: Generator) -> Vectors:
    """Return the test vectors of a generator, by the float64 reference, one at a time."""
    categories = category_columns(generator.network)
    inputs = make_inputs(generator.sampling, generator.n_in, categories)
    return make_vectors(inputs, evaluated(generator, inputs), generator.sampling)


def rewritten_for(generator: Generator, target_name: str) -> Generator:
    """Return the generator as the target can express it.

    Raises:
        UnsupportedError: what remains inexpressible, with the targets that would take it.
    """
    target = targets[target_name]
    if len(generator.network.outputs) != 1:
        names = ", ".join(generator.network.outputs)
        message = f"the network has the outputs {names}, targets take one"
        hint = "take one of them: --take NAME"
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
        UsageError: the model that is read would be replaced, or the name is none for a file that
            other programs look up.
    """
    path = default_path(model, target_name) if wanted is None else wanted
    if path.name == "-" or not path.name.isprintable():
        message = f"{str(path)!r} cannot be the name of an artifact"
        raise UsageError(message, hint="name a file with -o; it is proven before it appears")
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


def options_for(
    model: Path,
    target_name: str,
    choices: Choices,
    *,
    embed: bool,
    readout: Readout | None = None,
) -> tuple[Options, Choices]:
    """Return the options of an export, and the choices that are left for the model's reader.

    Weights that the user names are read where the model comes without its own, else they are where
    the target writes them.
    """
    weights = choices.weights
    if target_name != "cpp" or weights is None or choices_for(model, choices).weights is not None:
        return Options(embed, model=model, readout=readout), choices
    return Options(embed, weights, model=model, readout=readout), replace(choices, weights=None)
