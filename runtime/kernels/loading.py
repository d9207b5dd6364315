"""From an object file to functions of Python, with llvmlite alone."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from llvmlite import binding

from caloexport.runtime.kernels.arguments import PREFIX
from caloexport.runtime.kernels.object_file import Kernels

METH_FASTCALL = 0x0080
LIBRARY = "caloexport_kernels"


class Method(ctypes.Structure):
    """PyMethodDef of the stable C interface."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("call", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


#: what a loaded function points into; nothing is ever unloaded
_kept: list[Any] = []
_make_function = ctypes.pythonapi.PyCFunction_NewEx
_make_function.restype = ctypes.py_object
_make_function.argtypes = (ctypes.POINTER(Method), ctypes.c_void_p, ctypes.c_void_p)


def load_functions(kernels: Kernels) -> dict[str, Callable[..., int]]:
    """Load kernels into this process, for good.

    Raises:
        RuntimeError: the object is for another machine, or needs what this process lacks.
    """
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    # the linker that puts all parts of an object side by side, in reach of each other
    jit = binding.create_lljit_compiler(use_jit_link=True)
    library = binding.JITLibraryBuilder().add_object_img(kernels.content).add_current_process()
    for name in kernels.names:
        library.export_symbol(PREFIX + name)
    addresses = library.link(jit, LIBRARY)
    functions = {}
    for name in kernels.names:
        method = Method(name.encode(), addresses[PREFIX + name], METH_FASTCALL, None)
        functions[name] = _make_function(ctypes.byref(method), None, None)
        _kept.append(method)
    _kept.extend((jit, addresses))
    return functions
