"""The storages by the code that a plan names them with."""

from __future__ import annotations

from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.storages import Storage
from caloexport.runtime.kernels.storages.bfloat16 import BFloat16
from caloexport.runtime.kernels.storages.bfloat16_dot import BFloat16Dot
from caloexport.runtime.kernels.storages.float32 import Float32
from caloexport.runtime.kernels.storages.int8 import int8

STORAGES: dict[int, Storage] = {
    codes.STORAGES["float32"]: Float32(),
    codes.STORAGES["bfloat16"]: BFloat16(),
    codes.STORAGES["bfloat16-a16"]: BFloat16Dot(),
    codes.STORAGES["int8"]: int8(16),
    codes.STORAGES["int8-a8"]: int8(8),
}
