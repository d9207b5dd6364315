"""Damaged SavedModel folders: graph, checkpoint, and what must not be run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from caloexport.converters.export import export
from caloexport.converters.readers import Choices
from tests.malformed.damage import Case, cuts, fillings, flips
from tests.networks import decoder

LIBRARIES = ("caloexport.converters.savedmodel.operators",)
GRAPH, INDEX = "saved_model.pb", "variables/variables.index"
DATA = "variables/variables.data-00000-of-00001"


def cases(folder: Path) -> Iterator[Case]:
    """Write them: folders, of which one file is damaged."""
    good = good_folder(folder)
    for name, content in (
        *cuts((good / GRAPH).read_bytes(), 8),
        *fillings((good / GRAPH).read_bytes(), (good / GRAPH).read_bytes()[:12]),
    ):
        yield _case(good, f"graph-{name}", GRAPH, content)
    index = (good / INDEX).read_bytes()
    for name, content in (*cuts(index, 5), *flips(index, range(len(index) - 8, len(index)), 4)):
        yield _case(good, f"index-{name}", INDEX, content)
    for name, content in cuts((good / DATA).read_bytes(), 4):
        yield _case(good, f"weights-{name}", DATA, content)
    for file in (INDEX, DATA):
        case = _case(good, f"without-{Path(file).suffix[1:6]}", file, b"")
        (case.path / file).unlink()
        yield case
    for name, edit in EDITS.items():
        yield _case(good, name, GRAPH, _edited((good / GRAPH).read_bytes(), edit))
    shutil.rmtree(good)


def good(folder: Path) -> Choices:
    """Write the graph of a whole model; its checkpoint lies beside the folder."""
    model = good_folder(folder)
    shutil.move(model / "variables", folder.parent / "variables")
    shutil.move(model / GRAPH, folder / GRAPH)
    model.rmdir()
    return Choices()


def put(path: Path, content: bytes) -> None:
    """Put a graph into a folder, with the checkpoint of the whole model."""
    if not path.exists():
        path.mkdir()
        (path / "variables").symlink_to(path.parent / "variables")
    (path / GRAPH).write_bytes(content)


def good_folder(folder: Path) -> Path:
    """Write a model, but for what we add to prove it: as other programs save theirs."""
    good = export(decoder(), "savedmodel", folder / "good", verify=False).path
    for path in good.iterdir():
        if path.is_dir() and path.name != "variables":
            shutil.rmtree(path)
    return good


def _case(good: Path, name: str, file: str, content: bytes) -> Case:
    path = good.with_name(name)
    shutil.copytree(good, path)
    (path / file).write_bytes(content)
    return Case(name, path)


def _edited(whole: bytes, edit: Callable[[Any], None]) -> bytes:
    from tensorflow.core.protobuf import saved_model_pb2

    model = saved_model_pb2.SavedModel.FromString(whole)
    edit(model.meta_graphs[0])
    return bytes(model.SerializeToString(deterministic=True))


def _first(meta: Any, operator: str) -> Any:
    return next(node for node in meta.graph_def.node if node.op == operator)


def _shape(*sizes: int) -> Callable[[Any], None]:
    def edit(meta: Any) -> None:
        shape = _first(meta, "VarHandleOp").attr["shape"].shape
        del shape.dim[:]
        for size in sizes:
            shape.dim.add().size = size

    return edit


def _input_width(size: int) -> Callable[[Any], None]:
    def edit(meta: Any) -> None:
        _first(meta, "Placeholder").attr["shape"].shape.dim[1].size = size
        (given,) = meta.signature_def["serving_default"].inputs.values()
        given.tensor_shape.dim[1].size = size

    return edit


def _renamed(operator: str, name: str) -> Callable[[Any], None]:
    def edit(meta: Any) -> None:
        _first(meta, operator).op = name

    return edit


def _cycle(meta: Any) -> None:
    product = _first(meta, "MatMul")
    product.input[0] = next(node.name for node in meta.graph_def.node if node.op == "BiasAdd")


def _no_signature(meta: Any) -> None:
    meta.signature_def.clear()


def _signature_of_nothing(meta: Any) -> None:
    (output,) = meta.signature_def["serving_default"].outputs.values()
    output.name = "nowhere:0"


EDITS: dict[str, Callable[[Any], None]] = {
    "writes-a-file": _renamed("MatMul", "WriteFile"),
    "reads-a-file": _renamed("MatMul", "ReadFile"),
    "runs-python": _renamed("MatMul", "PyFunc"),
    "runs-python-eagerly": _renamed("MatMul", "EagerPyFunc"),
    "prints": _renamed("MatMul", "PrintV2"),
    "asserts": _renamed("MatMul", "Assert"),
    "saves": _renamed("MatMul", "SaveV2"),
    "draws": _renamed("MatMul", "RandomStandardNormal"),
    "operator-unknown": _renamed("MatMul", "Teleport"),
    "loops": _renamed("MatMul", "While"),
    "calls-nothing": _renamed("MatMul", "StatefulPartitionedCall"),
    "cycle": _cycle,
    "no-signature": _no_signature,
    "signature-of-nothing": _signature_of_nothing,
    "weight-transposed": _shape(8, 15),
    "weight-huge": _shape(2**40, 2**20),
    "weight-negative": _shape(-2, -8),
    "weight-of-no-axes": _shape(),
    "input-huge": _input_width(2**40),
    "input-of-another-width": _input_width(16),
    "reads-nothing-known": lambda meta: _first(meta, "MatMul").input.__setitem__(0, "nowhere"),
    "no-operators": lambda meta: meta.graph_def.ClearField("node"),
}
