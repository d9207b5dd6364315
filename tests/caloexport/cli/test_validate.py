from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.report.figures.compared import ComparedPictures
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.mesh import LayeredMesh, MeshLayer
from caloexport.shipped import default_decoder
from caloexport.showers import from_arrays, open_showers, sample
from caloexport.showers.showers import Showers
from caloexport.showers.write import convert_showers, write_showers
from tests.caloexport.validation.window_showers import window_decoder, window_showers
from tests.networks import decoder


def scaled(path: Path, factor: float, n: int) -> Path:
    with open_showers(sample("siw")) as showers:
        cells = showers.read()[:n] * factor
        conditions = {name: values[:n] for name, values in showers.conditions.items()}
        convert_showers(from_arrays(cells, showers.mesh, conditions), path, "par04")
    return path


def run(*arguments: object) -> int:
    return exit_code(["validate", *(str(argument) for argument in arguments)])


def test_a_sample_against_itself_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--reference", sample("siw"), "--generated", sample("siw")) == 0
    printed = capsys.readouterr()
    assert "verdict: pass" in printed.out
    assert "r90 ratio" in printed.out
    assert "SH002" in printed.out
    assert "generated showers are showers of the reference" in printed.err


def test_a_wrong_scale_fails_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = scaled(tmp_path / "wrong.h5", 1.1, n=96)
    given = ("--reference", sample("siw"), "--generated", wrong, "--json", "--around", "10GeV")
    assert run(*given) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["verdict"]) == ("caloexport.validate/1", "fail")
    status = {check["code"]: check["status"] for check in found["checks"]}
    assert [code for code, one in status.items() if one == "fail"] == ["EN001"]
    assert status["SH001"] == status["SH002"] == "pass"
    required = [check["code"] for check in found["checks"] if check["required"]]
    assert found["undecided"] == [code for code in required if status[code] == "undecided"]
    assert "EN002" in found["undecided"]  # no width is known to 20 % of thirty showers
    energy = next(check for check in found["checks"] if check["code"] == "EN001")
    assert energy["value"] == pytest.approx(1.1, rel=1e-3)
    assert (energy["threshold"], energy["limit"], energy["figure"]) == (
        0.02,
        0.02,
        "energy-response",
    )
    assert "sampling fraction" in energy["cause"]
    assert "calibrations" in energy["why"]
    names = {metric["name"] for metric in found["metrics"]}
    assert {"response_ratio", "resolution_ratio", "longitudinal_l1", "lateral_l1"} < names
    assert "layer_correlation_rms" in names
    assert all(metric["low_mev"] == 6250.0 for metric in found["metrics"])


