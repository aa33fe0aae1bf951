"""The thirteen digits of a Thai citizen number, the last of which checks the others."""

from __future__ import annotations

DIGITS = 13


def checks(digits: str) -> bool:
    """Whether these are thirteen Arabic digits with a right check digit."""
    if len(digits) != DIGITS or not digits.isdecimal():
        return False
    total = sum((DIGITS - place) * int(digit) for place, digit in enumerate(digits[:-1]))
    return (11 - total % 11) % 10 == int(digits[-1])
