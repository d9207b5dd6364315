"""Open any model: the content decides what it is, the suffix does not matter."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.isolation import read_isolated
from caloexport.converters.readers import Choices, readers
from caloexport.converters.rewrites.one_output import one_output
from caloexport.converters.targets import targets
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.files import existing_file
from caloexport.runtime.generator import Generator

#: choices that mean something for every model
GENERAL = ("output",)

#: first bytes of what people mistake for a model -> what it is
KNOWN = {
    b"\x80": "a Python pickle, which could run code",
    b"\x1f\x8b": "a gzip archive",
    b"\x93NUMPY": "a numpy array",
    b"root": "a ROOT file",
    b"%PDF": "a PDF document",
    b"{": "a JSON text",
    b"[": "a JSON text",
}


def open_model(
    path: str | Path,
    choices: Choices | None = None,
    *,
    backend: str | None = None,
    also: str | None = None,
) -> Generator:
    """Open a model of any format that we read.

    Args:
        path: the file or folder.
        choices: what the file does not say.
        backend: ``"numpy"`` or ``"numba"`` for sampling; None takes numba if it is installed.
        also: what else the user may give in its place, for messages; None for nothing.

    Returns:
        a generator; that of a foreign file is a bare network, as such a file does not tell what
        its inputs and outputs mean.

    Raises:
        InputFileError: it is missing, damaged, of no format that can be read, or has weights that
            are not finite.
        UnsupportedError: a layer that networks cannot express, or a format that is written only.
        UsageError: the output that is chosen does not exist.
    """
    path, choices = Path(path), choices or Choices()
    name = format_of(path, also)
    refuse_unused(choices, path)
    if readers[name].isolated:
        generator = read_isolated(name, path, choices)
    else:
        generator = readers[name].read(path, choices)
    generator.network.require_finite(str(path))
    if choices.output is not None and "output" not in readers[name].uses:
        generator = _taking(generator, choices.output, path)
    return generator.using(backend)


def _taking(generator: Generator, name: str, path: Path) -> Generator:
    """Return the generator with the output that the user takes; its reader did not look."""
    network, manifest = generator.network, generator.manifest
    if name not in network.outputs:
        message = f"{path} has no output '{name}'"
        raise UsageError(message, hint=f"outputs: {', '.join(network.outputs)}")
    return Generator.from_network(
        one_output(network, name),
        manifest.sampling,
        name=manifest.name,
        provenance=dict(manifest.provenance),
        interface=manifest.interface,
    )


def refuse_unused(choices: Choices, *paths: Path) -> None:
    """Refuse choices that no reader of the files looks at: they would be lost without a word.

    Raises:
        UsageError: naming the first such choice.
    """
    given = choices.given()
    if not given:
        return
    found = [readers[name] for name in map(_reader_of, paths) if name is not None]
    for choice in given:
        if not any(choice in (*reader.uses, *GENERAL) for reader in found):
            what = " and ".join(dict.fromkeys(reader.summary for reader in found))
            message = f"--{choice} means nothing for {what or 'it'}"
            raise UsageError(message, where=str(paths[0]), hint="leave it out")


def choices_for(path: Path, choices: Choices) -> Choices:
    """Return those of the choices that the reader of a file looks at."""
    name = _reader_of(path)
    return Choices() if name is None else choices.only((*readers[name].uses, *GENERAL))


def format_of(path: Path, also: str | None = None) -> str:
    """Return the name of the reader that takes a file or folder.

    Args:
        path: the file or folder.
        also: what else the user may give, for messages.

    Raises:
        InputFileError: it is missing, or no reader recognises it.
        UnsupportedError: a format that is written only.
    """
    wanted = "model" if also is None else f"model or {also}"
    name = _reader_of(path, wanted)
    if name is None:
        raise _not_a_model(path, b"" if path.is_dir() else _start_of(path, wanted), also)
    return name


def _reader_of(path: Path, wanted: str = "model") -> str | None:
    start = b"" if path.is_dir() else _start_of(path, wanted)
    return next((name for name in readers if readers[name].recognises(path, start)), None)


def _start_of(path: Path, wanted: str) -> bytes:
    with existing_file(path, wanted).open("rb") as stream:
        return stream.read(4096)


def _not_a_model(path: Path, start: bytes, also: str | None) -> InputFileError | UnsupportedError:
    for name in targets:
        if targets[name].recognises(path):
            message = f"is a file of the target '{name}', which is written and verified only"
            hint = "convert the model that it was made from; caloexport verify replays it"
            return UnsupportedError(message, where=str(path), hint=hint)
    what = "a folder without a manifest.json" if path.is_dir() else _described(start)
    either = "" if also is None else f" nor {also}"
    message = f"is not a model{either}: it is {what}"
    accepted = ", ".join((*(readers[name].summary for name in readers), *filter(None, [also])))
    return InputFileError(message, where=str(path), hint=f"accepted: {accepted}")


def _described(start: bytes) -> str:
    stripped = start.lstrip()
    for magic, what in KNOWN.items():
        if stripped.startswith(magic):
            return what
    printable = all(byte >= 32 or byte in b"\t\n\r" for byte in start[:64])
    return "a text" if printable else f"something that begins with {start[:8].hex(' ')}"
