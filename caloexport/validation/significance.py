"""How many standard errors a difference must have, when many are looked at, and what chance a χ² has.

Of a hundred differences of samples that are alike, five exceed two standard errors; of the fifty that a
verdict looks at (checks times windows) two or three. Thresholds shared out evenly (Bonferroni) keep the
chance that any of them is called a failure below one in a hundred. Errors that come from few showers are
themselves uncertain, for which Student's law has longer tails.
"""

from __future__ import annotations

import functools
import math
from statistics import NormalDist

#: chance that samples that are alike fail any check
FALSE_ALARM = 0.01
#: degrees of freedom from which Student's quantile is that of an expansion, right to 1e-4 there
MANY = 200


def errors_needed(comparisons: int, showers: int) -> float:
    """Return how many standard errors a difference must exceed.

    Args:
        comparisons: how many differences are looked at.
        showers: of the smaller sample.

    >>> [round(errors_needed(1, 10_000), 2), round(errors_needed(50, 40), 2)]
    [2.58, 4.1]
    """
    return student_quantile(FALSE_ALARM / max(comparisons, 1), max(showers - 1, 1))


@functools.lru_cache(maxsize=1024)  # dozens of checks share the number of showers
def student_quantile(chance: float, degrees: int) -> float:
    """Return t so that |T| > t has a chance, for T of Student's law.

    Below :data:`MANY` degrees of freedom by bisection of the exact law; from there by the expansion of
    Cornish and Fisher in 1/degrees.

    >>> round(student_quantile(0.01, 3), 3), round(student_quantile(0.05, 1), 3)
    (5.841, 12.706)
    """
    if degrees >= MANY:
        z = NormalDist().inv_cdf(1 - chance / 2)
        first = (z**3 + z) / (4 * degrees)
        return z + first + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    low, high = 0.0, math.pi / 2
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _inside(middle, degrees) < 1 - chance else (low, middle)
    return math.tan(low) * math.sqrt(degrees)


def _inside(angle: float, degrees: int) -> float:
    """Return the chance of |T| < tan(angle) √degrees.

    Source: Abramowitz and Stegun, 26.7.3 and 26.7.4.
    """
    odd = degrees % 2
    term, total = math.cos(angle) if odd else 1.0, 0.0
    for k in range(2 + odd, degrees + 1, 2):
        total += term
        term *= (k - 1) / k * math.cos(angle) ** 2
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if odd else total


def chi2_chance(chi2: float, ndf: int) -> float:
    """Return the chance of a larger χ².

    Args:
        chi2: not negative.
        ndf: its degrees of freedom, one or more.

    Source: Abramowitz and Stegun, 26.4.4 and 26.4.5.

    >>> round(chi2_chance(3.841, 1), 4), round(chi2_chance(18.307, 10), 4)
    (0.05, 0.05)
    """
    half = chi2 / 2
    odd = ndf % 2
    total = math.erfc(math.sqrt(half)) if odd else 0.0
    # each term from its logarithm: the exponential alone may be less than any number
    for k in range(ndf // 2):
        power = k + odd / 2
        if half > 0:
            total += math.exp(power * math.log(half) - half - math.lgamma(power + 1))
        elif power == 0:
            total += 1.0
    return total
