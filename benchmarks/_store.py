"""A large store to call: a made-up queue as an import sends it, an empty database, somebody with a key."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from allocator.store import Database, schema
from allocator.store.callers import Role
from allocator.store.keys import make_key
from api import clock
from benchmarks._options import parser

POSTGRESQL = "BENCH_POSTGRESQL"
"""The variable of the environment that names a database, where the option does not."""


def parser_of(name: str, description: str, time_limit: float, size: tuple[int, int]) -> ArgumentParser:
    """Return a parser of a benchmark that calls a service: of so many cases and reviewers, on databases."""
    made = parser(name, description, time_limit)
    made.add_argument("--cases", type=int, default=size[0])
    made.add_argument("--reviewers", type=int, default=size[1])
    url = os.environ.get(POSTGRESQL)
    made.add_argument("--postgresql", default=url, help="URL of a database whose public schema is made anew")
    return made


def tables_of(spec: SampleSpec, folder: Path) -> dict[str, Any]:
    """The tables of a made-up snapshot, as an import sends them; it is written to a folder first."""
    write_sample(make_sample(spec, spec.rng()), folder)
    return document_of(folder, spec.as_of)


def document_of(folder: Path, day: date) -> dict[str, Any]:
    """The tables of a snapshot, as an import sends them."""
    found = read_snapshot(folder, today=day).snapshot.model_dump(
        mode="json", exclude_none=True, by_alias=True
    )
    return {name: table for name, table in found.items() if isinstance(table, list) and table}


def emptied(url: str) -> None:
    """Nothing; the public schema of a PostgreSQL database has nothing in it."""
    database = Database(url)
    with database.shape() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    database.close()


class Caller:
    """Somebody with a key."""

    def __init__(self, connection: HTTPConnection, key: str) -> None:
        self._connection = connection
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def other(self, key: str) -> Caller:
        """Somebody else, over the same connection."""
        return Caller(self._connection, key)

    def timed(self, method: str, path: str, body: Any = None, refusable: bool = False) -> tuple[float, Any]:
        """The seconds until a call was answered, and the answer."""
        text = None if body is None else json.dumps(body)
        began = time.perf_counter()
        try:
            self._connection.request(method, path, text, self.headers)
            answer = self._connection.getresponse()
        except ConnectionError:  # a server closes a line that nobody used for a while
            self._connection.close()
            self._connection.request(method, path, text, self.headers)
            answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        if answer.status >= 300 and not (refusable and answer.status == 409):
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500]!r}")
        return seconds, json.loads(content)


def key_of(url: str, *areas: str) -> str:
    """The key of an administrator of some areas, or of all, of a store that is made if it is not there."""
    database = Database(url)
    try:
        schema.upgrade(database)
        with database.write("benchmark", clock.now) as tx:
            return make_key(tx, Role.ADMIN, areas)[1]
    finally:
        database.close()
