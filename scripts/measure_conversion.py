"""Measure CPU time and memory of converting and comparing networks of four million weights.

    python scripts/measure_conversion.py FOLDER [WORD...]

Brings the decoder that comes with caloexport into every format that can be read (in FOLDER, unless
they are there), opens each file, converts it to every target and compares it with each other one.
WORDs leave the rows whose names hold all of them, for example ``convert lwtnn``. Every row is a
process of its own that imports the libraries first: the figures are beyond those imports. The
process that meets HDF5 files counts in the CPU time, and its memory in the last column.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OURS = ("caloexport.cli.convert", "caloexport.converters.against", "caloexport.inspection")
CHILD = "import h5py, caloexport.converters.isolated_reading"
#: target -> what writes it; what executes it is known to its engine
LIBRARIES: dict[str, tuple[str, ...]] = {
    "lwtnn": (),
    "onnx": ("onnx.checker", "onnx.shape_inference"),
    "savedmodel": ("tensorflow",),
    "graphdef": ("tensorflow",),
    "numba": (),
}
#: source -> target it is written by, None for what others write
SOURCES = {
    "run": None,
    "keras": None,
    "h5": None,
    "pair": None,
    "keras-savedmodel": None,
    "matmul-onnx": None,
    "gemm-onnx": None,
    "lwtnn": "lwtnn",
    "onnx": "onnx",
    "savedmodel": "savedmodel",
    "numba": "numba",
}
CONTRACT = ("par04-vae", "--fix", "geometry=siw")
#: contracts say what they want of a generator; other files are bare networks
WITH_PHYSICS = ("run", "lwtnn", "onnx", "savedmodel", "numba")


def main() -> None:
    """Make the files, run each row in a process and print the table."""
    if sys.argv[1] == "--row":
        _row(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
        return
    place, words = Path(sys.argv[1]), sys.argv[2:]
    if not (place / "pair.weights.h5").exists():
        place.mkdir(parents=True, exist_ok=True)
        _make_sources(place)
    _say(f"{'':60} {'CPU s':>6} {'peak MB':>8} {'child MB':>8}")
    for name, arguments in _rows():
        if all(word in name for word in words):
            _say(f"{name:60} {_run(arguments[0], str(place), *arguments[1:])}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _run(*arguments: str) -> str:
    command = [sys.executable, __file__, "--row", *arguments]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (child.stderr if child.returncode else child.stdout).strip().splitlines()
    return lines[-1][:200]


def _rows() -> Iterator[tuple[str, list[str]]]:
    for source in SOURCES:
        yield f"inspect {source}", ["inspect", source]
        for target in LIBRARIES:
            options = [[]]
            if source in WITH_PHYSICS and target in ("lwtnn", "onnx"):
                options.append(["--contract", *CONTRACT])
            if source == "run" and target == "onnx":
                options += [["--precision", name] for name in ("float16", "int8")]
            for option in options:
                name = " ".join(["convert", source, "to", target, *option])
                yield name, ["convert", source, target, *option]
        for other in SOURCES:
            yield f"verify {source} against {other}", ["verify", source, other]


def _row(what: str, place: Path, names: list[str]) -> None:
    files = [str(_path(place, name)) for name in names[:2]]
    extra = ["--weights", str(place / "pair.weights.h5")] if "pair" in names else []
    with tempfile.TemporaryDirectory(dir=place) as folder:
        words = [what, files[0], *extra]
        if what == "verify":
            words += ["--against", files[1]]
        if what == "convert":
            words += ["--to", names[1], *names[2:], "-o", str(Path(folder) / "out")]
        # before the libraries: a child begins with the peak of the process that starts it
        subprocess.run([sys.executable, "-c", CHILD], check=True)
        _import_for(names[:2] if what != "inspect" else [])
        _measure(words, children=what == "inspect")


def _measure(words: list[str], *, children: bool) -> None:
    from caloexport.cli.main import exit_code

    said = io.StringIO()
    before, resident, child = _cpu(), _reset_peak(), _peak_of_children()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = exit_code(words)
    seconds, peak = _cpu() - before, _status("VmHWM") - resident
    beyond = f"{_peak_of_children() - child:8.0f}" if children else ""
    answer = "  the answer is no" if code == 1 else ""
    if code > 1:
        sys.exit(said.getvalue())
    _say(f"{seconds:6.1f} {peak:8.0f} {beyond}{answer}")


def _path(place: Path, name: str) -> Path:
    if name == "run":
        from caloexport.shipped import default_decoder

        return default_decoder()
    return place / name


def _import_for(formats: list[str]) -> None:
    """Import what converting needs, and what writes and executes some formats."""
    for module in OURS:
        importlib.import_module(module)
    from caloexport.converters.targets import targets
    from caloexport.runtime.backends import backends

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in (SOURCES.get(given) or given for given in formats):
        for module in LIBRARIES.get(name, ()):
            importlib.import_module(module)
        if name in LIBRARIES:
            backends[targets[name].engine].import_libraries()


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_of_children() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6


def _reset_peak() -> float:
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith(key)).split()[1]) * 1024 / 1e6


def _make_sources(place: Path) -> None:
    """Bring the shipped decoder into every format that can be read."""
    from caloexport.converters.export import export
    from caloexport.converters.open import open_model

    keras = importlib.import_module("keras")
    run = _path(place, "run")
    model = keras.saving.load_model(run / "decoder.keras")
    shutil.copy(run / "decoder.keras", place / "keras")
    model.save(place / "model.h5")
    (place / "model.h5").replace(place / "h5")
    (place / "pair").write_text(model.to_json())
    model.save_weights(place / "pair.weights.h5")
    model.export(place / "keras-savedmodel", verbose=False)
    for gemm in (False, True):
        _write_onnx(place / ("gemm-onnx" if gemm else "matmul-onnx"), model, gemm=gemm)
    for name, target in SOURCES.items():
        if target is not None:
            export(open_model(run), target, place / name)


def _write_onnx(path: Path, model: Any, *, gemm: bool) -> None:
    """Write the layers as Keras' exporter (MatMul and Add) or as PyTorch's does (Gemm)."""
    from onnx import TensorProto, helper, numpy_helper, save

    nodes, constants, reads = [], [], "x"
    for k, layer in enumerate(model.layers[1:]):
        arrays = [weight.numpy() for weight in layer.weights]
        kind, writes = type(layer).__name__, f"y{k}"
        if kind == "Dense":
            kernel = arrays[0].T.copy() if gemm else arrays[0]
            constants += [
                numpy_helper.from_array(a, f"{n}{k}")
                for n, a in zip("wb", (kernel, arrays[1]), strict=True)
            ]
            if gemm:
                nodes.append(
                    helper.make_node("Gemm", [reads, f"w{k}", f"b{k}"], [writes], transB=1)
                )
            else:
                nodes.append(helper.make_node("MatMul", [reads, f"w{k}"], [f"m{k}"]))
                nodes.append(helper.make_node("Add", [f"m{k}", f"b{k}"], [writes]))
        elif kind == "BatchNormalization":
            names = [f"{n}{k}" for n in "gbmv"]
            constants += [
                numpy_helper.from_array(a, f"{n}{k}") for n, a in zip("gbmv", arrays, strict=True)
            ]
            nodes.append(
                helper.make_node(
                    "BatchNormalization", [reads, *names], [writes], epsilon=layer.epsilon
                )
            )
        elif kind == "LeakyReLU":
            nodes.append(
                helper.make_node("LeakyRelu", [reads], [writes], alpha=float(layer.negative_slope))
            )
        else:
            raise SystemExit(f"unexpected layer {kind}")
        if getattr(layer, "activation", None) is not None and layer.activation.__name__ != "linear":
            nodes.append(helper.make_node(layer.activation.__name__.title(), [writes], [f"a{k}"]))
            writes = f"a{k}"
        reads = writes
    ports = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])
        for name, size in (("x", model.input_shape[-1]), (reads, model.output_shape[-1]))
    ]
    graph = helper.make_graph(nodes, "decoder", ports[:1], ports[1:], constants)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


if __name__ == "__main__":
    main()
