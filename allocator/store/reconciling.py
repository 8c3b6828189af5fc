"""Reconciling: what a source has, beside what is known here; every difference, and nothing is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from allocator.store import quarantine, sources
from allocator.store.kinds import CASES
from allocator.store.quarantine import Wanted


@dataclass(frozen=True)
class Pair:
    """A case that is known at one version here, and at another there.

    Parameters
    ----------
    here, there : None for a case that is kept without a version, or is not there
    """

    case_id: str
    here: int | None
    there: int | None


@dataclass(frozen=True)
class Differences:
    """How what is known here differs from what its source has.

    Parameters
    ----------
    same : how many cases are at one version
    missing_here : that the source has, and that are not kept here
    missing_there : open cases of a source's that it does not name
    older_here : that the source has to send again; newer_here : of which the source has an old list
    set_aside : that were sent and could not be kept: to be mended here, or sent again once they are there
    """

    same: int
    missing_here: tuple[Pair, ...]
    missing_there: tuple[Pair, ...]
    older_here: tuple[Pair, ...]
    newer_here: tuple[Pair, ...]
    set_aside: tuple[Pair, ...] = ()


def differences(connection: Connection, there: Mapping[str, int], areas: Collection[str]) -> Differences:
    """What differs between the full list of a source, version by case, and the cases of some areas.

    Parameters
    ----------
    areas : empty: all
    """
    known = {one.case_id: one for one in sources.known(connection, areas)}
    aside = {
        str(one.record_id): one.version for one in quarantine.every_open(connection, Wanted(areas, (CASES,)))
    }
    both = [
        Pair(case_id, known[case_id].version, version)
        for case_id, version in sorted(there.items())
        if case_id in known
    ]

    def is_older(one: Pair) -> bool:
        return _version(one.here) < _version(one.there)

    def lies(one: Pair) -> bool:
        return one.case_id in aside and aside[one.case_id] in (None, one.there)

    absent = (Pair(one, None, there[one]) for one in sorted(there.keys() & aside.keys() - known.keys()))
    return Differences(
        same=sum(one.here == one.there for one in both),
        missing_here=tuple(
            Pair(one, None, there[one]) for one in sorted(there.keys() - known.keys() - aside.keys())
        ),
        missing_there=tuple(
            Pair(one.case_id, one.version, None)
            for one in known.values()
            if one.is_open and one.version is not None and one.case_id not in there
        ),
        older_here=tuple(one for one in both if is_older(one) and not lies(one)),
        newer_here=tuple(one for one in both if _version(one.here) > _version(one.there)),
        set_aside=(*absent, *(one for one in both if is_older(one) and lies(one))),
    )


def _version(number: int | None) -> int:
    return -1 if number is None else number
