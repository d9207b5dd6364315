from __future__ import annotations

import math
from pathlib import Path

import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.export import export
from caloexport.report.live import description
from caloexport.report.live.serve import PageServer
from caloexport.showers import sample
from tests.networks import decoder

pytest.importorskip("matplotlib")


def test_a_shower_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "shower.svg"
    assert exit_code(["view", str(sample("scipb")), "--index", "7", "-o", str(target)]) == 0
    assert capsys.readouterr().out.strip() == str(target)
    assert "<svg" in target.read_text()


def test_a_shower_of_an_artifact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    monkeypatch.chdir(tmp_path)
    assert exit_code(["view", "toy.safetensors", "--energy", "50GeV", "--geometry", "siw"]) == 0
    assert capsys.readouterr().out.strip() == "toy-shower.png"
    assert (tmp_path / "toy-shower.png").read_bytes().startswith(b"\x89PNG")


def test_an_energy_beyond_the_range_tells_what_can_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    artifact = tmp_path / "toy.safetensors"
    export(decoder(), "numba", artifact, verify=False)
    given = ["--energy", "9TeV", "--geometry", "siw", "-o"]
    wrong = f"{artifact}: energy_mev = 9e+06 is outside the trained range 1000 to 64000 MeV"
    assert exit_code(["view", str(artifact), *given, str(tmp_path / "a.html")]) == 2
    assert wrong in capsys.readouterr().err
    assert exit_code(["view", str(artifact), *given, str(tmp_path / "a.png")]) == 2
    told = capsys.readouterr().err
    assert wrong in told
    assert "hint: choose a value inside" in told
    assert "out_of_range" not in told  # a word of Python, and no option of view


def test_the_live_page_of_an_artifact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    monkeypatch.chdir(tmp_path)
    assert exit_code(["view", "toy.safetensors", "--theta", "80deg", "-o", "toy.html"]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == "toy.html"
    assert "MB, opens in any browser, needs no network" in printed.err
    page = (tmp_path / "toy.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert f'"value":{math.radians(80)}' in page


def test_the_live_page_is_served_until_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    answers = []

    def run(server: PageServer) -> None:
        answers.append(server.address)
        raise KeyboardInterrupt

    monkeypatch.setattr(PageServer, "run", run)
    assert exit_code(["view", str(tmp_path / "toy.safetensors"), "--serve"]) == 130
    assert capsys.readouterr().out.splitlines() == answers
    assert [p.name for p in tmp_path.iterdir()] == ["toy.safetensors"]


def test_a_layer_that_the_page_cannot_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    monkeypatch.setattr(description, "known_kinds", lambda: frozenset({"dense"}))
    page = tmp_path / "toy.html"
    assert exit_code(["view", str(tmp_path / "toy.safetensors"), "-o", str(page)]) == 4
    assert "does not have the layer kind 'activation' of layer" in capsys.readouterr().err
    assert not page.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["{siw}", "-o", "{folder}/a.html"], 2, "a live page is that of a decoder"),
        (["{siw}", "--serve"], 2, "a live page is that of a decoder"),
        (["{siw}", "--serve", "-o", "{folder}/a.html"], 2, "--serve writes no file"),
        (["{siw}", "--port", "8000", "-o", "{folder}/a.png"], 2, "means nothing without --serve"),
        (["{text}", "-o", "{folder}/a.html"], 3, "safetensors"),
        (["{siw}", "-o", "{folder}/a.jpg"], 2, "does not end in .png, .svg, .pdf"),
        (["{siw}", "-o", "{folder}/a.png", "--index", "256"], 2, "there is no shower 256"),
        (["{siw}", "-o", "{folder}/a.png", "--energy", "5GeV"], 2, "choose nothing in a shower"),
        (["{siw}", "-o", "{folder}/a.png", "--energy", "5"], 2, "has no unit"),
        (["missing.h5", "-o", "{folder}/a.png"], 3, "No such file"),
        (["{text}", "-o", "{folder}/a.png"], 3, ", a file of showers (HDF5 or ROOT)"),
        (["{empty}", "-o", "{folder}/a.png"], 3, "is empty, expected a model or a file of showers"),
    ],
)
def test_mistakes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    (tmp_path / "text").write_text("plain text, longer than eight bytes")
    (tmp_path / "empty").touch()
    places = {
        "siw": sample("siw"),
        "text": tmp_path / "text",
        "empty": tmp_path / "empty",
        "folder": tmp_path,
    }
    assert exit_code(["view", *(one.format(**places) for one in arguments)]) == code
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "text"]


@pytest.mark.parametrize("place", ["none/a.png", "."])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(["view", "missing.h5", "-o", place]) == 3
    assert capsys.readouterr().err.startswith(f"caloexport: {place}: ")
