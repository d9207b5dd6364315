"""What a training is going to do: family, settings, data and seed, as written in ``config.toml``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError, UnknownName, UnsupportedError, UsageError
from caloexport.runtime.files import sha256_of
from caloexport.training.beyond import Beyond
from caloexport.training.extra_sections import EXTRA, META
from caloexport.training.families import families, preset_path
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.settings import Schedule, merge, read_section, read_toml

#: section of config.toml that a preset does not have
RUN = "run"
#: key of the kind of mesh that a preset is made for; runs of older versions have none
MESH = "mesh"
#: what it can be, as in the JSON form of a mesh -> what showers on it consist of
MESHES = {
    "cylinder": "cells of a cylinder",
    "layered": "voxels in layers of rings",
    "window": "cells of a window in η and φ",
}
#: key of a preset that differs from another one in a few settings
BASE = "based_on"


@dataclass(frozen=True)
class Plan:
    """A training.

    Attributes:
        family: entry of the registry.
        preset: name of the preset that the settings started from.
        config: sections of settings.
        data: shower files.
        hashes: their sha256.
        seed: of everything random.
        threads: of TensorFlow.
        changed: settings that changed when the run was taken up again, in words.
        start: file of the weights that it starts from; None for fresh ones.
        start_hash: its sha256.
        beyond: where the showers leave the range of the run that the weights come from.
    """

    family: str
    preset: str
    config: Mapping[str, Any]
    data: tuple[Path, ...]
    hashes: tuple[str, ...]
    seed: int
    threads: int
    changed: tuple[str, ...] = ()
    start: Path | None = None
    start_hash: str = ""
    beyond: tuple[Beyond, ...] = ()

    @property
    def schedule(self) -> Schedule:
        """How long and how fast."""
        return read_section(Schedule, self.config["training"], "[training]")

    def to_toml(self) -> dict[str, Any]:
        """Return what ``config.toml`` holds."""
        run = {
            "preset": self.preset,
            "seed": self.seed,
            "threads": self.threads,
            "data": [str(path) for path in self.data],
            "sha256": list(self.hashes),
            **({"changed": list(self.changed)} if self.changed else {}),
            **({"start": str(self.start), "start_sha256": self.start_hash} if self.start else {}),
            **({"beyond": [one.to_json() for one in self.beyond]} if self.beyond else {}),
        }
        return {**self.config, RUN: run}


def new_plan(
    family: str,
    data: Sequence[Path],
    *,
    preset: str | None = None,
    config: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    seed: int = 0,
    threads: int = 1,
) -> Plan:
    """Plan a training from a preset.

    Args:
        family: entry of the registry.
        data: shower files.
        preset: None takes the family's default.
        config: TOML file whose keys are laid over the preset.
        overrides: keys of [training] laid over both.
        seed: of everything random.
        threads: of TensorFlow.

    Raises:
        UnknownName: no such family, preset, section or setting; lists the nearest.
        InputFileError: a file is missing or is not TOML, or a setting has the wrong type.
        UsageError: no data, or a setting outside its range.
    """
    entry = families[family]
    if not data:
        message = "no shower files to train on"
        raise UsageError(message, hint="name them with --data")
    name = preset or entry.default_preset
    settings = read_preset(family, name)
    where = f"{name}.toml"
    if config is not None:
        settings, where = laid_over(settings, read_toml(config), str(config)), str(config)
    settings["training"] = {**settings["training"], **(overrides or {})}
    check_settings(settings, family, where)
    paths = tuple(Path(file).resolve() for file in data)
    return Plan(family, name, settings, paths, tuple(map(hash_of_showers, paths)), seed, threads)


def read_preset(family: str, preset: str) -> dict[str, Any]:
    """Return the settings of a preset, laid over those of the preset that it is ``based_on``.

    Raises:
        UnknownName: no such preset; lists the nearest.

    >>> read_preset("wgan-gp", "atlas-single-critic")["critics"]["weights"]
    [1.0]
    """
    path = preset_path(family, preset)
    settings = read_toml(path)
    base = settings.pop(BASE, None)
    return settings if base is None else laid_over(read_preset(family, base), settings, path.name)


def laid_over(base: Mapping[str, Any], above: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Merge settings, of which those above may add further sections."""
    added: dict[str, Any] = {name: {} for name in EXTRA if name in above and name not in base}
    return merge({**base, **added}, above, where)


