"""Compile every entry point into one object file that needs neither numba nor Python's objects.

Numba only translates; LLVM then optimises all entry points at once, for the target's CPU. Called
in a process of its own by ``child``, where numba's habit of optimising and loading every function
for each of its callers, half of the time, can be switched off.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
from typing import Any

from llvmlite import binding

import caloexport.runtime.kernels
from caloexport.runtime.kernels.arguments import PREFIX
from caloexport.runtime.kernels.compiled import ENTRIES
from caloexport.runtime.kernels.identity import identity
from caloexport.runtime.kernels.object_file import Kernels, to_bytes
from caloexport.runtime.kernels.target import Target, host_target
from caloexport.runtime.kernels.translation import translate
from caloexport.runtime.kernels.wrapper import PYTHON, PYTHON_ERRORS, make_wrappers

#: how hard LLVM works, in its optimisation and in its selection of instructions
OPTIMISATION = 3
#: what a kernel may call besides: loops that copy, and mathematics, which LLVM mostly inlines
C_LIBRARY = (
    "memcpy", "memset", "memmove",
    "sqrt", "exp", "log", "sin", "cos", "tanh", "erf", "erfc", "pow", "floor", "ceil", "rint",
)  # fmt: skip
NEEDS = {*PYTHON, *PYTHON_ERRORS, *C_LIBRARY, *(f"{name}f" for name in C_LIBRARY)}


def main() -> None:
    """Write the kernels of this machine to standard output, as ``object_file`` says."""
    gc.disable()  # the process ends before garbage matters; looking for it takes a tenth of the time
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)  # whatever else is printed must not get into the file
        output.write(to_bytes(build(host_target(), alone=True), identity()))


def build(target: Target, *, alone: bool) -> Kernels:
    """Compile for a target.

    Args:
        alone: nothing else in this process uses numba; takes half the time.

    Raises:
        RuntimeError: a kernel needs something that is there at compile time only.
    """
    binding.initialize_native_asmparser()  # without it, an instruction by name ends the process
    machine = target.machine(OPTIMISATION)
    content = machine.emit_object(optimised(target, machine, alone=alone))
    return Kernels(tuple(sorted(ENTRIES)), content)


def optimised(target: Target, machine: Any, *, alone: bool) -> Any:
    """Return the module of all entry points, optimised once, as a whole."""
    import_all_kernels()
    callees, modules = translate(alone=alone)
    module = binding.parse_assembly(make_wrappers(callees))
    for one in modules:
        module.link_in(one)
    module.triple, module.data_layout = target.triple, str(machine.target_data)
    for part in (*module.functions, *module.global_variables):
        if not part.is_declaration and not part.name.startswith(PREFIX):
            part.linkage = "internal"
    for function in module.functions:
        if not function.is_declaration:
            # nothing unwinds through kernels, so nothing of them is registered with the unwinder,
            # of which a process may hold several that disagree
            function.add_function_attribute("nounwind")
    tuning = binding.create_pipeline_tuning_options(OPTIMISATION)
    tuning.loop_vectorization = tuning.slp_vectorization = True
    passes = binding.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    module.verify()
    check_needs(module)
    return module


def import_all_kernels() -> None:
    """Import every module of kernels, so that all entry points are known."""
    package = caloexport.runtime.kernels
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def check_needs(module: Any) -> None:
    """Refuse a module that calls anything but Python's interface and the C library."""
    parts = [*module.functions, *module.global_variables]
    needed = [part.name for part in parts if part.is_declaration]
    strange = [name for name in needed if not name.startswith("llvm.") and name not in NEEDS]
    if strange:
        message = f"a kernel needs {', '.join(strange)}: it may use no array, allocation or raise"
        raise RuntimeError(message)
