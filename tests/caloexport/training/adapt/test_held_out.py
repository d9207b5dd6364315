"""How far generated showers are from those held out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.training.adapt.held_out import FEATURES, LONGITUDINAL, HeldOut, read_held_out
from caloexport.training.adapt.physics_distance import DRAWS
from caloexport.training.adapt.place import Place
from caloexport.training.fastv.trainer import FastvTrainer
from caloexport.training.scoring.generate import SEED, generator_of
from caloexport.validation.compare import compare_profiles
from caloexport.validation.distances.fpd import fpd, showers_needed
from tests.caloexport.training import tiny
from tests.caloexport.training.adapt.test_compare import scan

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> HeldOut:
    """So many showers that the short list of features is allowed: 26 for five layers."""
    return read_held_out([scan(tmp_path_factory.mktemp("many") / "test.h5", n=135)])


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FastvTrainer]:
    folder = tmp_path_factory.mktemp("decoder")
    trainer = tiny.trainer(tiny.data(folder, "pbwo4"))
    trainer.save_decoder(folder / "decoder.keras")
    return folder / "decoder.keras", trainer


def test_every_number_is_that_of_the_toolkit(
    many: HeldOut, decoder: tuple[Path, FastvTrainer]
) -> None:
    path, trainer = decoder
    found = many.distances(path, trainer.sampling)
    assert found == many.distances(path, trainer.sampling)  # latents are the same
    cells = generator_of(path, trainer.sampling).sample(
        270, seed=SEED, out_of_range="extrapolate",
        **{name: many.conditions[name] for name in ("energy_mev", "theta_rad", "geometry")},
    )  # fmt: skip
    made = many.sight.see(cells, many.conditions)
    own = many.conditions["energy_mev"] == 8e3
    profile = compare_profiles(many.seen[LONGITUDINAL][own], made[LONGITUDINAL][own])
    assert found.longitudinal[8e3] == profile
    ratio = made[LONGITUDINAL][own].sum() / many.seen[LONGITUDINAL][own].sum()
    assert found.response[8e3].value == pytest.approx(ratio)
    assert found.fpd is not None
    expected = fpd(
        many.seen[FEATURES], made[FEATURES], min_samples=54, max_samples=270, draws=DRAWS
    )
    assert (found.fpd.value, found.fpd.error) == expected
    assert found.fpd.value > 10 * (found.fpd.floor or 0) > 0


def test_the_list_of_features_is_one_that_so_many_showers_allow(
    many: HeldOut, tmp_path: Path
) -> None:
    assert many.fpd is not None
    told = many.to_json()["fpd"]
    assert (told["features"], told["n_features"]) == ("calochallenge-early", 26)
    assert showers_needed(26) <= told["showers"] == 270 < showers_needed(42)
    few = read_held_out([scan(tmp_path / "few.h5", n=60)])
    assert few.fpd is None
    assert few.without_fpd == "needs 260 test showers for 26 features, there are 120"


def test_energies_with_showers_enough_have_their_own_distance(
    decoder: tuple[Path, FastvTrainer], tmp_path: Path
) -> None:
    path, trainer = decoder
    test = read_held_out(
        [scan(tmp_path / "a.h5", n=265, energies_mev=(8e3,)), scan(tmp_path / "b.h5")]
    )
    assert [*test.fpd_of_energy] == [8e3]
    told = test.to_json()["fpd_of_energy"]["8000"]
    assert (told["showers"], told["n_features"]) == (325, 25)
    found = test.distances(path, trainer.sampling)
    assert found.fpd is not None
    own = found.fpd_of_energy[8e3]
    assert own.value > 10 * (own.floor or 0) > 0
    assert own.value != found.fpd.value
    again = Place.from_json(json.loads(json.dumps(Place(3, 0.5, found).to_json())))
    assert again == Place(3, 0.5, found)


def test_another_mesh_or_a_condition_that_is_missing_is_told_before_training(
    many: HeldOut, decoder: tuple[Path, FastvTrainer], tmp_path: Path
) -> None:
    path, trainer = decoder
    del many.conditions["geometry"]
    with pytest.raises(UsageError, match="needs the condition 'geometry', the test showers tell"):
        many.distances(path, trainer.sampling)
    mesh = CylinderMesh(2, 4, 5, 2.0, 3.0)
    other = read_held_out([scan(tmp_path / "other.h5", mesh=mesh)])
    with pytest.raises(
        UsageError, match=r"have \(2, 4, 5\) cells, the generator makes \(3, 4, 5\)"
    ):
        other.distances(path, trainer.sampling)
    with pytest.raises(UsageError, match=r"has \(2, 4, 5\) cells, one.h5 \(3, 4, 5\)"):
        read_held_out([scan(tmp_path / "one.h5"), tmp_path / "other.h5"])


def test_test_showers_of_a_spectrum_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 test showers of"):
        read_held_out([tiny.write(tmp_path / "spectrum.h5", "pbwo4")])
    with pytest.raises(UsageError, match="49 test showers of 8 GeV, expected 50"):
        read_held_out([scan(tmp_path / "few.h5", n=49)])