def varied(plan: Plan, above: Mapping[str, Any], where: str) -> Plan:
    """Return a plan with some settings changed.

    Args:
        plan: stays as it is.
        above: sections of settings laid over the plan's.
        where: file that they come from, for messages.

    Raises:
        CaloexportError: as of ``new_plan``.
    """
    settings = laid_over(plan.config, above, where)
    check_settings(settings, plan.family, where)
    return dataclasses.replace(plan, config=settings)


def resumed_plan(
    folder: Path, overrides: Mapping[str, Any] | None = None, name: str = "config.toml"
) -> Plan:
    """Read the plan of an existing run, whose showers must be as they were.

    Args:
        folder, overrides, name: as for ``written_plan``.

    Raises:
        InputFileError: as of ``written_plan``, or data that are gone or have changed.
    """
    plan = written_plan(folder, overrides, name)
    for file, expected in zip(plan.data, plan.hashes, strict=True):
        try:
            found = hash_of_showers(file)
        except InputFileError as error:
            error.hint = f"if it has moved, say so in data of [run] in {folder / name}"
            raise
        if found != expected:
            message = "has changed since the training began"
            raise InputFileError(message, where=str(file), hint="begin a new run")
    return plan


def written_plan(
    folder: Path, overrides: Mapping[str, Any] | None = None, name: str = "config.toml"
) -> Plan:
    """Read the plan of an existing run, wherever its showers are by now.

    Args:
        folder: of the run.
        overrides: keys of [training] that shall be different from now on.
        name: of the file that holds it.

    Raises:
        InputFileError: no such run, or a damaged ``config.toml``.
    """
    path = folder / name
    if not path.exists():
        hint = "leave --resume out to begin one there"
        raise InputFileError(
            "is no run to go on with: has no " + name, where=str(folder), hint=hint
        )
    settings = read_toml(path)
    where = str(path)
    run = settings.pop(RUN, None)
    if not isinstance(run, dict) or not isinstance(settings.get("training"), dict):
        message = f"has no sections [training] and [run], expected the {name} of a run"
        raise InputFileError(message, where=where)
    settings["training"] = {**settings["training"], **(overrides or {})}
    try:
        plan = Plan(
            str(settings["family"]),
            str(run["preset"]),
            settings,
            tuple(map(Path, run["data"])),
            tuple(map(str, run["sha256"])),
            int(run["seed"]),
            int(run["threads"]),
            tuple(map(str, run.get("changed", ()))),
            Path(run["start"]) if "start" in run else None,
            str(run.get("start_sha256", "")),
            tuple(map(Beyond.from_json, run.get("beyond", ()))),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"is damaged: {error!r}"
        raise InputFileError(message, where=where) from error
    check_settings(settings, plan.family, where)
    return plan


def check_settings(settings: Mapping[str, Any], family: str, where: str) -> None:
    """Check every section of a configuration.

    Raises:
        CaloexportError: naming what is wrong.
    """
    for section in ("training", *families[family].sections):
        if not isinstance(settings.get(section), dict):
            message = f"has no section [{section}]"
            raise InputFileError(message, where=where)
    if settings.get("family") != family:
        message = f"is for the family '{settings.get('family')}', not '{family}'"
        raise UsageError(message, where=where)
    if str(settings.get(MESH, "window")) not in MESHES:
        raise UnknownName("kind of mesh", str(settings[MESH]), MESHES, where=where)
    read_section(Schedule, settings["training"], f"{where} [training]")
    if META in settings:
        read_section(MetaSettings, settings[META], f"{where} [{META}]")
    for name in sorted(set(settings) & set(EXTRA) - {META, *families[family].options}):
        message = f"the family '{family}' knows no section [{name}]"
        raise UnsupportedError(message, where=where, hint=f"leave [{name}] out")
    families[family].check(settings, where)


def hash_of_showers(path: Path) -> str:
    """Return the sha256 of a shower file.

    Raises:
        InputFileError: it is missing.
    """
    from caloexport.runtime.files import existing_file

    return sha256_of(existing_file(path, "shower file"))
