"""The kernels of a decoder as C++: those that its plan uses, once for every instruction level.

The files below ``cpp_snippets/decoder/kernels`` are C++ as they stand. Lines that begin with
``//%`` say which of it a decoder needs: ``uses("tanh")`` is true where a step has that operation,
activation or storage.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from caloexport.converters.cpp.templates import render, system_includes, without_guard

LEVELS = ("portable", "avx2", "avx512")
#: levels that only x86-64 has
INTEL = LEVELS[1:]
COMMON_ACTIVATIONS = {"linear", "relu", "leaky_relu", "sigmoid", "swish", "prelu", "hard_sigmoid"}
#: level and file -> the file that stands in its place there
IN_PLACE = {("avx512", "int8_pairs"): "int8_dots"}
COMBINATIONS = {"add", "multiply", "subtract", "divide", "maximum", "minimum"}
INTEL_INCLUDE = "immintrin.h"


def kernel_files(
    operations: Collection[str], functions: Collection[str], storages: Collection[str]
) -> list[str]:
    """Return the names of the files that a decoder needs, in their order.

    Args:
        operations, functions, storages: enumerators of ``step.h`` that occur in its plan.
    """
    multiplies = {"dense", "convolve", "spread"} & set(operations)
    moves = {"copy", "activate", "normalize", "output", "gather", "reduce", *COMBINATIONS}
    floats = multiplies and {"float32", "bfloat16"} & set(storages)
    whole_numbers = multiplies and {"int8", "int8_a8"} & set(storages)
    needed = {
        "words": True,
        "vectors": True,
        "formulas": True,
        "outputs": True,
        "rare_activations": set(functions) - COMMON_ACTIVATIONS,
        "activations": True,
        "storages": floats,
        "epilogue": multiplies,
        "int8_pairs": whole_numbers,
        "int8_activations": whole_numbers,
        "int8_products": whole_numbers,
        "product": floats,
        "dense": multiplies,
        "elementwise": moves & set(operations),
        "softmax": "softmax" in operations,
        "statistics": {"layer_normalize", "reduce"} & set(operations),
        "convolution": {"convolve", "spread"} & set(operations),
        "interpreter": True,
    }
    return [name for name, wanted in needed.items() if wanted]


def kernels(
    operations: Collection[str],
    functions: Collection[str],
    storages: Collection[str],
    *,
    several_rows: bool,
    levels: Sequence[str] = LEVELS,
) -> str:
    """Return ``namespace portable``, ``avx2`` and ``avx512`` with the function ``run`` each.

    ``step.h`` and the headers of ``kernel_includes`` have to stand before.

    Args:
        operations, functions, storages: enumerators of ``step.h`` that occur in the plan.
        several_rows: whether some layer multiplies several positions, as convolutions do.
        levels: of instructions.
    """
    files = kernel_files(operations, functions, storages)
    names = {*operations, *functions, *storages, *files}
    if several_rows or not {"convolve", "spread"}.isdisjoint(operations):
        names.add("several_rows")

    def uses(*wanted: str) -> bool:
        return not names.isdisjoint(wanted)

    parts = []
    for level in levels:
        chosen = [IN_PLACE.get((level, name), name) for name in files]
        paths = [f"levels/{level}.h", *(f"kernels/{name}.h" for name in chosen)]
        texts = [without_guard(render(f"decoder/{path}", {"uses": uses})) for path in paths]
        text = "\n\n".join(text for text in texts if text)
        part = f"namespace {level} {{\n\n{text}\n\n}}  // namespace {level}"
        parts.append(f"#if defined(__x86_64__)\n{part}\n#endif" if level in INTEL else part)
    return "\n\n".join(parts)


def kernel_includes(
    operations: Collection[str], functions: Collection[str], storages: Collection[str]
) -> list[str]:
    """Return the standard headers of the kernels that every CPU has; see ``INTEL_INCLUDE``."""
    files = [f"decoder/kernels/{name}.h" for name in kernel_files(operations, functions, storages)]
    files += [f"decoder/levels/{level}.h" for level in LEVELS]
    return [name for name in system_includes(*files) if name != INTEL_INCLUDE]
