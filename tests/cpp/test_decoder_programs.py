"""Generated decoders in programs: two of them, several sources, several threads."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from caloexport.converters.cpp.facts import facts_of
from caloexport.converters.cpp.mark import read_mark
from caloexport.converters.cpp.physics import physics_headers
from caloexport.converters.cpp.references import reference_showers
from tests.cpp.compiling import Compiler, run
from tests.cpp.decoders import Written, decoders, generator
from tests.cpp.kernels.library import HERE

__all__ = ["decoders"]
pytestmark = pytest.mark.system
PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="module")
def headers(decoders: Written, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two decoders, and the headers that snippets have of one of them."""
    folder = tmp_path_factory.mktemp("headers")
    for name in ("cylinder", "layered"):
        path = decoders(name, "float32", False)
        for one in (path, path.with_suffix(".safetensors")):
            shutil.copy(one, folder)
    one = generator("cylinder")
    facts = facts_of(one.manifest, reference_showers(one.manifest, one))
    for name, text in physics_headers(facts).items():
        (folder / name).write_text(text)
    return folder


def test_two_generators_share_a_program(compiler: Compiler, headers: Path) -> None:
    sources = [PROGRAMS / f"{name}.cc" for name in ("two_decoders", "another_source_of_decoders")]
    program = compiler.program(sources, includes=[headers])
    weights = [headers / f"{name}.safetensors" for name in ("cylinder", "layered")]
    lines = run(program, *weights).splitlines()
    assert [line.split()[0] for line in lines] == ["cylinder", "layered", "cylinder"]
    assert all("16 of 16 test vectors and 4 of 4 reference showers agree" in x for x in lines)
    worst = [re.findall(r"the worst at (\S+) % of what is tolerated", x)[0] for x in lines]
    assert worst == [f"{float(number):.3g}" for number in worst]


@pytest.mark.parametrize(
    "flags", [("-O3", "-march=native"), ("-O0", "-Wpedantic"), ("-std=c++20", "-Wpedantic")]
)
def test_other_options_of_the_compiler_change_nothing(
    flags: tuple[str, ...], compiler: Compiler, headers: Path
) -> None:
    program = compiler.program([PROGRAMS / "decoder.cc"], includes=[headers], flags=flags)
    assert "agree" in run(program, headers / "cylinder.safetensors")


@pytest.mark.parametrize("level", ["portable", "avx2", "avx512"])
def test_the_level_may_be_chosen_at_compile_time(
    level: str, any_compiler: Compiler, headers: Path
) -> None:
    flags = [f"-DCALOEXPORT_INSTRUCTIONS={level}"]
    program = any_compiler.program([PROGRAMS / "decoder.cc"], includes=[headers], flags=flags)
    if level not in HERE:
        told = run(program, headers / "cylinder.safetensors", status=3)
        assert f"asks for {level}, the best of this CPU is" in told
    else:
        assert f"with {level} instr" in run(program, headers / "cylinder.safetensors")


def test_two_generators_of_one_name_are_refused(
    any_compiler: Compiler, decoders: Written, tmp_path: Path
) -> None:
    first, second = decoders("layered", "float32", False), decoders("layered", "int8", True)
    source = tmp_path / "both.cc"
    source.write_text(f'#include "{first}"\n#include "{second}"\n')
    told = any_compiler.refusal(source, "-std=c++17")
    assert "another generator of the name layered is included already" in told
    source.write_text(f'#include "{first}"\n' * 2 + "int main() {}\n")
    any_compiler.program([source])


def test_two_precisions_of_one_name_share_a_program_in_two_sources(
    any_compiler: Compiler, decoders: Written, tmp_path: Path
) -> None:
    sources = []
    for precision in ("float32", "int8"):
        header = decoders("layered", precision, True)
        sources.append(tmp_path / f"{precision}.cc")
        sources[-1].write_text(
            f'#include "{header}"\n'
            f"const char* hash_of_{precision}() {{\n"
            "  static const caloexport::layered::Decoder decoder;\n"
            "  return decoder.selftest() ? caloexport::layered::manifest_sha256 : nullptr;\n"
            "}\n"
        )
    main = tmp_path / "main.cc"
    main.write_text(
        "#include <cstdio>\n"
        "const char* hash_of_float32();\n"
        "const char* hash_of_int8();\n"
        'int main() { std::printf("%s\\n%s\\n", hash_of_float32(), hash_of_int8()); }\n'
    )
    # without optimisation no function is inlined: the linker has to choose among equal names
    told = run(any_compiler.program([main, *sources], optimisation="-O0")).split()
    expected = [
        read_mark(decoders("layered", one, True)).manifest_sha256 for one in ("float32", "int8")
    ]
    assert told == expected
