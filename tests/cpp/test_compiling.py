"""The compiler fixture refuses what users' compilers would warn of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cpp.compiling import SANITIZED, Compiler, run
from tests.programs import require_program

pytestmark = pytest.mark.system

ECHO = """
#include <cstdio>
int main(int count, char** words) {
  std::printf("%s", words[count - 1]);
  return count - 1;
}
"""


def test_a_program_gets_its_arguments_and_gives_its_exit_code(compiler: Compiler) -> None:
    program = compiler.text(ECHO)
    assert run(program, "one", "two", status=2) == "two"
    with pytest.raises(AssertionError, match="gave 1, not 0\ntold"):
        run(program, "told")


def test_a_program_is_compiled_once_and_again_when_a_header_changes(
    compiler: Compiler, tmp_path: Path
) -> None:
    header, source = tmp_path / "include" / "answer.h", tmp_path / "main.cc"
    header.parent.mkdir()
    header.write_text("inline int answer() { return 3; }\n")
    source.write_text('#include "answer.h"\nint main() { return answer(); }\n')
    first = compiler.program([source], includes=[header.parent])
    stamp = first.stat().st_mtime_ns
    again = compiler.program([source], includes=[header.parent])
    assert (again, again.stat().st_mtime_ns) == (first, stamp)
    header.write_text("inline int answer() { return 4; }\n")
    changed = compiler.program([source], includes=[header.parent])
    run(first, status=3)
    run(changed, status=4)


@pytest.mark.parametrize(
    "line",
    ["int unused = 1;", "float narrowed = 1.5;", "for (int words = 0; words;) {}"],
    ids=["unused", "conversion", "shadow"],
)
def test_warnings_are_errors(compiler: Compiler, line: str) -> None:
    body = line.replace("1.5", "0.1 * count")
    source = ECHO.replace("std::printf", f"{body} std::printf")
    with pytest.raises(AssertionError, match="error:"):
        compiler.text(source)


def test_the_sanitizers_have_their_libraries(compiler: Compiler) -> None:
    outside = "int main(int count, char**) { int one[1] = {0}; return one[count]; }"
    program = compiler.text(outside, flags=SANITIZED)
    with pytest.raises(AssertionError, match="index 1 out of bounds"):
        run(program)


def test_a_missing_program_skips_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match="apt-get install ninja-build"):
        require_program("ninja")
