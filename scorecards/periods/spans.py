"""Spans of days by their numbers, half open: joined where they touch, and what they leave of another."""

from collections.abc import Iterable

Span = tuple[int, int]  # first day, and the day after the last


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return `spans` in order, those that overlap or touch joined."""
    joined: list[Span] = []
    for first, end in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((first, end))
    return tuple(joined)


def left_of(span: Span, taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of `span` that none of `taken` covers, in order."""
    first, end = span
    left = []
    for start, stop in merged(taken):
        if start > first:
            left.append((first, min(start, end)))
        first = max(first, stop)
        if first >= end:
            break
    if first < end:
        left.append((first, end))
    return tuple(part for part in left if part[0] < part[1])
