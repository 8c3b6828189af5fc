"""The store: cases, reviewers and all else that is known, who has what, and what happened, in one database.

`Database` opens one, `schema` gives it its shape; `importing`, `writing` and `cases` change what is in it,
`queue` makes a snapshot of it, `chain` tells who changed what.
"""

from sqlalchemy import Connection

from allocator.store.database import Database, Tx
from allocator.store.importing import Imported, import_tables
from allocator.store.queue import queue
from allocator.store.records import Record
from allocator.store.states import State

__all__ = ["Connection", "Database", "Imported", "Record", "State", "Tx", "import_tables", "queue"]
