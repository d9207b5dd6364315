"""Tables of a comparison, from its JSON."""

from __future__ import annotations

from caloexport.training.adapt.arms import ADAPTED, SCRATCH
from caloexport.training.adapt.table import comparison_markdown
from tests.caloexport.training.adapt.made_up import course, told

COURSES = [
    course(ADAPTED, 0, (0, 0.5), (10, 0.1), (40, 0.02)),
    course(ADAPTED, 1, (0, 0.5), (20, 0.1), (40, 0.04)),
    course(SCRATCH, 0, (0, 0.9), (40, 0.1)),
    course(SCRATCH, 1, (0, 0.9), (30, 0.2)),
]


def cells(lines: str, start: str) -> list[list[str]]:
    """Return the cells of the rows of a start, in all tables of a page."""
    rows = [line.strip("| ").split(" | ") for line in lines.splitlines() if line.startswith("|")]
    return [row for row in rows if row[1] == start]


def test_updates_and_what_is_left_at_the_end() -> None:
    text = comparison_markdown(told(COURSES, 40))
    assert cells(text, "start")[0][-2:] == ["L1 after 40", "FPD (floor 0.1 ± 0.02)"]
    adapted, scratch = cells(text, ADAPTED)[0], cells(text, SCRATCH)[0]
    assert adapted[:4] == ["100", ADAPTED, "15 ± 7 (0.2 s)", "40 ± 0 (0.4 s)"]
    assert adapted[4:] == ["not reached (1 of 2)", "0.030 ± 0.014", "0.3 ± 0.1"]
    assert scratch[2:5] == ["not reached (1 of 2)", "not reached", "not reached"]
    assert scratch[5] == "0.150 ± 0.071 (1 of 2 diverged)"
    assert "seconds of 2 trainings side by side" in text
    assert "26 features 'short' of 300 showers, all together" in text


def test_ratios_of_each_start_but_the_fresh_one() -> None:
    text = comparison_markdown(told(COURSES, 40))
    assert cells(text, ADAPTED)[1][2:] == [
        "reached by some seeds from scratch alone", "> 1 (not reached from scratch)", "not reached",
    ]  # fmt: skip
    assert len(cells(text, SCRATCH)) == 1


def test_what_was_measured_where_and_what_is_published() -> None:
    text = comparison_markdown(told(COURSES, 40))
    assert "2 seeds of each; a processor, 1 thread of TensorFlow." in text
    assert "the published 527 compares unlike steps" in text


def test_without_fpd_the_reason_is_told() -> None:
    courses = [course(ADAPTED, 0, (0, 0.5), (40, 0.02))]
    given = told(courses, 40)
    given["test"] = {"fpd": None, "without_fpd": "needs 420 test showers"}
    for one in given["courses"]:
        one["places"][-1]["fpd"] = None
    text = comparison_markdown(given)
    assert cells(text, ADAPTED)[0][-2:] == ["0.020", "–"]
    assert "no FPD: needs 420 test showers" in text
