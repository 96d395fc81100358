"""What the age of an article takes from its score, for those who sort by `recent`.

The age is counted from the newest article found, not from today: so the order is the same
tomorrow, and an archive of 1998 has recent articles as well.
"""

from __future__ import annotations

HALF_LIFE = 365
"""Days after which what age can take is half taken."""

FLOOR = 0.5
"""Share of its score that an article keeps however old it is; one without a date has this."""

RECENCY = "its age, beside the newest article found"
"""How this is called in an explanation."""

_MONTH = 30.4375


def days(date: int) -> float:
    """Return a date, as YYYYMMDD, in days: near enough for an age."""
    return (date // 10_000 * 12 + date // 100 % 100) * _MONTH + date % 100


def share(date: int, newest: int) -> float:
    """Return the share of its score that an article keeps. Dates are YYYYMMDD, 0 for none.

    One that is newer than `newest` was not found, or nothing found has a date: it keeps all.

    >>> share(20230801, newest=20230801), round(share(20220801, newest=20230801), 3), share(0, 20230801)
    (1.0, 0.75, 0.5)
    """
    if not date:
        return FLOOR
    age = max(0.0, days(newest) - days(date))
    return FLOOR + (1 - FLOOR) * float(2 ** (-age / HALF_LIFE))
