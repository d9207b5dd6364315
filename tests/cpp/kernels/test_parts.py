"""Whatever a plan leaves out, the rest compiles, and without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.cpp.kernels import kernel_includes, kernels
from caloexport.converters.cpp.templates import fragment
from caloexport.cpp_snippets import folder
from caloexport.runtime.kernels import codes
from tests.cpp.compiling import Compiler
from tests.cpp.kernels.library import OPERATIONS, STORAGES

DECODER = folder() / "decoder"
#: files that include all others
OUTERMOST = [
    *sorted((DECODER / "levels").glob("*.h")),
    *(DECODER / "kernels" / f"{name}.h" for name in ("interpreter", "int8_dots")),
]

pytestmark = pytest.mark.system


def test_every_operation_and_activation_compiles_alone(any_compiler: Compiler) -> None:
    # what does not write results itself is followed by what does
    cases = [({name, "output"}, {"linear"}, {"float32"}) for name in sorted(OPERATIONS)]
    cases += [({"dense", "activate"}, {name}, {"float32"}) for name in sorted(codes.ACTIVATIONS)]
    cases += [({"dense"}, {"linear"}, {name}) for name in sorted(STORAGES)]
    includes = sorted({include for case in cases for include in kernel_includes(*case)})
    text = [f"#include <{include}>" for include in includes]
    text.append(fragment("decoder/step.h"))
    for k, case in enumerate(cases):
        portable = kernels(*case, several_rows=True, levels=("portable",))
        # names of their own: a function of another case must not stand in for a missing one
        text.append(f"namespace case_{k} {{\n{portable}\n}}")
    any_compiler.text("\n".join([*text, "int main() {}"]), optimisation="-O0")


@pytest.mark.parametrize("path", OUTERMOST, ids=lambda path: path.name)
def test_the_files_are_cpp_as_they_stand(any_compiler: Compiler, path: Path) -> None:
    any_compiler.text(f'#include "{path}"\nint main() {{}}', optimisation="-O0")
