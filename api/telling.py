"""What a caller is told of a record: the one way to an answer, whether it was asked for or has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from allocator.store import Record, State, holdings, records, sources
from allocator.store.kinds import CASES
from api.calls import Call, Reply, etag
from api.scope import ELSEWHERE, sees
from api.stored import Follows, Held, StoredRecord, TakenBack


def answer(call: Call, record: Record) -> Reply:
    """A record as a call is answered, with its version."""
    return Reply(told(call, record), headers=etag(record.version))


def told(
    call: Call, record: Record, follows: Follows | None = None, withdrawn: tuple[TakenBack, ...] = ()
) -> StoredRecord:
    """A record as the caller is told of it, with what followed from its change."""
    more = {"follows": follows, "withdrawn": withdrawn}
    return told_all(call, [record])[0].model_copy(update=more)


def told_all(call: Call, found: Sequence[Record]) -> tuple[StoredRecord, ...]:
    """Records as the caller is told of them, cases with who has them."""
    ids = [one.record_id for one in found if one.kind == CASES]
    held = {seat: _held(one) for seat, one in holdings.of_cases(call.connection, ids).items()}
    versions = sources.versions_of(call.connection, ids)
    return tuple(
        one.model_copy(
            update={
                "source_version": versions.get(one.id) if record.kind == CASES else None,
                "lead": held.get((one.id, "lead")),
                "second": held.get((one.id, "second")),
            }
        )
        for record, one in zip(found, told_versions(call, found), strict=True)
    )


def told_versions(call: Call, found: Iterable[Record]) -> tuple[StoredRecord, ...]:
    """Versions of a record, without who had it then: holdings have times of their own."""
    return tuple(_mine(call, _stored(one)) for one in found)


def _mine(call: Call, one: StoredRecord) -> StoredRecord:
    """The same, without the id of a case of another area that it is merged into."""
    if one.merged_into is None:
        return one
    kept = records.get(call.connection, CASES, one.merged_into)
    is_mine = kept is not None and sees(call.connection, call.caller, kept)
    return one if is_mine else one.model_copy(update={"merged_into": ELSEWHERE})


def _stored(one: Record) -> StoredRecord:
    assert one.at is not None
    return StoredRecord(
        id=one.record_id,
        version=one.version,
        record=dict(one.body),
        changed_at=one.at,
        state=State(one.state) if one.state else None,
        merged_into=one.merged_into,
        removed=one.removed,
    )


def _held(one: holdings.Holding) -> Held:
    return Held(reviewer_id=one.reviewer_id, allocated_on=one.allocated_on, accepted_at=one.accepted_at)
