"""When trainings came within a distance."""

from __future__ import annotations

import pytest

from caloexport.training.adapt.arms import ADAPTED, SCRATCH
from caloexport.training.adapt.courses import Course
from caloexport.training.adapt.reached import ratio, reached
from tests.caloexport.training.adapt.made_up import course, place


def test_a_distance_is_reached_where_all_energies_are_within() -> None:
    one = Course("a", 100, 0, [place(0, 0.5, 0.4), place(10, 0.04, 0.3), place(20, 0.09, 0.05)])
    other = Course("a", 100, 1, [place(0, 0.5, 0.5), place(10, 0.1, 0.1), place(20, 0.2, 0.2)])
    found = reached([one, other], "a", 100, 0.1)
    assert (found.updates, found.seeds, found.of) == (15.0, 2, 2)
    assert found.seconds == pytest.approx(0.15)
    assert found.updates_spread == pytest.approx(50**0.5)
    some, none = (reached([one, other], "a", 100, distance) for distance in (0.09, 0.01))
    assert (some.updates, some.seeds) == (None, 1)
    assert (none.updates, none.seeds) == (None, 0)


def test_the_ratio_is_that_of_each_seed() -> None:
    courses = [
        course(ADAPTED, 0, (0, 0.5), (10, 0.1), (40, 0.02)),
        course(ADAPTED, 1, (0, 0.5), (20, 0.1), (40, 0.05)),
        course(SCRATCH, 0, (0, 0.9), (50, 0.1), (400, 0.05)),
        course(SCRATCH, 1, (0, 0.9), (200, 0.1), (400, 0.09)),
    ]
    found = ratio(courses, ADAPTED, 100, 0.1)
    assert found.times == pytest.approx((5 + 10) / 2)
    assert found.times_spread == pytest.approx(12.5**0.5)
    half = ratio(courses, ADAPTED, 100, 0.05)
    assert (half.times, half.at_least) == (None, None)
    assert half.why == "reached by some seeds from scratch alone"
    assert ratio(courses, ADAPTED, 100, 0.03).why == "not reached"


def test_a_ratio_that_cannot_be_said_says_why() -> None:
    at_once = course(ADAPTED, 0, (0, 0.05), (40, 0.02))
    never = course(SCRATCH, 0, (0, 0.9), (400, 0.06))
    assert ratio([at_once, never], ADAPTED, 100, 0.1).why == "reached before any update"
    least = ratio([at_once, never], ADAPTED, 100, 0.03)
    assert (least.times, least.at_least) == (None, 10.0)
    assert least.why == "not reached from scratch"
