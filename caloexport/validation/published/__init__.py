"""Published results of the CaloChallenge, in which a result on its sets can be placed.

One file for each set; ``title`` and ``unverified`` in it say what the numbers are and what is not
known of them. FPD, KPD and separation powers are quoted times 1000 in the files and in the paper,
and are plain numbers here, as :mod:`caloexport.validation.distances` gives them. Smaller is better
throughout, but nothing is better than Geant4, whose row compares two samples of it.

Source: arXiv:2410.21611; CaloChallenge/homepage, final_results.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from caloexport.runtime.errors import UnknownName

#: factor with which FPD, KPD and separation powers are quoted
QUOTED = 1000.0


@dataclass(frozen=True)
class Published:
    """The numbers of one model; None and absent is what was not measured.

    Attributes:
        name: of the submission.
        family: kind of generator.
        parameters: weights that generation needs.
        numbers: by name: ``fpd``, ``kpd``, ``auc_low``, ``auc_high``, ``auc_cnn``;
            ``separation_power NAME`` of an observable, mean over layers; ``cpu_ms N`` and
            ``gpu_ms N`` for a shower, in batches of N; Geant4 has ``precision``, ``recall``,
            ``density`` and ``coverage``.
        errors: of ``fpd`` and ``kpd``; of AUCs the standard deviation of ten trainings.
    """

    name: str
    family: str | None
    parameters: int | None
    numbers: Mapping[str, float]
    errors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedTable:
    """Results on one set.

    Attributes:
        name: as the binning of the set is called.
        title: what a caption says.
        geant4: the file for training against the one for evaluation, which is the floor.
        models: by rising FPD.
        unverified: what is not known of the numbers.
    """

    name: str
    title: str
    geant4: Published
    models: tuple[Published, ...]
    unverified: tuple[str, ...]


def published_tables() -> list[str]:
    """List the sets with published results.

    >>> published_tables()
    ['calochallenge1-photons', 'calochallenge1-pions', 'calochallenge2', 'calochallenge3']
    """
    names = (entry.name for entry in files("caloexport.validation.published").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_published(name: str) -> PublishedTable:
    """Read the results on a set.

    Raises:
        UnknownName: no such set.

    >>> load_published("calochallenge2").models[0].name
    'CaloDREAM'
    """
    if name not in published_tables():
        raise UnknownName("published table", name, published_tables())
    path = files("caloexport.validation.published") / f"{name}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    models = sorted(map(_published, data["models"]), key=lambda one: one.numbers["fpd"])
    return PublishedTable(
        name,
        data["title"],
        _published(data["geant4"]),
        tuple(models),
        tuple(data["unverified"]),
    )


def _published(given: Mapping[str, Any]) -> Published:
    numbers, errors = {}, {}
    for name in given:
        if name in ("fpd", "kpd") or name.startswith("auc_"):
            quoted = 1.0 if name.startswith("auc_") else QUOTED
            numbers[name], errors[name] = (part / quoted for part in given[name])
    for name, value in given["separation_power"].items():
        numbers[f"separation_power {name}"] = value / QUOTED
    for name in ("cpu_ms", "gpu_ms"):
        numbers |= {f"{name} {batch}": float(ms) for batch, ms in given.get(name, {}).items()}
    shares = ("precision", "recall", "density", "coverage")
    numbers |= dict(zip(shares, given.get("prdc", ()), strict=False))
    parameters = given.get("parameters")
    return Published(
        given["name"],
        given.get("family"),
        None if parameters is None else round(parameters),
        numbers,
        errors,
    )
