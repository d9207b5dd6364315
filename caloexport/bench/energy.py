"""Energy that the processor says it has used, where it does (RAPL, by Linux' powercap)."""

from __future__ import annotations

from pathlib import Path

POWERCAP = Path("/sys/class/powercap")


class EnergyMeter:
    """The counters of all packages; of the whole machine, not of one core.

    Args:
        folder: of the counters.
    """

    def __init__(self, folder: Path = POWERCAP) -> None:
        # intel-rapl:0 is a package (also of AMD), intel-rapl:0:1 a part of it
        found = sorted(folder.glob("intel-rapl:*")) if folder.is_dir() else []
        self._packages = [one for one in found if one.name.count(":") == 1]

    def read(self) -> tuple[int, ...] | None:
        """Return the µJ of each package, or None where the system does not tell."""
        try:
            values = [int((one / "energy_uj").read_text()) for one in self._packages]
        except (OSError, ValueError):  # only root may read them on most systems
            return None
        return tuple(values) or None

    def used(self, before: tuple[int, ...] | None) -> float | None:
        """Return the µJ since an earlier reading; counters that began anew are unrolled."""
        after = self.read()
        if before is None or after is None:
            return None
        total = 0.0
        for package, earlier, later in zip(self._packages, before, after, strict=True):
            if later < earlier:
                later += int((package / "max_energy_range_uj").read_text())
            total += later - earlier
        return total
