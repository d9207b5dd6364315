"""The numbers of every figure that compares two samples; drawing is tested on one small picture."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.validate import FORMATS as COMMAND_FORMATS
from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.comparisons import figures
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.gathered import frame_of
from caloexport.report.figures.histogram import trend
from caloexport.report.figures.picture import ImagePanel, Panel, Picture, Series
from caloexport.report.figures.write_comparison import FORMATS, INDEX, ComparisonFigures
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.mesh import LayeredMesh, MeshLayer
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import measure
from caloexport.validation.observables import Observable, observables
from caloexport.validation.windows import default_windows
from tests.caloexport.validation.window_showers import MESH, window_showers

#: of layers of rings alone, and of cells around the axis
OF_RINGS = {"rings"}
OF_CYLINDERS = {"hit-azimuth"}
#: of showers outside of the trained range
BEYOND = {"trained-range"}
#: figure -> a picture that it gives of windows
OF_WINDOWS = {
    "cell-spectrum": "cell-spectrum",
    "configurations": "configurations-phi-econfig1",
    "energy-response": "energy-response",
    "impact": "impact-eta",
    "layer-correlation": "layer-correlation",
    "observables": "layer-fraction",
    "profiles": "longitudinal-profile",
    "shower-image": "shower-image",
    "total-energy": "total-energy",
}


def gathered(reference: Showers, generated: Showers) -> ComparedPictures:
    found = ComparedPictures(reference, generated, untrained_mev=[8e3])
    for showers, watch in zip((reference, generated), found.watches, strict=True):
        measure(showers, watch=watch)
    return found


@pytest.fixture(scope="module")
def windows() -> ComparedPictures:
    energies = (1e3, 2e3, 4e3, 8e3, 16e3)
    return gathered(
        window_showers(energies, 60, seed=1, name="full simulation"),
        window_showers(energies, 50, seed=2, scale=1.1, name="decoder"),
    )


def named(found: ComparedPictures) -> dict[str, Picture]:
    return {picture.name: picture for picture in found.pictures}


def panels(picture: Picture) -> list[Panel]:
    return [panel for row in picture.rows if not isinstance(row, ImagePanel) for panel in row]


def test_windows_have_every_figure(windows: ComparedPictures) -> None:
    assert set(OF_WINDOWS) | OF_RINGS | OF_CYLINDERS | BEYOND == set(figures)
    assert set(OF_WINDOWS.values()) <= set(named(windows))
    assert len(named(windows)) == len(windows.pictures)


def test_all_numbers_can_be_written(windows: ComparedPictures) -> None:
    for picture in windows.pictures:
        told = json.loads(json.dumps(picture.to_json(), allow_nan=False))
        assert told["panels"]
        for panel in panels(picture):
            for series in (panel.reference, panel.generated):
                assert len(series.values) == len(series.errors) == len(panel.x) - panel.binned
            assert panel.x_label
            assert panel.y_label


def test_the_total_energy_stands_at_every_energy(windows: ComparedPictures) -> None:
    found = panels(named(windows)["total-energy"])
    assert [panel.title for panel in found] == ["1 GeV", "2 GeV", "4 GeV", "8 GeV *", "16 GeV"]
    for panel in found:
        for series, n in ((panel.reference, 60), (panel.generated, 50)):
            assert 0.9 < series.values.sum() <= 1 + 1e-9
            assert series.errors == pytest.approx(np.sqrt(series.values / n))
    ratio = panels(named(windows)["energy-response"])[0].comparison()[0]
    assert ratio == pytest.approx(np.full(5, 1.1), abs=0.05)


def test_observables_show_some_energies_and_those_not_trained_on(
    windows: ComparedPictures,
) -> None:
    rows = named(windows)["layer-fraction"].rows
    assert len(rows) == MESH.n_layers
    row = rows[1]
    assert not isinstance(row, ImagePanel)
    assert [panel.title.removeprefix("layer 1 (strips), ") for panel in row] == [
        "1 GeV", "4 GeV", "8 GeV *", "16 GeV", "mean", "std. dev.",
    ]  # fmt: skip
    assert row[4].reference.values == pytest.approx(np.full(5, 0.25), abs=0.03)


def test_a_new_observable_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "layer_fraction" in observables
    hottest = Observable(
        "hottest cell", "MeV", "shower",
        lambda energies, mesh, conditions: energies.max(axis=1).astype(np.float64),
        lambda values, mesh: np.linspace(0, values.max(), 9),
    )  # fmt: skip
    monkeypatch.setitem(observables._entries, "hottest_cell", hottest)
    found = named(gathered(window_showers(n=8), window_showers(n=8, seed=1)))
    assert panels(found["hottest-cell"])[0].x_label == "hottest cell / MeV"


def test_the_image_is_the_mean_share_of_each_cell(windows: ComparedPictures) -> None:
    rows = named(windows)["shower-image"].rows
    sizes = []
    total = 0.0
    for row in rows:
        assert isinstance(row, ImagePanel)
        sizes.append(row.reference.values.shape)
        assert row.reference.values.shape == (len(row.y) - 1, len(row.x) - 1)
        total += float(row.reference.values.sum())
    assert sizes == [(one.n_phi, one.n_eta) for one in MESH.layers]
    assert total == pytest.approx(18, rel=0.02)
    middle = rows[2]
    assert isinstance(middle, ImagePanel)
    assert middle.ratio()[3, 3] == pytest.approx(1.1, abs=0.03)
    assert np.isnan(middle.ratio(1e-6)).all()


def test_profiles_of_an_alignment_lie_where_its_windows_lie(windows: ComparedPictures) -> None:
    rows = named(windows)["configurations-phi-econfig1"].rows
    strips = rows[1]
    assert not isinstance(strips, ImagePanel)
    for pconfig, panel in enumerate(strips):
        assert panel.title == f"layer 1 (strips), pconfig {pconfig}"
        assert panel.x[0] == pytest.approx(MESH.lower_edges(pconfig, 1)[1, 1])
        assert panel.reference.values.sum() == pytest.approx(1)


def test_offsets_are_compared_by_pulls(windows: ComparedPictures) -> None:
    picture = named(windows)["impact-eta"]
    assert {panel.below for panel in panels(picture)} == {"pull"}
    titles = [panel.title for panel in panels(picture)]
    assert "layer 1 (strips): three hottest, within one" in titles
    assert picture.facts["figures"][2]["layer"] == 2


def test_the_s_and_the_strips_are_shown_by_energy(windows: ComparisonFigures) -> None:
    picture = named(windows)["impact-eta-by-energy"]
    titles = [[panel.title for panel in row] for row in picture.rows if isinstance(row, list)]
    energies = ("1 GeV", "4 GeV", "8 GeV *", "16 GeV")
    assert titles == [
        [f"layer 2 (middle), {energy}" for energy in energies],
        [f"layer 1 (strips): three hottest, {energy}" for energy in energies],
    ]
    assert len(panels(picture)[4].x) == 33  # four bins for each strip of a middle cell
    assert [one["energy_mev"] for one in picture.facts["figures"]] == 2 * [1e3, 4e3, 8e3, 16e3]
    assert len(named(windows)["impact-phi-by-energy"].rows) == 1


def test_means_near_zero_are_compared_by_pulls() -> None:
    random = np.random.default_rng(0)
    energies = np.array([1e3, 2e3])
    pairs = [(random.normal(0, 1, 50), random.normal(0, 1, 50)) for _ in energies]
    for shift, below in ((0.0, "pull"), (9.0, "ratio")):
        moved = [(usual + shift, found + shift) for usual, found in pairs]
        panel = trend("", "y", energies, moved, "mean")
        assert panel is not None
        assert panel.below == below


def test_small_numbers_are_drawn_times_a_power_of_ten_and_long_labels_go_on() -> None:
    usual = Series(np.array([2e-4, 3e-4]), np.array([1e-5, 1e-5]))
    text = "a label of the axis that is far too long to stand below a panel of a third of the page"
    panel = Panel("t" * 60, text, "y", np.array([0.0, 2e-3, 4e-3]), usual, usual)
    figure = draw_picture(Picture("a", "title", [[panel, panel, panel]]), "one", "other")
    upper, lower = figure.axes[:2]
    assert upper.get_ylabel() == "y × 10⁶"
    ticks = lower.xaxis.get_major_formatter().format_ticks([0.002])
    assert ticks == ["2"]
    label = lower.get_xlabel()
    assert label.replace("\n", " ") == f"{text} × 10³"
    assert label.count("\n") == 1


def test_layers_of_rings_have_profiles_and_no_impact() -> None:
    mesh = LayeredMesh((MeshLayer(0, (0.0, 5.0, 9.0), 2), MeshLayer(1, (0.0, 9.0), 1)))
    cells = np.random.default_rng(0).exponential(9.0, (2, 40, 5)).astype(np.float32)
    conditions = {"energy_mev": np.repeat([1e2, 4e2], 20)}
    samples = [from_arrays(part, mesh, conditions) for part in cells]
    found = gathered(*samples)
    assert {"rings", "longitudinal-profile", "radial-width"} <= set(named(found))
    assert not any(name.startswith(("impact", "configurations")) for name in named(found))
    [first, second] = named(found)["rings"].rows
    assert not isinstance(first, ImagePanel)
    assert not isinstance(second, ImagePanel)
    assert first[0].x.tolist() == [0.0, 5.0, 9.0]
    rings = cells[0, :20, :4].mean(axis=0).reshape(2, 2).sum(axis=0)  # azimuth, then radius
    assert first[0].reference.values * [5.0, 4.0] == pytest.approx(rings, rel=1e-5)
    assert second[1].reference.values == pytest.approx(cells[0, 20:, 4].mean() / 9.0, rel=1e-5)
    frame = frame_of(mesh, (conditions, conditions), default_windows(conditions["energy_mev"]))
    for name in ("impact", "configurations", "shower-image"):
        assert figures[name].missing(frame) == "the cells are no window in η and φ"


def test_windows_without_impact_say_what_is_missing() -> None:
    given = window_showers(n=4).conditions
    silent = {"energy_mev": given["energy_mev"]}
    frame = frame_of(MESH, (given, silent), default_windows(given["energy_mev"]))
    assert "ripos_eta" in str(figures["impact"].missing(frame))
    assert "pconfig" in str(figures["configurations"].missing(frame))
    assert figures["shower-image"].missing(frame) is None


def test_one_energy_and_one_empty_layer_are_drawn() -> None:
    sides = []
    for seed in (0, 1):
        showers = window_showers((4e3,), 12, seed=seed)
        cells = showers.read()
        cells[:, :21] = 0
        sides.append(from_arrays(cells, MESH, showers.conditions))
    found = named(gathered(*sides))
    assert len(panels(found["total-energy"])) == 1
    for picture in found.values():
        json.dumps(picture.to_json(), allow_nan=False)


def test_everything_is_written_at_once(
    windows: ComparedPictures, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two pictures with all kinds of panels; a failure leaves nothing."""
    few = [named(windows)[name] for name in ("energy-response", "shower-image")]
    offsets = panels(named(windows)["impact-eta"])[0]
    from_zero = Panel(
        "", "x", "y", np.array([0.0, 1.0, 9.0]),
        *(Series(np.array([2.0, 3.0]), np.array([0.1, 0.2])) for _ in range(2)), log_x=True,
    )  # fmt: skip
    few[0] = Picture("energy-response", "energy", [*few[0].rows, [offsets, from_zero]])
    few[1] = Picture("shower-image", "image", few[1].rows[2:3])
    monkeypatch.setitem(windows.__dict__, "pictures", few)
    told: list[tuple[int, int, str]] = []

    def stop(done: int, total: int, text: str) -> None:
        if done:
            raise KeyboardInterrupt

    drawn = ComparisonFigures(tmp_path / "out", windows, ("pdf", "svg", "png"))
    with pytest.raises(KeyboardInterrupt):
        drawn.write(stop)
    assert not list(tmp_path.iterdir())
    assert drawn.write(lambda *step: told.append(step)) == ["energy-response", "shower-image"]
    assert told == [(0, 2, "energy-response"), (1, 2, "shower-image")]
    index = json.loads((drawn.folder / INDEX).read_text())
    assert index["schema"] == "caloexport.figures/1"
    assert (index["reference"], index["generated"]) == ("full simulation", "decoder")
    files = {name for picture in index["pictures"] for name in picture["files"]}
    assert {path.name for path in drawn.folder.iterdir()} == {*files, INDEX}
    assert (drawn.folder / "energy-response.svg").read_text().startswith("<?xml")
    assert (drawn.folder / "shower-image.png").read_bytes().startswith(b"\x89PNG")
    assert (drawn.folder / "shower-image.pdf").read_bytes().startswith(b"%PDF")


