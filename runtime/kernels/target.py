"""What the object file is made for: a CPU with its features, or a lower level of instructions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import binding

from caloexport.runtime.kernels.level import LEVEL, choose, host_features

#: names of LLVM for CPUs that have what a level needs, and nothing beyond
LOWER = {"avx2": "x86-64-v3", "portable": "x86-64"}


@dataclass(frozen=True)
class Target:
    """A machine to compile for.

    Attributes:
        triple, cpu, features: as LLVM calls them.
    """

    triple: str
    cpu: str
    features: str

    def machine(self, optimisation: int) -> Any:
        """Return LLVM's machine; its code may stand anywhere in memory."""
        binding.initialize_all_targets()
        binding.initialize_all_asmprinters()
        kind = binding.Target.from_triple(self.triple)
        return kind.create_target_machine(
            self.cpu, self.features, optimisation, reloc="pic", codemodel="small"
        )


def host_target() -> Target:
    """Return this machine, at the level that was chosen.

    Below the best level the code is for the plainest CPU of that level, as it would be there.
    """
    triple = binding.get_process_triple()
    if choose("", host_features()) == LEVEL:
        features = binding.get_host_cpu_features().flatten()
        return Target(triple, binding.get_host_cpu_name(), features)
    return Target(triple, LOWER[LEVEL], "")
