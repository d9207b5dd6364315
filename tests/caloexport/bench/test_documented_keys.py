"""docs/bench.md names every key, and no other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from caloexport.bench.bandwidth import Bandwidth
from caloexport.bench.certificate import certificate
from caloexport.bench.results import Result
from tests.caloexport.bench.recorded import result, results

PAGE = (Path(__file__).parents[3] / "docs" / "bench.md").read_text("utf-8")


def documented() -> list[list[str]]:
    tables = re.findall(r"\| key \| what \|\n\| --- \| --- \|\n((?:\|.*\n)+)", PAGE)
    return [re.findall(r"^\| `(\w+)` \|", rows, flags=re.MULTILINE) for rows in tables]


def test_the_documented_keys_are_those_of_the_code(tmp_path: Path) -> None:
    found = results(result([1.0]))
    certified = certificate(
        found, ["numba"], 1.0, artifact=tmp_path, manifest_hash="", now=datetime.now(UTC)
    )
    expected = [certified, found.to_json(), Result.__dataclass_fields__]
    expected.append(Bandwidth.__dataclass_fields__)
    for keys, known in zip(documented(), expected, strict=True):
        assert sorted(keys) == sorted(known)
