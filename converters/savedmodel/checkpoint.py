"""The variables of a SavedModel, mapped from its checkpoint without TensorFlow.

``variables.index`` is a sorted table from keys to the place of each tensor in the data files.
Source: tensorflow/core/protobuf/tensor_bundle.proto.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.savedmodel.crc32c import masked_crc32c
from caloexport.converters.savedmodel.graph import CHECKPOINT
from caloexport.converters.savedmodel.message import Message
from caloexport.converters.savedmodel.sorted_table import table_entries
from caloexport.converters.savedmodel.tensor_message import BFLOAT16, DTYPES, dims, from_bytes
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.files import existing_file

#: fields of a BundleEntryProto
DTYPE, SHAPE, SHARD, OFFSET, SIZE, CRC, SLICES = 1, 2, 3, 4, 5, 6, 7
HEADER = b""
LARGEST_INDEX = 1 << 28


class Checkpoint:
    """The tensors of a checkpoint by their keys.

    Args:
        folder: of the SavedModel.

    Raises:
        InputFileError: the index is missing, truncated or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._prefix = folder / CHECKPOINT
        self._index = self._prefix.with_name(f"{self._prefix.name}.index")
        self._shards: dict[int, Array] = {}
        path = existing_file(self._index, "checkpoint index")
        if path.stat().st_size > LARGEST_INDEX:
            message = f"has {path.stat().st_size} bytes, expected at most {LARGEST_INDEX}"
            raise InputFileError(message, where=str(path))
        try:
            entries = dict(table_entries(memoryview(path.read_bytes())))
            header = Message(entries.pop(HEADER, memoryview(b"")))
            self._count = header.whole(1, 1)
            self._entries = {key.decode(): Message(value) for key, value in entries.items()}
        except ValueError as error:
            raise self._damaged(error) from None
        if header.whole(2):
            message = "was written by a machine with the other byte order"
            raise UnsupportedError(message, where=str(path))

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def keys(self) -> list[str]:
        """List the keys of all tensors."""
        return list(self._entries)

    def read(self, key: str) -> Array:
        """Return a tensor of numbers.

        Raises:
            InputFileError: it is missing, or its bytes are.
            UnsupportedError: its numbers are of a type that networks cannot hold.
        """
        if key not in self._entries:
            message = f"holds no variable '{key}'"
            raise InputFileError(message, where=str(self._index))
        try:
            return self._read(key, self._entries[key])
        except WireError as error:
            raise self._damaged(error) from None

    def _read(self, key: str, entry: Message) -> Array:
        kind, shape = entry.whole(DTYPE), dims(entry.message(SHAPE))
        if (kind not in DTYPES and kind != BFLOAT16) or entry.parts(SLICES):
            what = "is stored in slices" if entry.parts(SLICES) else f"is of the type {kind}"
            message = f"variable '{key}' {what}, which cannot be read"
            raise UnsupportedError(message, where=str(self._index))
        offset, size = entry.whole(OFFSET), entry.whole(SIZE)
        width = 2 if kind == BFLOAT16 else np.dtype(DTYPES[kind]).itemsize
        data = self._shard(entry.whole(SHARD))
        fits = min(shape, default=0) >= 0 and math.prod(shape) * width == size
        if not fits or offset < 0 or offset + size > len(data):
            message = (
                f"variable '{key}' of the shape {shape} stands at the bytes {offset} to "
                f"{offset + size} of {len(data)}"
            )
            raise WireError(message)
        stored = data[offset : offset + size]
        if CRC in entry and masked_crc32c(stored) != entry.fixed(CRC):
            message = f"the bytes of variable '{key}' do not match their check sum"
            raise WireError(message)
        # a copy: the file may be written anew while the network lives
        return np.array(from_bytes(stored.data, kind)).reshape(shape)

    def _shard(self, number: int) -> Array:
        if number not in self._shards:
            name = f"{self._prefix.name}.data-{number:05d}-of-{self._count:05d}"
            path = existing_file(self._prefix.with_name(name), "checkpoint file")
            self._shards[number] = np.memmap(path, dtype=np.uint8, mode="r")
        return self._shards[number]

    def _damaged(self, error: Exception) -> InputFileError:
        message = f"is a damaged checkpoint: {error}"
        return InputFileError(message, where=str(self._index), hint="save the model again")
