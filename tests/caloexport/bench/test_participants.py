"""Who takes part, and in which precisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caloexport.bench.participants import everybody, offered, participants
from caloexport.bench.peers import peers
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import MissingDependency, UnknownName, UnsupportedError
from caloexport.runtime.generator import Generator
from tests.networks import decoder


def names(precisions: tuple[str, ...], named: tuple[str, ...] = ()) -> list[str]:
    return [one.name for one in participants(decoder(), named, precisions, lambda text: None)]


def test_float32_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(backends["cpp"]), "require", lambda self: None)
    found = names(())
    assert found[:3] == ["numba float32", "cpp float32", "numpy float32"]
    assert {"litert float32", "onnxruntime-binding float32", "onnxruntime float32"} <= set(found)
    assert all(name.endswith(" float32") for name in found)


def test_a_family_takes_in_all_of_its_kind() -> None:
    found = names(("int8",))
    assert {"onnxruntime int8", "onnxruntime int8-qdq", "litert int8"} <= set(found)
    assert "numpy int8" not in found
    assert names(("int8-qdq",)) == ["onnxruntime int8-qdq"]


def test_precisions_add_up() -> None:
    named = ("litert", "onnxruntime-run")
    expected = ["litert float32", "litert int8", "onnxruntime-run float32"]
    assert names(("float32", "int8"), named) == expected


def test_an_artifact_is_measured_in_its_own_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = decoder()
    rounded = Generator(replace(generator.manifest, precision="int8"), lambda: generator.network)
    monkeypatch.setattr("caloexport.bench.participants.OURS", "onnxruntime")
    found = participants(rounded, ("litert",), (), lambda text: None)
    assert [one.name for one in found] == ["litert int8"]


def test_peers_may_stay_away() -> None:
    found = participants(decoder(), (), (), lambda text: None, with_peers=False)
    assert found
    assert not any(one.is_peer for one in found)


def test_who_is_named_must_offer_what_is_wanted() -> None:
    with pytest.raises(UnsupportedError, match=r"numpy does not compute in int8.*float32"):
        names(("int8",), ("numpy", "litert"))


def test_no_two_have_one_name() -> None:
    assert not set(backends) & set(peers)
    assert len(everybody()) == len(set(everybody()))


@pytest.mark.parametrize("name", peers.names())
def test_every_peer_offers_known_precisions(name: str) -> None:
    assert set(offered(name)) <= {"float32", "bfloat16", "int8"}


def test_who_is_missing_is_noted_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(backends["onnxruntime"]), "available", lambda self: False)
    notes: list[str] = []
    found = participants(decoder(), (), ("float32",), notes.append)
    assert "onnxruntime" not in [one.backend for one in found]
    assert any("pip install 'caloexport[onnx]'" in note for note in notes)
    with pytest.raises(MissingDependency):
        participants(decoder(), ("numba", "onnxruntime"), ("float32",), notes.append)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("litert", "caloexport[bench]"),
        ("openvino", "caloexport[bench]"),
        ("ncnn", "caloexport[bench]"),
        ("torch", "pip install torch"),
        ("onnxruntime-run", "caloexport[onnx]"),
    ],
)
def test_a_missing_peer_gives_its_install_line(
    name: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caloexport.bench.peers.installed", lambda module: False)
    notes: list[str] = []
    participants(decoder(), (), (), notes.append)
    assert any(note.startswith(f"{name} left out") and line in note for note in notes)
    with pytest.raises(MissingDependency) as caught:
        participants(decoder(), (name,), (), notes.append)
    assert caught.value.exit_code == 5
    assert line in str(caught.value)


def test_who_cannot_is_noted_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(backends["numba"]), "supports", lambda self, manifest: False)
    notes: list[str] = []
    found = participants(decoder(), (), ("float32",), notes.append)
    assert "numba" not in [one.backend for one in found]
    assert "numba left out" in notes[0]
    with pytest.raises(UnsupportedError):
        participants(decoder(), ("numba",), ("float32",), notes.append)


def test_a_missing_compiler_gives_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    notes: list[str] = []
    found = participants(decoder(), (), ("float32",), notes.append, with_peers=False)
    assert "cpp" not in [one.backend for one in found]
    assert any(note.startswith("cpp left out") and "apt-get install g++" in note for note in notes)


def test_unknown_names() -> None:
    with pytest.raises(UnknownName, match="backend 'nunba'"):
        participants(decoder(), ("nunba",), ("float32",), print)
    with pytest.raises(UnknownName, match="precision 'float8'"):
        participants(decoder(), (), ("float8",), print)
