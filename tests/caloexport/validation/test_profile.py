from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import CaloexportError, InputFileError, UnknownName
from caloexport.validation.profile import Demand, load_profile


def profile(folder: Path, text: str | bytes) -> str:
    path = folder / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    found = load_profile(profile(tmp_path, "[EN001]\nthreshold = 1\n[CE001]\nrequired = true\n"))
    default = load_profile()
    assert found["EN001"] == Demand(1.0, default["EN001"].required)
    assert found["CE001"] == Demand(default["CE001"].threshold, True)
    assert {code for code in default if found[code] != default[code]} == {"EN001", "CE001"}


def test_a_file_may_start_from_another_profile(tmp_path: Path) -> None:
    found = load_profile(profile(tmp_path, 'base = "strict"\n'))
    assert found == load_profile("strict") != load_profile()


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("[EN001", InputFileError, "mine.toml: is not TOML"),
        (b"\xff\xfe", InputFileError, "mine.toml: is not TOML"),
        (b"", InputFileError, "mine.toml: is empty"),
        ("#" * 70_000, InputFileError, "more than 65536 bytes"),
        ("EN001 = 3", InputFileError, "EN001 holds 3, expected a table"),
        ("[EN001]\ntreshold = 1", InputFileError, "expected a table of threshold and required"),
        ('[EN001]\nthreshold = "a"', InputFileError, "threshold of EN001 is 'a'"),
        ("[EN001]\nthreshold = true", InputFileError, "threshold of EN001 is True"),
        ("[EN001]\nthreshold = nan", InputFileError, "threshold of EN001 is nan"),
        ("[EN001]\nthreshold = inf", InputFileError, "threshold of EN001 is inf"),
        ("[EN001]\nthreshold = -1", InputFileError, "threshold of EN001 is -1"),
        ('[EN001]\nrequired = "yes"', InputFileError, "required of EN001 is 'yes'"),
        ("base = 3", InputFileError, "base is 3, expected one of default, strict"),
        ('base = "strickt"', UnknownName, "unknown profile 'strickt'"),
        ("[EN999]\nthreshold = 1", UnknownName, "unknown check 'EN999'"),
    ],
)
def test_mistakes_in_a_file_are_named(
    tmp_path: Path, text: str | bytes, error: type[CaloexportError], said: str
) -> None:
    with pytest.raises(error) as caught:
        load_profile(profile(tmp_path, text))
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputFileError, match=r"none\.toml: cannot be read"):
        load_profile("none.toml")
