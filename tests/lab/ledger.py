"""The rows of the audit, as tests count them."""

import collections


def by_name(house):
    """name as it was typed -> flow -> its rows as (what, outcome), oldest first."""
    names = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in house.audit():
        names[row["who"]][row["flow"]].append((row["what"], row["outcome"]))
    return names


def count(flows, what, *outcomes):
    """How many such rows each flow of a name has, the most of them."""
    return max((sum(row == (what, outcome) for row in rows for outcome in outcomes)
                for rows in flows.values()), default=0)
