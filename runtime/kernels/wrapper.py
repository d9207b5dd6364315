"""The skin between Python and a kernel, in LLVM: arguments in, no interpreter lock, integer out.

It uses the stable C interface of Python 3.11 alone and follows METH_FASTCALL:
``PyObject *call(PyObject *self, PyObject *const *arguments, Py_ssize_t count)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from caloexport.runtime.kernels.arguments import MOST_REALS, PREFIX, Argument

INT32, INT64, DOUBLE = ir.IntType(32), ir.IntType(64), ir.DoubleType()
POINTER = ir.IntType(8).as_pointer()
OBJECTS = POINTER.as_pointer()
#: Py_buffer of the stable interface: ten words; the first are buf, obj, len, item size, two
#: integers of 32 bits (read-only, axes), format, shape
BUFFER = ir.ArrayType(INT64, 10)
BUFFER_ADDRESS, BUFFER_OWNER, BUFFER_BYTES = 0, 1, 2
BUFFER_FORMAT, BUFFER_SHAPE = 5, 6
BUFFER_AXES = 9  # counted in 32 bits
#: flags of PyObject_GetBuffer: contiguous in C order is implied by asking for no strides
SIMPLE, WRITABLE, FORMAT, SHAPE = 0, 1, 4, 8
FLAGS = {
    Argument.READABLE: SIMPLE,
    Argument.WRITABLE: WRITABLE,
    Argument.FLOATS: WRITABLE | FORMAT | SHAPE,
}
#: how a buffer says that it holds float32 in the order of this machine
FLOAT_FORMAT = b"f\0"
#: what of Python's interface the wrappers call
PYTHON = {
    "PyLong_AsLongLong": (INT64, (POINTER,)),
    "PyLong_AsUnsignedLongLong": (INT64, (POINTER,)),
    "PyLong_FromLongLong": (POINTER, (INT64,)),
    "PyFloat_AsDouble": (DOUBLE, (POINTER,)),
    "PyObject_GetBuffer": (INT32, (POINTER, BUFFER.as_pointer(), INT32)),
    "PyBuffer_Release": (ir.VoidType(), (BUFFER.as_pointer(),)),
    "PyErr_Occurred": (POINTER, ()),
    "PyErr_SetString": (ir.VoidType(), (POINTER, POINTER)),
    "PyEval_SaveThread": (POINTER, ()),
    "PyEval_RestoreThread": (ir.VoidType(), (POINTER,)),
}
#: variables of Python's that hold classes of exceptions
PYTHON_ERRORS = ("PyExc_TypeError", "PyExc_RuntimeError")
KINDS = {"int64": INT64, "uint64": INT64, "float64": DOUBLE}


@dataclass(frozen=True)
class Callee:
    """A kernel that Python shall call.

    Attributes:
        name: what Python calls it.
        symbol: name of the compiled function, which numba gave the convention
            ``int32 symbol(int64 *result, void *error, arguments...)``.
    """

    name: str
    symbol: str
    arguments: tuple[Argument, ...]


def make_wrappers(callees: Sequence[Callee]) -> str:
    """Return a module in LLVM assembly with a function ``caloexport_call_NAME`` for each kernel."""
    module = ir.Module("caloexport")
    for name, (result, arguments) in PYTHON.items():
        ir.Function(module, ir.FunctionType(result, arguments), name)
    for name in PYTHON_ERRORS:
        ir.GlobalVariable(module, POINTER, name)
    for callee in callees:
        _Wrapper(module, callee).emit()
    return str(module)


class _Wrapper:
    """One function being written."""

    def __init__(self, module: ir.Module, callee: Callee) -> None:
        self.module = module
        self.callee = callee
        kind = ir.FunctionType(POINTER, (POINTER, OBJECTS, INT64))
        self.function = ir.Function(module, kind, PREFIX + callee.name)
        self.builder = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.failed = self.function.append_basic_block("failed")
        self.buffers: list[Any] = []
        self.passed: list[Any] = []

    def emit(self) -> None:
        builder, (_, given, count) = self.builder, self.function.args
        arguments = self.callee.arguments
        self._count(count)
        for argument in arguments:
            if argument.has_buffer:  # released at the end; without an owner that does nothing
                buffer = self._room(BUFFER)
                builder.store(INT64(0), self._word(buffer, BUFFER_OWNER))
                self.buffers.append(buffer)
        waiting = iter(self.buffers)
        for place, argument in enumerate(arguments):
            if argument is Argument.REALS:
                self._reals(given, place, count)
                continue
            thing = builder.load(builder.gep(given, [INT64(place)]))
            if argument.has_buffer:
                self._buffer(thing, next(waiting), argument)
            elif argument is Argument.REAL:
                self._number(thing, "PyFloat_AsDouble", DOUBLE(-1.0))
            elif argument is Argument.UNSIGNED:
                self._number(thing, "PyLong_AsUnsignedLongLong", INT64(-1))
            else:
                self._number(thing, "PyLong_AsLongLong", INT64(-1))
        self._call()

    def _count(self, count: Any) -> None:
        """Refuse another number of arguments than declared."""
        arguments = self.callee.arguments
        least = len(arguments)
        most, expected = least, f"{least} arguments"
        if Argument.REALS in arguments:
            least -= 1
            most, expected = least + MOST_REALS, f"{least} to {least + MOST_REALS} arguments"
        too_few = self.builder.icmp_signed("<", count, INT64(least))
        wrong = self.builder.or_(too_few, self.builder.icmp_signed(">", count, INT64(most)))
        with self.builder.if_then(wrong, likely=False):
            self._raise("PyExc_TypeError", f"{self.callee.name}() takes {expected}")
            self.builder.ret(POINTER(None))

    def _number(self, thing: Any, convert: str, failure: Any) -> None:
        value = self._python(convert, thing)
        self._stop_if_failed(value, failure)
        self.passed.append(value)

    def _stop_if_failed(self, value: Any, failure: Any) -> None:
        """Leave if a conversion returned its sign of failure and Python knows of an error."""
        builder = self.builder
        if value.type == DOUBLE:
            suspicious = builder.fcmp_ordered("==", value, failure)
        else:
            suspicious = builder.icmp_signed("==", value, failure)
        with builder.if_then(suspicious, likely=False):
            error = self._python("PyErr_Occurred")
            going_on = self.function.append_basic_block()
            real = builder.icmp_unsigned("!=", error, POINTER(None))
            builder.cbranch(real, self.failed, going_on)
            builder.position_at_end(going_on)

    def _buffer(self, thing: Any, buffer: Any, argument: Argument) -> None:
        builder = self.builder
        flags = INT32(FLAGS[argument])
        status = self._python("PyObject_GetBuffer", thing, buffer, flags)
        going_on = self.function.append_basic_block()
        builder.cbranch(builder.icmp_signed("==", status, INT32(0)), going_on, self.failed)
        builder.position_at_end(going_on)
        self.passed.append(builder.load(self._word(buffer, BUFFER_ADDRESS)))
        if argument is Argument.FLOATS:
            self._floats(buffer)
        else:
            self.passed.append(builder.load(self._word(buffer, BUFFER_BYTES)))

    def _floats(self, buffer: Any) -> None:
        """Refuse numbers of another kind, and pass the number of axes and the shape."""
        builder = self.builder
        kind = builder.inttoptr(builder.load(self._word(buffer, BUFFER_FORMAT)), POINTER)
        right = builder.icmp_unsigned("!=", kind, POINTER(None))
        for place, letter in enumerate(FLOAT_FORMAT):
            with builder.if_else(right) as (known, unknown):
                with known:
                    found = builder.load(builder.gep(kind, [INT64(place)]))
                    same = builder.icmp_unsigned("==", found, ir.IntType(8)(letter))
                    here = builder.block
                with unknown:
                    there = builder.block
            right = builder.phi(same.type)
            right.add_incoming(same, here)
            right.add_incoming(same.type(0), there)
        with builder.if_then(builder.not_(right), likely=False):
            self._raise("PyExc_TypeError", f"{self.callee.name}() writes float32")
            builder.branch(self.failed)
        words = builder.bitcast(buffer, INT32.as_pointer())
        axes = builder.load(builder.gep(words, [INT32(BUFFER_AXES)]))
        self.passed.append(builder.sext(axes, INT64))
        self.passed.append(builder.load(self._word(buffer, BUFFER_SHAPE)))

    def _reals(self, given: Any, first: int, count: Any) -> None:
        """Convert all further arguments, in a loop, to an array on the stack."""
        builder = self.builder
        values = self._room(DOUBLE, MOST_REALS)
        here = builder.block
        head, body, end = (self.function.append_basic_block() for _ in range(3))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(INT64)
        index.add_incoming(INT64(first), here)
        builder.cbranch(builder.icmp_signed("<", index, count), body, end)
        builder.position_at_end(body)
        thing = builder.load(builder.gep(given, [index]))
        value = self._python("PyFloat_AsDouble", thing)
        self._stop_if_failed(value, DOUBLE(-1.0))
        builder.store(value, builder.gep(values, [builder.sub(index, INT64(first))]))
        index.add_incoming(builder.add(index, INT64(1)), builder.block)
        builder.branch(head)
        builder.position_at_end(end)
        self.passed += [builder.ptrtoint(values, INT64), builder.sub(count, INT64(first))]

    def _call(self) -> None:
        """Call the kernel without the interpreter lock, release the buffers, return its result."""
        builder = self.builder
        result, error = self._room(INT64), self._room(POINTER)
        kinds = [INT64.as_pointer(), POINTER.as_pointer()]
        kinds += [KINDS[name] for argument in self.callee.arguments for name in argument.types]
        kernel = ir.Function(self.module, ir.FunctionType(INT32, kinds), self.callee.symbol)
        thread = self._python("PyEval_SaveThread")
        status = builder.call(kernel, [result, error, *self.passed])
        self._python("PyEval_RestoreThread", thread)
        # a kernel has no way to raise; should numba have added one, it must not pass unnoticed
        with builder.if_then(builder.icmp_signed("!=", status, INT32(0)), likely=False):
            self._raise("PyExc_RuntimeError", f"the kernel of {self.callee.name}() failed")
            builder.branch(self.failed)
        self._release()
        builder.ret(self._python("PyLong_FromLongLong", builder.load(result)))
        builder.position_at_end(self.failed)
        self._release()
        builder.ret(POINTER(None))

    def _release(self) -> None:
        for buffer in self.buffers:
            self._python("PyBuffer_Release", buffer)

    def _room(self, kind: Any, size: int = 1) -> Any:
        """Return a place on the stack; LLVM keeps those of the entry block in registers."""
        with self.builder.goto_entry_block():
            return self.builder.alloca(kind, size)

    def _word(self, buffer: Any, index: int) -> Any:
        return self.builder.gep(buffer, [INT64(0), INT64(index)])

    def _python(self, name: str, *arguments: Any) -> Any:
        return self.builder.call(self.module.get_global(name), arguments)

    def _raise(self, error: str, message: str) -> None:
        text = bytearray(message.encode() + b"\0")
        kind = ir.ArrayType(ir.IntType(8), len(text))
        name = self.module.get_unique_name("message")
        variable = ir.GlobalVariable(self.module, kind, name)
        variable.initializer = ir.Constant(kind, text)
        variable.global_constant = True
        variable.linkage = "private"
        place = self.builder.bitcast(variable, POINTER)
        error_class = self.builder.load(self.module.get_global(error))
        self._python("PyErr_SetString", error_class, place)
