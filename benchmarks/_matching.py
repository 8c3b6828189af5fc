"""Conferences to match, public and made up, and what is published about them."""

from __future__ import annotations

import argparse
import math
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.match import match
from solver.matching import CONFLICT, Matched, Matching, MatchingError

RANDOM = re.compile(r"(\d+)x(\d+)")
SLACK = 1.25
"""Room of made-up reviewers, as a share of what is wanted, where no most is said."""


@dataclass(frozen=True)
class Published:
    """What is known of a conference: the exact optimum, and what OpenReview's MinMax took and found."""

    exact: float | None = None
    minmax: float | None = None
    minmax_seconds: float | None = None


PUBLISHED = {
    "midl": Published(201.885, 201.841),
    "aamas2021": Published(3507.975, 3507.898, 5.5),
    "1000x500": Published(minmax_seconds=12.7),
    "5000x1500": Published(minmax_seconds=200.0),  # none in that time
}


@dataclass(frozen=True)
class Loads:
    """Reviewers a case, and cases a reviewer at most and at least; None: what the conference says."""

    per_case: int = 3
    most: int | None = None
    least: int = 0


@dataclass(frozen=True)
class Conference:
    """A matching by name: read or made up only where it is solved, in a process of its own.

    Parameters
    ----------
    name : `midl`, `midl-least`, `aamas2021`, RxC (reviewers × cases), or that of the file
    path : the folder of the public ones or the file, None for made-up ones
    """

    name: str
    path: Path | None
    loads: Loads
    seed: int

    def matching(self) -> Matching:
        """Return the numbers."""
        if self.name.startswith("midl") and self.path:
            return _midl(self.path, "least" in self.name)
        if self.name == "aamas2021" and self.path:
            return _aamas(self.path)
        if self.path:
            scores = _read(self.path)
        else:
            rows, columns = map(int, RANDOM.fullmatch(self.name).groups())  # type: ignore[union-attr]
            scores = np.random.default_rng(self.seed).random((rows, columns))
        return self._of_scores(scores)

    def _of_scores(self, scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Matching:
        most = self.loads.most
        if most is None and scores.ndim == 2:
            wanted = self.loads.per_case * scores.shape[1] / max(1, len(scores))
            most = max(4, math.ceil(SLACK * wanted))
        return Matching.of(scores, self.loads.per_case, most or 0, self.loads.least)


def _read(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the file's array; what it holds is judged by whoever makes a matching of it."""
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (ValueError, EOFError) as fault:
        raise MatchingError([f"{path.name} is no .npy file of numbers: {fault}"]) from fault


def _midl(folder: Path, least: bool) -> Matching:
    """MIDL 2018: scores of −1 are conflicts; loads are as given, the least only where it is asked for."""
    found = {path.stem: np.load(path, allow_pickle=False) for path in folder.glob("*.npy")}
    return Matching.of(found["scores"], found["covs"], found["loads"], found["loads-lb"] if least else 0)


def _aamas(folder: Path) -> Matching:
    """AAMAS 2021: likeness of texts × 20 and at most 2, authors excluded; papers are rows in the files."""
    text, authors = (
        np.load(folder / f"aamas_{name}.npy", allow_pickle=False) for name in ("text", "authorship")
    )
    return Matching.of(np.where(authors > 0, CONFLICT, np.minimum(20 * text, 2)).T, 4, 6)


def conferences(options: argparse.Namespace) -> Iterator[Conference]:
    """Yield each that is named, made-up ones for each seed; what is not there is skipped, and named."""
    loads = Loads(options.per_case, options.max_load, options.min_load)
    for name in options.conferences:
        if RANDOM.fullmatch(name):
            yield from (Conference(name, None, loads, seed) for seed in options.seed)
        elif name in ("midl", "midl-least", "aamas2021"):
            folder = options.data and options.data / "matching" / name.removesuffix("-least")
            if folder and folder.is_dir():
                yield Conference(name, folder, loads, options.seed[0])
            else:
                _skip(name, "there is no --data DIR with its folder")
        elif Path(name).is_file():
            yield Conference(Path(name).stem, Path(name), loads, options.seed[0])
        else:
            _skip(name, "there is no such file")


def _skip(name: str, why: str) -> None:
    print(f"matching: skipped {name}: {why}", file=sys.stderr, flush=True)


@dataclass(frozen=True, eq=False)
class Answer:
    """What a method made of a conference: no `total` where it found nothing, and then a note says why."""

    seconds: float
    total: float | None = None
    bound: float | None = None
    unfilled: int = 0
    missing: int = 0
    note: str | None = None


def own(conference: Conference) -> Answer:
    """Return our own answer; its seconds are those of the whole call, from scores to a checked matching."""
    matching = conference.matching()
    began = time.perf_counter()
    matched = match(
        Matching(matching.scores, matching.per_case, matching.most, matching.least, matching.forced)
    )
    return answer_of(matched, time.perf_counter() - began)


def answer_of(matched: Matched, seconds: float) -> Answer:
    """Return what is told of a matching."""
    short = int(matched.unfilled.sum()), int(matched.missing.sum())
    return Answer(seconds, matched.total, matched.bound, *short)
