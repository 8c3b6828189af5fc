"""Codes that went on as others: closed areas, organisations with successors and parents."""

from collections import Counter
from collections.abc import Iterator, Mapping

from allocator.intake.findings import Findings, printable
from allocator.intake.tables import Table


def check_chains(tables: dict[str, Table], findings: Findings) -> None:
    """Note every chain of successors or parents that leads back to where it began, once."""
    if "areas" in tables:
        steps = {code: to[0] for code, to in _successors(tables["areas"]).items() if len(to) == 1}
        _report_cycles(tables["areas"], "area", "successors", steps, findings)
    if "organisations" in tables:
        table = tables["organisations"]
        columns = (table.words(column) for column in ("organisation", "successor", "parent"))
        steps = {
            code: after or above
            for code, after, above in zip(*columns, strict=True)
            if code and (after or above)
        }
        _report_cycles(table, "organisation", "successor", steps, findings)


def _report_cycles(table: Table, key: str, column: str, steps: Mapping[str, str], findings: Findings) -> None:
    """Note the first row of each cycle of two codes or more; a row that names itself is a rule of rows."""
    walked: dict[str, int] = {}
    for row, start in enumerate(table.words(key)):
        code = start or ""
        while code in steps and code not in walked:
            walked[code] = row
            code = steps[code]
        if walked.get(code) == row and steps.get(code, code) != code and code in steps:
            shown = " → ".join(_round_trip(code, steps))
            message = f"the chain leads back to where it began: {shown}"
            fault = table.raw.fault(row, column, "succession-cycle", message, "correct one of them")
            findings.refuse(table.name, row, fault)


def _round_trip(start: str, steps: Mapping[str, str]) -> list[str]:
    """Return the codes of a cycle from `start` to `start`, a long one cut short."""
    path = [start, steps[start]]
    while path[-1] != start and len(path) < 8:
        path.append(steps[path[-1]])
    return path if path[-1] == start else [*path, "…"]


def _successors(areas: Table) -> dict[str, tuple[str, ...]]:
    """Return the successors of each area."""
    columns = zip(areas.words("area"), areas.lists("successors"), strict=True)
    return {code: after or () for code, after in columns if code is not None}


def check_closed_areas(tables: dict[str, Table], findings: Findings) -> None:
    """Note cases in closed areas with several successors; warn of others there, and of who covers them."""
    closed = _closed(tables)
    if "cases" in tables:
        _check_cases(tables["cases"], closed, findings)
    if "reviewers" in tables:
        _warn_cover(tables["reviewers"], closed, findings)


def map_closed_areas(tables: dict[str, Table]) -> None:
    """Put the successor's code in the cases of closed areas. Checked before, so each has one."""
    closed = _closed(tables)
    areas = tables["cases"].values["area"]
    tables["cases"].values["area"] = [closed[str(area)][0] if area in closed else area for area in areas]


def _closed(tables: dict[str, Table]) -> dict[str, tuple[str, ...]]:
    """Return the open areas that each closed one went into; none if its chain is a cycle."""
    after = _successors(tables["areas"]) if "areas" in tables else {}
    return {code: _ends(code, after) for code, to in after.items() if to}


def _ends(code: str, after: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return where the chain of single successors ends: one open area, several successors, or nowhere."""
    seen: set[str] = set()
    while len(after.get(code, ())) == 1:
        if code in seen:
            return ()
        seen.add(code)
        code = after[code][0]
    return after.get(code) or (code,)


def _check_cases(cases: Table, closed: Mapping[str, tuple[str, ...]], findings: Findings) -> None:
    """Note the cases of areas with several successors, and warn once of each area with one."""
    mapped: Counter[str] = Counter()
    first: dict[str, int] = {}
    for row, area in enumerate(cases.words("area")):
        if area is None or area not in closed:
            continue
        if len(closed[area]) == 1:
            mapped[area] += 1
            first.setdefault(area, row)
        elif closed[area]:
            message = f"area `{printable(area)}` is closed and has several successors"
            hint = "give the new code: one of " + ", ".join(closed[area])
            findings.refuse("cases", row, cases.raw.fault(row, "area", "area-has-successors", message, hint))
    for area, row in first.items():
        cases_read = "1 case was" if mapped[area] == 1 else f"{mapped[area]} cases were"
        message = f"area `{printable(area)}` is closed: {cases_read} read as {closed[area][0]}"
        findings.warnings.append(cases.raw.fault(row, "area", "closed-area-mapped", message))


def _warn_cover(reviewers: Table, closed: Mapping[str, tuple[str, ...]], findings: Findings) -> None:
    """Warn of every reviewer who covers a closed area."""
    for row, code in _covered(reviewers, closed):
        message = f"area `{printable(code)}` is closed, so no case is there"
        hint = "give " + (" or ".join(closed[code]) or "another code")
        findings.warnings.append(reviewers.raw.fault(row, "areas", "closed-area-covered", message, hint))


def _covered(reviewers: Table, closed: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """Yield (row, code) of each closed area that a reviewer covers."""
    for row, codes in enumerate(reviewers.lists("areas")):
        yield from ((row, code) for code in codes or () if code in closed)
