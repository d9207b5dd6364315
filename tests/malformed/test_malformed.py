"""Every malformed file ends in exit code 3 or 4 with one clear sentence, quickly and cheaply."""

from __future__ import annotations

import pytest

from tests.malformed.corpus import FORMATS, corpus
from tests.malformed.damage import Case
from tests.malformed.sandbox import CPU_SECONDS, IMPORT_SECONDS, MEMORY_BYTES, Outcome, run_all

#: of each format, and of all of them together
FEWEST_PER_FORMAT, FEWEST = 20, 200


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Case, Outcome]]]:
    found = {}
    for name in FORMATS:
        cases = corpus(name, tmp_path_factory.mktemp(name))
        commands = [["-q", "inspect", str(case.path), *case.options] for case in cases]
        results = run_all(commands, FORMATS[name].LIBRARIES)
        found[name] = list(zip(cases, results, strict=True))
    return found


def complaint(case: Case, outcome: Outcome) -> str | None:
    """Say what is wrong with the outcome of a malformed file; None when it is as it should be."""
    lines = outcome.stderr.strip().splitlines()
    if outcome.code not in (3, 4):
        last = lines[-1] if lines else "nothing printed"
        return f"{case.name}: exit code {outcome.code}, {last:.150}"
    if "Traceback" in outcome.stderr or not lines or len(lines) > 2:
        return f"{case.name}: not one sentence and one hint but {outcome.stderr[-500:]!r}"
    if not lines[0].startswith("caloexport: ") or case.path.name not in lines[0]:
        return f"{case.name}: the file is not named: {lines[0]!r}"
    if outcome.cpu_seconds > CPU_SECONDS + IMPORT_SECONDS or outcome.peak_bytes > MEMORY_BYTES:
        return f"{case.name}: {outcome.cpu_seconds:.1f} s, {outcome.peak_bytes / 1e6:.0f} MB"
    return None


@pytest.mark.parametrize("name", FORMATS)
def test_every_malformed_file_is_refused_in_one_sentence(
    name: str, outcomes: dict[str, list[tuple[Case, Outcome]]]
) -> None:
    assert len(outcomes[name]) >= FEWEST_PER_FORMAT
    complaints = [complaint(case, outcome) for case, outcome in outcomes[name]]
    wrong = [text for text in complaints if text is not None]
    assert not wrong, f"{len(wrong)} of {len(complaints)}:\n" + "\n".join(wrong)


def test_the_corpus_is_large(outcomes: dict[str, list[tuple[Case, Outcome]]]) -> None:
    assert sum(len(cases) for cases in outcomes.values()) >= FEWEST
