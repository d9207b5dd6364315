"""Showers of another kind of mesh than the preset's are refused before they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.families import families, preset_names
from caloexport.training.plan import MESH, MESHES, read_preset
from caloexport.training.start import plan_of
from tests.caloexport.training import tiny, voxel_toy, window_toy

PRESETS = [(family, preset) for family in families for preset in preset_names(family)]


@pytest.mark.parametrize(("family", "preset"), PRESETS)
def test_every_preset_says_its_kind_of_mesh(family: str, preset: str) -> None:
    assert read_preset(family, preset)[MESH] in MESHES


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each kind."""
    folder = tmp_path_factory.mktemp("showers")
    return {
        "cylinder": tiny.write(folder / "siw.h5", n=4),
        "layered": voxel_toy.write(folder, [4096.0], n=4)[0],
        "window": window_toy.write(folder, [4096.0], n=4)[0],
    }


@pytest.mark.parametrize(
    ("family", "preset", "kind", "match", "hint"),
    [
        (
            "wgan-gp", "fastcalogan", "window",
            "photons-4096.h5: has showers of 266 cells of a window in η and φ; the preset 'fastcalo",
            "take --preset atlas-conserving or atlas-dnncalosim or ",
        ),
        (
            "wgan-gp", "atlas-dnncalosim", "layered",
            "s.h5: has showers of 368 voxels in layers of rings; the preset 'atlas-dnncalosim' is",
            "take --preset caloshowergan or fastcalogan or fastcalogan-v1; mesh = \"layered\"",
        ),
        ("fastv", "par04", "layered", "'par04' is made for cells of a cylinder",
         "take the family dnncalosim-vae or wgan-gp"),
        ("atlas-vae", None, "cylinder", "60 cells of a cylinder", "take the family fastv"),
    ],
)  # fmt: skip
def test_another_kind_is_refused_with_the_presets_that_fit(
    files: dict[str, Path], family: str, preset: str | None, kind: str, match: str, hint: str
) -> None:
    with pytest.raises(UsageError, match=match) as caught:
        plan_of(family, {"data": [files[kind]], "preset": preset})
    assert hint in str(caught.value.hint)


def test_the_file_at_fault_is_named_and_a_configuration_has_the_last_word(
    files: dict[str, Path], tmp_path: Path
) -> None:
    wanted = {"data": [files["layered"], files["window"]], "preset": "fastcalogan"}
    with pytest.raises(UsageError, match=r"photons-4096\.h5"):
        plan_of("wgan-gp", wanted)
    config = tiny.config(tmp_path, 'mesh = "window"')
    plan = plan_of("wgan-gp", {**wanted, "data": [files["window"]], "config": config})
    assert plan.config[MESH] == "window"
    tiny.config(tmp_path, "mesh = [18, 50, 45]")
    with pytest.raises(UnknownName, match=r"tiny.toml: unknown kind of mesh '\[18, 50, 45\]'"):
        plan_of("wgan-gp", {**wanted, "config": config})