def test_formats_are_those_that_are_asked_for(
    windows: ComparedPictures, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert COMMAND_FORMATS == FORMATS
    monkeypatch.setitem(windows.__dict__, "pictures", [named(windows)["energy-response"]])
    ComparisonFigures(tmp_path / "out", windows, ("pdf",)).write()
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "energy-response.pdf",
        INDEX,
    ]
    index = json.loads((tmp_path / "out" / INDEX).read_text())
    assert index["pictures"][0]["files"] == ["energy-response.pdf"]


def test_windows_may_overlap_and_leave_showers_out() -> None:
    reference = window_showers((1e3, 2e3, 64e3), 10)
    generated = window_showers((1e3, 2e3, 64e3), 10, seed=1)
    found = ComparedPictures(reference, generated, [(500.0, 3e3), (1.5e3, 3e3)])
    for showers, watch in zip((reference, generated), found.watches, strict=True):
        measure(showers, watch=watch)
    picture = named(found)["energy-response"]
    counts = [point["n_reference"] for point in picture.facts["report"]["points"]]
    assert counts == [20, 10]
    titles = [panel.title for panel in panels(named(found)["total-energy"])]
    assert titles == ["500 MeV to 3 GeV", "1.5 GeV to 3 GeV"]


def test_a_folder_without_parent_is_refused_before_reading(tmp_path: Path) -> None:
    showers = window_showers(n=4)
    with pytest.raises(OutputFileError, match="parent does not exist"):
        ComparisonFigures(tmp_path / "no" / "out", ComparedPictures(showers, showers))


def test_ratios_and_pulls() -> None:
    usual = Series(np.array([2.0, 0.0, -1.0]), np.array([0.2, 0.0, 0.1]))
    found = Series(np.array([3.0, 1.0, -1.5]), np.array([0.1, 0.1, 0.1]))
    panel = Panel("", "x", "y", np.arange(4.0), usual, found)
    values, errors, band = panel.comparison()
    assert values == pytest.approx([1.5, math.nan, 1.5], nan_ok=True)
    assert errors == pytest.approx([0.05, math.nan, 0.1], nan_ok=True)
    assert band == pytest.approx([0.1, math.nan, 0.1], nan_ok=True)
    pulls = Panel("", "x", "y", np.arange(4.0), usual, found, below="pull").comparison()[0]
    assert pulls == pytest.approx([1 / math.hypot(0.2, 0.1), 10.0, -0.5 / math.hypot(0.1, 0.1)])
