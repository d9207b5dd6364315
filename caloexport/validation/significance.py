"""How many standard errors a difference must have, when many are looked at.

Of a hundred differences of samples that are alike, five exceed two standard errors; of the fifty that a
verdict looks at (checks times windows) two or three. Thresholds shared out evenly (Bonferroni) keep the
chance that any of them is called a failure below one in a hundred. Errors that come from few showers are
themselves uncertain, for which Student's law has longer tails.
"""

from __future__ import annotations

from statistics import NormalDist

#: chance that samples that are alike fail any check
FALSE_ALARM = 0.01


def errors_needed(comparisons: int, showers: int) -> float:
    """Return how many standard errors a difference must exceed.

    Student's quantile is that of the expansion of Cornish and Fisher in 1/(showers - 1), which is a
    little low for fewer than ten showers.

    Args:
        comparisons: how many differences are looked at.
        showers: of the smaller sample.

    >>> [round(errors_needed(1, 10_000), 2), round(errors_needed(50, 40), 2)]
    [2.58, 4.1]
    """
    z = NormalDist().inv_cdf(1 - FALSE_ALARM / (2 * max(comparisons, 1)))
    degrees = max(showers - 1, 1)
    first = (z**3 + z) / (4 * degrees)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    return z + first + second
