"""Compile C++ sources as users do, and run what comes out."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.programs import require_program

STRICT = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
#: stop at the first fault of memory or behaviour
SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g")
#: what stands for a framework that is not installed
STANDINS = Path(__file__).parent / "standins"


class Compiler:
    """One compiler, and the programs that it made in this session.

    A program is compiled once however many tests ask for it: its name holds a hash of the command
    and of everything below the sources' folders and the include folders.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.path = require_program(name)
        self._folder = folder

    def program(
        self,
        sources: Iterable[Path],
        *,
        includes: Sequence[Path] = (),
        system_includes: Sequence[Path] = (),
        flags: Sequence[str] = (),
        libraries: Sequence[str] = (),
        standard: str = "c++17",
        optimisation: str = "-O1",
    ) -> Path:
        """Compile and link sources, without a warning, and return the program.

        Args:
            sources: C++ files.
            includes: folders with headers that must be free of warnings, too.
            system_includes: folders with the headers of others.
            flags: more of them, for example ``-fsanitize=address``.
            libraries: what follows the sources, for example ``-ldl``.
            standard: of the language.
            optimisation: -O1 where speed is not the point.
        """
        command = [self.path, f"-std={standard}", optimisation, *STRICT, *flags]
        command += [f"-I{folder}" for folder in includes]
        command += [word for folder in system_includes for word in ("-isystem", str(folder))]
        files = [Path(source) for source in sources]
        command += [*map(str, files), *libraries]
        program = self._folder / f"{files[0].stem}-{_hash(command, [*files, *includes])}"
        if not program.is_file():
            done = _run([*command, "-o", str(program)])
            assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"
        return program

    def text(self, source: str, **options: object) -> Path:
        """Compile a program that is given as text; options as those of ``program``."""
        name = hashlib.sha256(source.encode()).hexdigest()[:16]
        folder = self._folder / f"source-{name}"
        folder.mkdir(exist_ok=True)
        path = folder / "main.cc"
        path.write_text(source, "utf-8")
        return self.program([path], **options)  # type: ignore[arg-type]

    def refusal(self, source: Path, *flags: str) -> str:
        """Return what the compiler says of a source that it must refuse."""
        done = _run([self.path, "-fsyntax-only", *flags, str(source)])
        assert done.returncode != 0, f"{self.name} accepts {source}"
        return done.stderr


def run(
    program: Path,
    *arguments: str | Path,
    status: int = 0,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    seconds: float = 120,
) -> str:
    """Run a program and return what it printed; its exit code must be ``status``.

    Args:
        program: as made by ``Compiler.program``.
        arguments: of the program.
        status: the exit code to expect.
        environment: variables on top of ours.
        folder: to run it in.
        seconds: after which a program hangs.
    """
    done = subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | dict(environment or {}),
        timeout=seconds,
    )
    told = f"{program.name} gave {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
    assert done.returncode == status, told
    return done.stdout


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _hash(command: Sequence[str], inputs: Iterable[Path]) -> str:
    digest = hashlib.sha256("\0".join(command).encode())
    for path in inputs:
        folder = path if path.is_dir() else path.parent
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            digest.update(f"{file}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
