"""How a file goes up: whole, or in parts, whose size is chosen so that any file fits into as many as a store takes."""

from collections.abc import Iterator, Mapping
from typing import Final

MEBIBYTE: Final = 1024**2
SINGLE_BYTES: Final = 100 * MEBIBYTE
"""Up to this size a file goes up with one PUT."""
LEAST_PART: Final = 8 * MEBIBYTE
"""Small enough to be sent again on a bad line, and more than the 5 MiB that S3 wants of every part but the last."""
MAX_PARTS: Final = 10_000
MAX_FILE: Final = 5 * 1024**4
"""What S3 takes: so many parts of an upload, and so many bytes of an object."""
NAMED: Final = 1000
"""How many missing parts a refusal names at most."""


def is_single(file_size: int) -> bool:
    """Tells whether a file goes up with one PUT."""
    return file_size <= SINGLE_BYTES


def part_size(file_size: int) -> int:
    """Tells how large the parts of a file are, in bytes, the last one apart: whole mebibytes."""
    least = -(-file_size // MAX_PARTS)
    return max(LEAST_PART, -(-least // MEBIBYTE) * MEBIBYTE)


def part_count(file_size: int) -> int:
    """Tells in how many parts a file goes up."""
    return max(1, -(-file_size // part_size(file_size)))


def size_of_part(file_size: int, number: int) -> int:
    """Tells how many bytes a part has; numbers begin with 1."""
    whole = part_size(file_size)
    return min(whole, file_size - (number - 1) * whole)


def missing(file_size: int, held: Mapping[int, int]) -> Iterator[int]:
    """Finds the numbers of the parts that are not held; `held` has the size of each that is."""
    return (number for number in range(1, part_count(file_size) + 1) if number not in held)
