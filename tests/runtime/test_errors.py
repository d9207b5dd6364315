from __future__ import annotations

import pickle

import pytest

from caloexport.runtime import errors
from caloexport.runtime.errors import (
    AnswerIsNo,
    CaloexportError,
    InputFileError,
    MissingDependency,
    OutOfRange,
    OutputFileError,
    UnknownName,
    UnsupportedError,
    UsageError,
)

EXIT_CODES = {
    AnswerIsNo: 1,
    UsageError: 2,
    UnknownName: 2,
    OutOfRange: 2,
    InputFileError: 3,
    OutputFileError: 3,
    UnsupportedError: 4,
    MissingDependency: 5,
}


def test_every_error_has_its_exit_code() -> None:
    found = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, CaloexportError)
        and kind is not CaloexportError
    }
    assert found == set(EXIT_CODES)
    assert {kind: kind.exit_code for kind in found} == EXIT_CODES
    codes = [kind.code for kind in found]
    assert len(set(codes)) == len(codes)


def test_the_text_holds_place_message_and_hint() -> None:
    assert str(InputFileError("is empty", where="a.h5", hint="again")) == "a.h5: is empty (again)"
    assert str(InputFileError("is empty")) == "is empty"


def test_unknown_name_lists_the_nearest_and_all() -> None:
    error = UnknownName("target", "lwtn", ["onnx", "lwtnn"])
    assert str(error) == "unknown target 'lwtn' (did you mean 'lwtnn'? known: lwtnn, onnx)"
    assert "did you mean" not in str(UnknownName("target", "qqq", ["onnx"]))
    assert str(UnknownName("target", "qqq", [])) == "unknown target 'qqq' (known: none)"


@pytest.mark.parametrize(
    "error",
    [
        InputFileError("is empty", where="a.h5", hint="again"),
        UnknownName("target", "lwtn", ["onnx", "lwtnn"], where="b"),
        MissingDependency("onnx", extra="onnx"),
    ],
)
def test_errors_travel_between_processes(error: CaloexportError) -> None:
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is type(error)
    assert (str(twin), twin.where, twin.hint, twin.args) == (
        str(error),
        error.where,
        error.hint,
        error.args,
    )
