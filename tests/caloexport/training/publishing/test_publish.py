from __future__ import annotations

import io
import runpy
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
from click.testing import CliRunner

from caloexport.bench.run import Effort
from caloexport.converters.open import open_model
from caloexport.runtime.arrays import Array
from caloexport.runtime.files import sha256_of
from caloexport.runtime.precisions.bfloat16 import bfloat16_of
from caloexport.training import loop, start
from caloexport.training.publishing import publish
from tests.caloexport.training import tiny, window_toy

pytest.importorskip("tensorflow")

QUICK = Effort(rounds=1, seconds=0.001)


def weights(folder: Path) -> dict[str, Array]:
    """Return all arrays of a decoder's Keras file."""
    content = zipfile.ZipFile(folder / "decoder.keras").read("model.weights.h5")
    found = {}
    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(
            lambda name, item: found.update({name: item[()]} if hasattr(item, "shape") else {})
        )
    return found


def published(run: Path, exports: str, *options: str) -> str:
    """Publish a run and return its card."""
    listed = run.parent / "exports.toml"
    listed.write_text(exports)
    model = run.parent / "model"
    given = [str(run), "-o", str(model), "--exports", str(listed), *options]
    result = CliRunner().invoke(publish.main, given, catch_exceptions=False)
    assert result.exit_code == 0
    names = sorted(path.name for path in model.iterdir())
    assert names == ["MODEL_CARD.md", "decoder.keras", "exports.toml", "manifest.json"]
    kept, rounded = weights(run), weights(model)
    assert kept.keys() == rounded.keys()
    for key, value in kept.items():
        np.testing.assert_array_equal(bfloat16_of(value), rounded[key])
    assert open_model(model).sampling == open_model(run).sampling
    return (model / "MODEL_CARD.md").read_text()


def test_a_cylinder_is_told_of_by_detector_energy_and_angle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "EFFORT", QUICK)
    files = (
        tiny.write(tmp_path / "siw.h5", n=200),
        tiny.write(tmp_path / "inclined.h5", theta_deg=60.0),
    )
    wanted = {"data": files, "preset": "metahep", "config": tiny.config(tmp_path), "updates": 40}
    loop.run(start.prepare("fastv", tmp_path / "run", wanted, resume=False))
    card = published(tmp_path / "run", '[[file]]\ntarget = "numba"\nprecision = "bfloat16"\n')
    rows = [line for line in card.splitlines() if line.startswith("| siw | ")]
    told = [row.split(" | ")[1:3] for row in rows]
    assert told[:4] == told[4:]
    assert told[:3] == [["2 GeV", "90°"], ["10 GeV", "90°"], ["50 GeV", "90°"]]
    low, high = (float(end) for end in told[3][0].removesuffix(" GeV").split("–"))
    assert 1 <= low < high <= 64  # of the showers that were held back
    assert told[3][1] == "60°"
    assert "| numba |  | bfloat16 | 0.0" in card
    assert "| numba | float32 | " in card


VAE = """
[network]
latent = 2
hidden = [4]
[encoder]
hidden = [4]
[flow]
steps = 0
[training]
batch = 16
mirror = []
"""


def test_a_window_is_told_of_by_energy_and_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "speed_table", lambda name, generator: "not measured")
    files = window_toy.write(tmp_path, n=40)
    (tmp_path / "vae.toml").write_text(VAE)
    wanted = {"data": tuple(files[::2]), "config": tmp_path / "vae.toml", "updates": 4}
    loop.run(start.prepare("atlas-vae", tmp_path / "run", wanted, resume=False))
    tests = [option for path in files for option in ("--test", str(path))]
    card = published(
        tmp_path / "run",
        '[[file]]\ntarget = "lwtnn"\ncontract = "athena-dnncalosim"\n',
        *tests,
        *("--untrained", "16384MeV"),
    )
    assert "**mean of E/E_inc**" in card
    assert "| 16.4 GeV \\* |" in card
    assert "| η, layer 2 (middle) |" in card
    assert "| 40, 320 |" in card
    assert "| lwtnn | athena-dnncalosim | float32 | 0." in card
    assert "| response | " in card
    release = tmp_path / "release"
    script = runpy.run_path("scripts/export_models.py")["main"]
    given = ["-o", str(release), "--models", str(tmp_path)]
    assert CliRunner().invoke(script, given, catch_exceptions=False).exit_code == 0
    listed = dict(
        line.split("  ")[::-1] for line in (release / "SHA256SUMS").read_text().splitlines()
    )
    stem = "model-athena-dnncalosim"
    assert sorted(listed) == [f"{stem}.json", f"{stem}.manifest.safetensors"]
    for name, digest in listed.items():
        assert sha256_of(release / name) == digest
