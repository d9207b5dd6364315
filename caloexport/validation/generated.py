"""The generated sample: a file of showers, or a model that makes them under the same conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from caloexport.converters.open import open_model
from caloexport.runtime.arrays import Array
from caloexport.runtime.conditions import Condition, Policy
from caloexport.runtime.errors import OutOfRange, UsageError
from caloexport.sampling import sampled_showers
from caloexport.showers.containers import SHOWER_FILE, is_shower_file
from caloexport.showers.open import open_showers
from caloexport.showers.showers import Showers
from caloexport.validation.same_samples import require_same_mesh, same_cells
from caloexport.validation.windows import Window, default_windows

#: by which part of the trained range a place or an angle may lie beyond its ends
SLACK = 0.01


def generated_showers(
    path: Path,
    reference: Showers,
    *,
    binning: str | None = None,
    geometry: str | None = None,
    seed: int = 0,
    copies: int = 1,
    windows: Sequence[Window] | None = None,
    untrained_mev: Sequence[float] = (),
) -> Showers:
    """Open a file of showers, or sample a model under the conditions of the reference.

    Showers of a model carry all conditions of the reference, those too that the model does not
    look at: that it ignores where a particle enters is for the comparison to find.

    Args:
        path: a file of showers, an artifact or a run folder.
        reference: whose conditions a model gets.
        binning: of a CaloChallenge file.
        geometry: detector, for a model of several where the reference does not name one it knows.
        seed: of sampling.
        copies: showers that a model makes for each of the reference; more of them leave the errors
            to the reference.
        windows: of the incident energy; None takes those of the reference's spectrum.
        untrained_mev: energies in whose windows a model extrapolates.

    Raises:
        UsageError: other cells than the reference's; the model needs a condition that the reference
            does not have; or a file of showers, which is made, is asked for copies or a geometry.
        OutOfRange: the reference has conditions outside the trained range, or places and angles
            beyond a hundredth of it: its ends are the extremes of the showers that were trained on,
            and other showers of the same law lie beyond them by less.
    """
    if is_shower_file(path):
        _refuse_choices(path, copies, geometry)
        return _like(open_showers(path, binning), reference)
    generator = open_model(path, also=SHOWER_FILE)
    if generator.sampling is None:
        message = "is a bare network: it has no noise law and no mesh"
        raise UsageError(message, where=str(path), hint="convert the run folder instead")
    if not same_cells(generator.sampling.mesh, reference.mesh):
        require_same_mesh(reference.mesh, generator.sampling.mesh, str(path))
    given = {name: np.tile(values, copies) for name, values in reference.conditions.items()}
    if geometry is not None:
        given["geometry"] = np.full(copies * reference.n, geometry)
    conditions = _conditions_of(generator.sampling.conditions, given, str(path))
    if geometry is not None and "geometry" not in conditions:
        message = "is a model of one detector, which --geometry does not choose"
        raise UsageError(message, where=str(path), hint="leave --geometry out")
    named = _windows_of(reference, windows, untrained_mev)
    try:
        policy = _policy(generator.sampling.conditions, conditions, named)
        showers = sampled_showers(
            generator, conditions, copies * reference.n, seed=seed, policy=policy
        )
    except OutOfRange as error:
        hint = _left_out(error.message, generator.sampling.conditions, reference)
        raise OutOfRange(error.message, where=str(path), hint=hint) from None
    showers.conditions = given
    return _like(showers, reference)


def _like(showers: Showers, reference: Showers) -> Showers:
    """Return showers of the same cells in the order of the reference."""
    if same_cells(showers.mesh, reference.mesh):
        showers.bring_to(reference.mesh.order)
    return showers


def _refuse_choices(path: Path, copies: int, geometry: str | None) -> None:
    """Refuse what is for a model to make, where showers are made.

    Raises:
        UsageError: names the option.
    """
    for option, given in (("--copies", copies != 1), ("--geometry", geometry is not None)):
        if given:
            message = f"holds showers that are made; {option} is for a model, which makes them"
            raise UsageError(message, where=str(path), hint=f"leave {option} out")


def _conditions_of(
    conditions: Sequence[Condition], given: Mapping[str, Array], where: str
) -> dict[str, Array]:
    """Return what a model is sampled under, as it writes it.

    Args:
        conditions: of the model.
        given: by name (n,), of the reference or of the user.
        where: what messages call the model.

    Raises:
        UsageError: one that is not given.
    """
    found = {}
    for condition in conditions:
        if condition.name not in given:
            message = f"needs the condition '{condition.name}', which the reference does not tell"
            hint = f"take a reference that tells it; this one tells {', '.join(given)}"
            if condition.name == "geometry":
                hint = "say it with --geometry"
            raise UsageError(message, where=where, hint=hint)
        values = given[condition.name]
        if condition.categories:
            values = _known(values, condition.categories)
        elif condition.dimension != "energy":
            values = _inside(np.asarray(values, dtype=np.float64), condition)
        found[condition.name] = values
    return found


def _windows_of(
    reference: Showers, windows: Sequence[Window] | None, energies_mev: Sequence[float]
) -> list[Window]:
    """Return the windows that hold some energies."""
    if windows is None:
        windows = default_windows(np.asarray(reference.conditions["energy_mev"], np.float64))
    return [one for one in windows if any(one[0] <= energy < one[1] for energy in energies_mev)]


def _policy(
    conditions: Sequence[Condition], given: Mapping[str, Array], windows: Sequence[Window]
) -> Policy:
    """Return how values outside the range are taken: energies in some windows, and nothing else.

    Raises:
        OutOfRange: other conditions outside of their range, where energies are extrapolated.
    """
    [energy] = [one for one in conditions if one.name == "energy_mev"]
    values = np.asarray(given["energy_mev"], dtype=np.float64)
    inside = np.zeros(len(values), dtype=bool)
    for low, high in windows:
        inside |= (values >= low) & (values < high)
    if not inside.any():
        return "error"
    for one in conditions:
        left = values[~inside] if one is energy else given[one.name]
        one.admit(left, "error")
    return "extrapolate"


def _left_out(message: str, conditions: Sequence[Condition], reference: Showers) -> str:
    """Say how showers outside of the trained range are left out, or extrapolated."""
    [energy] = [one for one in conditions if one.name == "energy_mev"]
    if not message.startswith(energy.name):
        return "compare with a reference whose showers all lie inside of it"
    return (
        f"leave such showers out of the reference: caloexport data convert {reference.path.name} "
        f"SOME.h5 --format {reference.format} --energy {energy.low:g}MeV..{energy.high:g}MeV; or "
        "name an energy by --untrained, and the model extrapolates in its window"
    )


def _inside(values: np.ndarray, condition: Condition) -> np.ndarray:
    """Move values that are hardly outside the trained range to its end.

    >>> _inside(np.array([-0.0101, 0.02]), Condition("ripos_eta", -0.01, 0.01)).tolist()
    [-0.01, 0.02]
    """
    if condition.low is None or condition.high is None:
        return values
    clipped = np.clip(values, condition.low, condition.high)
    near = np.abs(values - clipped) <= SLACK * (condition.high - condition.low)
    return np.where(near, clipped, values)


def _known(values: np.ndarray, categories: tuple[str, ...]) -> np.ndarray:
    """Return categories as the model writes them: files differ in upper and lower case."""
    spelled = {name.casefold(): name for name in categories}
    return np.array([spelled.get(str(value).casefold(), str(value)) for value in values])
