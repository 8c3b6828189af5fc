"""Replications on a Dask cluster, where there is one: the same blocks, the same bytes."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from joblib import parallel_config

from allocator.errors import BadInput, Fault

PATIENCE_SECONDS = 20


def sent(many: int | None) -> AbstractContextManager[object]:
    """Within the block, what this thread runs in parallel goes to the cluster, if there is one."""
    return nullcontext() if many is None else parallel_config(backend="dask")


@contextmanager
def cluster(address: str | None) -> Iterator[int | None]:
    """How many blocks the cluster at an address runs at once, while it is spoken with; None for no address.

    Parameters
    ----------
    address : of its scheduler, such as `tcp://10.0.0.1:8786`

    Raises
    ------
    BadInput
        `no-cluster`: nothing of the kind answers there, or Dask is not installed.
    """
    if address is None:
        yield None
        return
    client = _client(address)
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise _refused(f"the cluster at {address} has no workers", "start some")
        yield threads
    finally:
        client.close()


def _client(address: str) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise _refused("Dask is not installed here", "install the optional group `dask`") from None
    try:
        return distributed.Client(address, timeout=PATIENCE_SECONDS)
    except (OSError, ValueError) as error:
        raise _refused(f"no cluster answers at {address}", "give its scheduler's address") from error


def _refused(message: str, hint: str) -> BadInput:
    return BadInput([Fault("no-cluster", message, hint=hint)])
