"""Plans made in the background: what a job does, the child process it is done in, and who runs it when.

The rows of jobs are the store's (`allocator.store.jobs`). `work` is the one job function, for whatever queue
and database; `child` gives it a process of its own; `runner` takes jobs on a lease and keeps what comes of
them.
"""

from allocator.jobs.runner import Runner, Runners
from allocator.jobs.work import Options

__all__ = ["Options", "Runner", "Runners"]
