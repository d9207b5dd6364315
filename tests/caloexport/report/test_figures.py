from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.report.figures import ShowerPicture, save_figure, shower_figure
from caloexport.report.figures.shower import mean_profiles
from caloexport.runtime.errors import OutputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.showers.binning import read_binning

pytest.importorskip("matplotlib")

MESH = CylinderMesh(3, 8, 5, 2.0, 7.0)


def picture(mesh: Mesh = MESH, seed: int = 0) -> ShowerPicture:
    cells = np.random.default_rng(seed).gamma(0.5, 2.0, size=mesh.shape).astype(np.float32)
    return ShowerPicture(cells, mesh, f"shower {seed}", f"label {seed}")


def all_axes(figure: Any) -> list[Any]:
    return [axes for part in figure.subfigs for axes in part.axes]


def test_one_shower_shows_what_it_holds() -> None:
    one = picture()
    mean = mean_profiles(np.stack([one.energies] * 2), MESH, "mean of 2 showers")
    view, bar, along, across = all_axes(shower_figure([one], mean))
    [points] = [c for c in view.collections if len(c.get_offsets()) > 1]
    threshold = 2e-4 * one.energies.max()
    assert len(points.get_offsets()) == np.count_nonzero(one.energies > threshold)
    assert view.get_title() == "shower 0"
    assert (view.get_xlabel(), bar.get_ylabel()) == ("depth / mm", "cell energy / MeV")
    assert (along.get_xlabel(), along.get_ylabel()) == ("depth / mm", "energy / (MeV/mm)")
    steps = along.patches[-1].get_data()  # after band and mean
    assert steps.values == pytest.approx(one.energies.sum(axis=(0, 1)) / 7.0)
    assert steps.edges == pytest.approx(7.0 * np.arange(6))
    assert across.patches[-1].get_data().values == pytest.approx(
        one.energies.sum(axis=(1, 2)) / 2.0
    )
    assert [text.get_text() for text in across.get_legend().get_texts()] == [
        "mean of 2 showers",
        "label 0",
    ]


def test_two_showers_share_their_colours() -> None:
    pair = [picture(seed=1), replace(picture(seed=2), energies=3 * picture(seed=2).energies)]
    axes = all_axes(shower_figure(pair))
    views = [one for one in axes if one.get_title()]
    assert [one.get_title() for one in views] == ["shower 1", "shower 2"]
    scales = {one.collections[0].norm for one in views}
    assert len(scales) == 1
    assert scales.pop().vmax == pytest.approx(float(pair[1].energies.max()))
    profiles = [one for one in axes if one.get_legend()]
    assert len(profiles[0].get_legend().get_texts()) == 2


@pytest.mark.parametrize(
    "mesh",
    [CylinderMesh(2, 3, 4), read_binning("calochallenge1-photons")[0].mesh],
    ids=["no sizes", "layered"],
)
def test_depth_is_counted_in_layers_where_it_is_not_known(mesh: Mesh, tmp_path: Path) -> None:
    figure = shower_figure([picture(mesh)])
    assert all_axes(figure)[0].get_xlabel() == "depth / layers"
    save_figure(figure, tmp_path / "a.png")


@pytest.mark.parametrize(
    ("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_suffix_chooses_and_the_file_is_reproducible(
    tmp_path: Path, suffix: str, start: bytes
) -> None:
    for name in ("a", "b"):
        save_figure(shower_figure([picture()]), tmp_path / f"{name}.{suffix}")
    content = (tmp_path / f"a.{suffix}").read_bytes()
    assert content.startswith(start)
    assert content == (tmp_path / f"b.{suffix}").read_bytes()


def test_the_background_is_white_and_opaque(tmp_path: Path) -> None:
    from matplotlib.image import imread

    save_figure(shower_figure([picture()]), tmp_path / "a.png")
    pixels = imread(tmp_path / "a.png")
    assert pixels[0, 0, :3].tolist() == [1.0, 1.0, 1.0]
    assert (pixels[..., 3] == 1.0).all()
    assert (pixels[..., :3].min(axis=2) < 0.5).mean() > 0.005  # something is drawn


def test_points_do_not_blow_up_an_svg(tmp_path: Path) -> None:
    save_figure(shower_figure([picture(CylinderMesh(18, 50, 45, 2.0, 3.0))]), tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text()
    assert len(text) < 1_500_000
    assert "<image" in text


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no shower to draw"):
        shower_figure([])
    with pytest.raises(UsageError, match="different meshes"):
        shower_figure([picture(), picture(CylinderMesh(3, 8, 5))])
    with pytest.raises(UsageError, match=r"has the shape \(2,\), expected \(3, 8, 5\)"):
        shower_figure([replace(picture(), energies=np.ones(2))])
    with pytest.raises(UsageError, match="the shower has no energy"):
        shower_figure([replace(picture(), energies=np.zeros(MESH.shape))])
    figure = shower_figure([picture()])
    with pytest.raises(UsageError, match=r"'a\.jpg' does not end in \.png, \.svg, \.pdf"):
        save_figure(figure, tmp_path / "a.jpg")
    with pytest.raises(OutputFileError, match="No such file or directory"):
        save_figure(figure, tmp_path / "no" / "a.png")