def test_samples_without_a_common_energy_are_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_showers(sample("siw")) as showers:
        cells = showers.read()[:8]
        for name, energy_mev in (("one", 10_000.0), ("other", 11_000.0)):
            made = from_arrays(cells, showers.mesh, {"energy_mev": np.full(8, energy_mev)})
            convert_showers(made, tmp_path / f"{name}.h5", "par04")
    given = ("--reference", tmp_path / "one.h5", "--generated", tmp_path / "other.h5")
    assert run(*given) == 1
    assert "verdict: fail: nothing was compared: no window" in capsys.readouterr().out
    assert run(*given, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "fail"
    assert found["reason"].startswith("nothing was compared: no window has showers of both")
    assert run(*given, "--around", "10GeV", "--json") == 0
    assert json.loads(capsys.readouterr().out)["reason"] is None


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"sensitive": "active material"}, "sensitive = active material, the reference with all"),
        ({"energy_scale": 30.0}, "energy_scale = 30.0, the reference with 1.0"),
    ],
)
def test_energies_that_mean_something_else_are_refused(
    told: dict[str, str | float], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual: dict[str, str | float] = {"sensitive": "all material", "energy_scale": 1.0}
    conditions = {"energy_mev": np.full(4, 1e4)}
    with open_showers(sample("siw")) as showers:
        cells = showers.read()[:4]
        for name, about in (("one", usual), ("other", {**usual, **told})):
            path = tmp_path / f"{name}.h5"
            write_showers(path, "par04", showers.mesh, conditions, [cells], about)
    given = ("--reference", tmp_path / "one.h5", "--generated", tmp_path / "other.h5")
    assert run(*given) == 2
    assert message in capsys.readouterr().err
    assert run("--reference", tmp_path / "one.h5", "--generated", tmp_path / "one.h5") == 0


def test_other_particles_are_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_showers(sample("siw")) as showers:
        chosen = np.argsort(showers.conditions["energy_mev"])[:64]
        conditions = {name: values[chosen] for name, values in showers.conditions.items()}
        low = from_arrays(showers.read()[chosen], showers.mesh, conditions)
        convert_showers(low, tmp_path / "low.h5", "par04")
    run("--reference", sample("siw"), "--generated", tmp_path / "low.h5")
    assert "note: incident energies differ" in capsys.readouterr().err


def test_a_model_makes_the_showers_of_the_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = scaled(tmp_path / "few.h5", 1.0, n=24)
    given = ("--reference", few, "--generated", default_decoder(), "--json")
    run(*given)
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == []
    assert found["metrics"][0]["n_generated"] == found["metrics"][0]["n_reference"] > 0
    [equal] = [check for check in found["checks"] if check["code"] == "CX002"]
    assert (equal["status"], equal["required"]) == ("pass", True)
    assert 0 < equal["value"] < equal["limit"]
    ratios = [m["value"] for m in found["metrics"] if m["name"] == "response_ratio"]
    assert ratios
    assert all(0.9 < ratio < 1.1 for ratio in ratios)


def test_a_model_makes_several_showers_for_each_of_the_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = scaled(tmp_path / "few.h5", 1.0, n=12)
    run("--reference", few, "--generated", default_decoder(), "--copies", 3, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == []
    counts = [(one["n_reference"], one["n_generated"]) for one in found["metrics"]]
    assert all(made == 3 * usual > 0 for usual, made in counts)


def written(showers: Showers, path: Path) -> Path:
    convert_showers(showers, path, "calochallenge")
    return path


def test_a_scan_of_windows_is_joined_and_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = [
        written(window_showers((energy,), seed=k), tmp_path / f"{k}.h5")
        for k, energy in enumerate((4e3, 16e3))
    ]
    made = written(window_showers(seed=7, stochastic=0.2), tmp_path / "made.h5")
    given = ("--reference", scan[0], "--reference", scan[1], "--generated", made)
    assert run(*given, "--untrained", "16GeV") == 1
    printed = capsys.readouterr().out
    explained = printed.split("not applicable")[-1]
    assert "EN002: relative width of the total energy" in explained
    assert "why it matters: the energy resolution" in explained
    assert "usual cause: a decoder that gives the mean" in explained
    assert "EN001: " not in printed
    [verdict] = [line for line in printed.splitlines() if line.startswith("verdict: ")]
    assert verdict.startswith("verdict: fail: EN002")
    table = printed[printed.index("check ") : printed.index("EN002: ")]
    assert max(map(len, table.splitlines())) <= 100
    assert "not applicable" in printed
    assert "lateral l1" not in printed
    assert "16 GeV *" in printed
    assert "15 %: " in printed
    assert run(*given, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    required = [check for check in found["checks"] if check["required"]]
    assert [check["code"] for check in required if check["status"] == "fail"] == ["EN002"]
    [lateral] = [check for check in found["checks"] if check["code"] == "SH002"]
    assert (lateral["status"], lateral["value"]) == ("not applicable", None)
    assert lateral["where"] == "cells of this mesh have no such number"
    points = found["energy_response"]["points"]
    assert [point["energy_mev"] for point in points] == [4e3, 16e3]
    for point in points:
        assert point["width"]["ratio"]["value"] == pytest.approx(1.9, abs=0.4)
    assert points[0]["mean"]["within"] in ("yes", "no", "too few showers")


def test_a_model_of_windows_makes_showers_under_all_conditions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run's decoder is sampled under energy, impact and alignment of each shower."""
    showers = window_showers(n=20)
    showers.conditions["ripos_phi"][0] = 0.01258  # the decoder was trained up to 0.0125
    reference = written(showers, tmp_path / "reference.h5")
    export(window_decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    run("--reference", reference, "--generated", tmp_path / "toy.safetensors", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == []
    points = found["energy_response"]["points"]
    assert [(p["n_reference"], p["n_generated"]) for p in points] == [(20, 20), (20, 20)]
    assert found["placement"]["follows_impact"]
    showers.conditions["ripos_phi"][0] = 0.02
    far = written(showers, tmp_path / "far.h5")
    assert run("--reference", far, "--generated", tmp_path / "toy.safetensors") == 2
    assert "ripos_phi = 0.02 is outside the trained range" in capsys.readouterr().err


def test_a_model_asked_beyond_its_energies_tells_what_can_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = written(window_showers((9e6,), n=4), tmp_path / "far.h5")
    export(window_decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    assert run("--reference", far, "--generated", tmp_path / "toy.safetensors") == 2
    told = capsys.readouterr().err
    assert "toy.safetensors: energy_mev = 9e+06 is outside the trained range" in told
    assert "hint: leave such showers out of the reference: caloexport data convert far.h5" in told
    assert "--energy 1000MeV..65000MeV; or name an energy by --untrained" in told
    assert "out_of_range" not in told  # a word of Python, and no option of validate


def test_impact_and_alignment_of_windows_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = written(window_showers(n=100), tmp_path / "reference.h5")
    blind = written(window_showers(n=100, seed=1, blind=True), tmp_path / "blind.h5")
    given = ("--reference", reference, "--generated", blind)
    run(*given)
    printed = capsys.readouterr().out
    assert "η, layer 1 (strips), three hottest" in printed
    assert "χ²/ndf over the cell" in printed
    run(*given, "--json")
    placement = json.loads(capsys.readouterr().out)["placement"]
    [middle] = [
        one for one in placement["follows_impact"] if (one["layer"], one["axis"]) == (2, "eta")
    ]
    assert middle["chi2_ndf"]["value"] > 1 + 5 * middle["chi2_ndf"]["error"]
    assert middle["chi2_ndf"]["floor"] == 1
    assert len(placement["alignments"]) == 8


def test_figures_are_written_with_their_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = ComparedPictures.pictures.func
    monkeypatch.setattr(ComparedPictures, "pictures", property(lambda self: every(self)[:1]))
    reference = written(window_showers((4e3,), n=20), tmp_path / "reference.h5")
    folder = tmp_path / "figures"
    given = ("--reference", reference, "--generated", reference, "--figures", folder)
    assert run(*given) == 0
    assert "1 figure in" in capsys.readouterr().err
    [picture] = json.loads((folder / "figures.json").read_text())["pictures"]
    assert picture["name"] == "cell-spectrum"
    assert (folder / "cell-spectrum.svg").is_file()
    (folder / "mine.txt").write_text("kept")
    assert run(*given) == 3
    assert "mine.txt" in capsys.readouterr().err
    assert (folder / "mine.txt").read_text() == "kept"


def test_the_page_of_the_same_files_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    reference = written(window_showers((4e3,), n=12), tmp_path / "reference.h5")
    generated = written(window_showers((4e3,), n=12, seed=1), tmp_path / "generated.h5")
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page in pages:
        run("--reference", reference, "--generated", generated, "--html", page)
        assert f"report in {page}" in capsys.readouterr().err
    text = pages[0].read_text(encoding="utf-8")
    assert text == pages[1].read_text(encoding="utf-8")
    assert "2030-03-17 17:46 UTC" in text
    assert hashlib.sha256(generated.read_bytes()).hexdigest() in text


def test_the_page_of_a_model_holds_its_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = written(window_showers(n=12), tmp_path / "reference.h5")
    export(window_decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    page = tmp_path / "page.html"
    run("--reference", reference, "--generated", tmp_path / "toy.safetensors", "--html", page)
    text = page.read_text(encoding="utf-8")
    assert "One short measurement while this report was made" in text
    assert window_decoder().manifest.hash in text


def test_a_date_that_is_none_is_refused_before_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    given = ("--reference", sample("siw"), "--generated", sample("siw"))
    assert run(*given, "--html", tmp_path / "page.html") == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in capsys.readouterr().err


def test_no_figures_of_what_was_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "figures"
    one = written(window_showers((4e3,), n=8), tmp_path / "one.h5")
    other = written(window_showers((9e3,), n=8), tmp_path / "other.h5")
    assert run("--reference", one, "--generated", other, "--figures", folder) == 1
    assert "no figures: nothing was compared" in capsys.readouterr().err
    assert not folder.exists()


def test_layered_meshes_with_other_edges_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conditions = {"energy_mev": np.full(4, 1e3)}
    for name, edge in (("one", 10.0), ("other", 11.0)):
        mesh = LayeredMesh((MeshLayer(0, (0.0, edge, 20.0), 2), MeshLayer(1, (0.0, 20.0), 1)))
        made = from_arrays(np.arange(20.0).reshape(4, 5), mesh, conditions)
        written(made, tmp_path / f"{name}.h5")
    given = ("--reference", tmp_path / "one.h5", "--generated")
    assert run(*given, tmp_path / "other.h5") == 2
    assert "2 x 2 to 20, 1 x 1 to 20 mm" in capsys.readouterr().err
    assert run(*given, tmp_path / "one.h5") == 0


@pytest.mark.parametrize(
    ("reference", "generated", "options", "code", "message"),
    [
        ("{siw}", "{folder}/missing.h5", [], 3, "missing.h5"),
        ("{folder}/missing.h5", "{siw}", [], 3, "missing.h5"),
        ("{siw}", "{pbwo4}", [], 2, "compare showers of the same mesh"),
        ("{siw}", "{siw}", ["--profile", "lenient"], 2, "profile"),
        ("{siw}", "{siw}", ["--reference", "{siw}"], 2, "named twice"),
        ("{siw}", "{siw}", ["--figures", "{folder}/no/figures"], 3, "parent does not exist"),
        ("{siw}", "{siw}", ["--html", "{folder}/no/page.html"], 3, "parent does not exist"),
        ("{siw}", "{siw}", ["--figure-format", "pdf"], 2, "add --figures DIR"),
        ("{siw}", "{siw}", ["--untrained", "1TeV"], 2, "nothing is compared at 1 TeV"),
        ("{siw}", "{siw}", ["--around", "5"], 2, "has no unit"),
        ("{siw}", "{shipped}", ["--geometry", "copper"], 2, "copper"),
        ("{siw}", "{siw}", ["--copies", "2"], 2, "leave --copies out"),
        ("{siw}", "{siw}", ["--geometry", "siw"], 2, "leave --geometry out"),
        ("{siw}", "{empty}", [], 3, "is empty, expected a model or a file of showers"),
        (
            "{siw}",
            "{text}",
            [],
            3,
            "is not a model nor a file of showers (HDF5 or ROOT): it is a text",
        ),
        ("{siw}", "{folder}", [], 3, "accepted: "),
        ("{siw}", "{folder}", [], 3, ", a file of showers (HDF5 or ROOT)"),
        ("{siw}", "{gan}", [], 2, "has the mesh"),
    ],
)
def test_mistakes(
    reference: str,
    generated: str,
    options: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export(window_decoder(), "numba", tmp_path / "gan.safetensors", verify=False)
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("plain text, longer than eight bytes")
    places = {
        "siw": sample("siw"),
        "gan": tmp_path / "gan.safetensors",
        "empty": tmp_path / "empty",
        "text": tmp_path / "text",
        "pbwo4": sample("pbwo4"),
        "folder": tmp_path,
        "shipped": default_decoder(),
    }
    paths = ("--reference", reference.format(**places), "--generated", generated.format(**places))
    assert run(*paths, *(option.format(**places) for option in options)) == code
    assert message in capsys.readouterr().err


def two_models(folder: Path) -> tuple[object, ...]:
    """Write a reference and two models of one name, of which the second is 10 % too high."""
    paths = []
    for name, scale in (("new", 1.0), ("old", 1.1)):
        (folder / name).mkdir()
        made = window_showers((4e3,), n=200, seed=int(10 * scale), scale=scale)
        paths.append(written(made, folder / name / "gan.h5"))
    reference = written(window_showers((4e3,), n=200), folder / "reference.h5")
    return ("--reference", reference, "--generated", paths[0], "--generated", paths[1])


def test_several_models_stand_side_by_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    given = two_models(tmp_path)
    assert run(*given) == 1
    printed = capsys.readouterr().out
    [ratio] = [line for line in printed.splitlines() if line.startswith("response ratio - 1")]
    assert ratio.count("±") == 2
    assert ratio.count("*") == 1
    [check] = [line for line in printed.splitlines() if line.startswith("EN001  ")]
    right, wrong = re.split(r"  +", check.rstrip())[2:]
    assert not right.startswith("fail")
    assert wrong.startswith("fail 1.1")
    assert "EN001 (old-gan): mean total energy, over the reference's" in printed
    assert "verdict of new-gan: pass" in printed
    assert "verdict of old-gan: fail" in printed
    places = ("--html", tmp_path / "all.html", "--figures", tmp_path / "figures")
    monkeypatch.setattr(ComparedPictures, "pictures", property(lambda self: []))
    assert run(*given, "--json", *places, "--distance", "fpd", "--figure-format", "svg") == 1
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert found["schema"] == "caloexport.validate-models/1"
    assert [(one["name"], one["verdict"]) for one in found["models"]] == [
        ("new-gan", "pass"), ("old-gan", "fail"),
    ]  # fmt: skip
    assert found["table"][0]["best"] == "new-gan"
    assert [one["distances"][0]["name"] for one in found["models"]] == ["fpd", "fpd"]
    assert "all-new-gan.html" in told.err
    assert {"all.html", "all-new-gan.html", "all-old-gan.html"} <= {
        path.name for path in tmp_path.iterdir()
    }


def test_a_verdict_is_told_before_a_page_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        message = "cannot be written: No space left on device"
        raise OutputFileError(message, where="page.html")

    monkeypatch.setattr("caloexport.report.outputs.Outputs.write_page", full)
    given = two_models(tmp_path)
    for some, verdict in ((given[:4], "verdict: pass"), (given, "verdict of old-gan: fail")):
        assert run(*some, "--html", tmp_path / "page.html") == 3
        printed = capsys.readouterr()
        assert verdict in printed.out
        assert "page.html: cannot be written: No space left" in printed.err


def test_what_models_are_asked_for_leaves_files_beside_them_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "toy.safetensors"
    export(decoder(), "numba", model, verify=False)
    mesh = open_model(model).sampling.mesh
    cells = np.random.default_rng(0).exponential(1.0, (8, *mesh.shape))
    conditions = {"energy_mev": np.full(8, 4e3), "theta_rad": np.full(8, 1.5)}
    made = written(from_arrays(cells, mesh, conditions), tmp_path / "made.h5")
    given = ("--reference", made, "--generated", made, "--json", "--copies", 2, "--geometry", "siw")
    assert run(*given, "--generated", model) in (0, 1)
    models = json.loads(capsys.readouterr().out)["models"]
    assert [one["energy_response"]["points"][0]["n_generated"] for one in models] == [8, 16]
    again = written(from_arrays(cells, mesh, conditions), tmp_path / "again.h5")
    assert run(*given, "--generated", again) == 2
    assert "leave --copies out" in capsys.readouterr().err


def test_a_model_that_is_given_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = two_models(tmp_path)
    assert run(*given, *given[-2:]) == 2
    assert "gan.h5: is given twice" in capsys.readouterr().err


def test_of_several_models_the_one_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = two_models(tmp_path)
    assert run(*given, "--generated", tmp_path / "none.h5") == 3
    assert "none.h5" in capsys.readouterr().err
