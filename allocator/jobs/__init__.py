"""Plans made in the background: what a job does, the child process it is done in, and who runs it when.

The rows of jobs are the store's (`allocator.store.jobs`). `work` is the one job function, for whatever queue
and database; `child` gives it a process of its own; `runner` takes jobs on a lease and keeps what comes of
them. Beside it `sender` sends events to webhooks, and `keeper` does what is due from time to time.
"""

from allocator.jobs.keeper import Keeper
from allocator.jobs.runner import Runner, Runners
from allocator.jobs.sender import Sender
from allocator.jobs.work import Options

__all__ = ["Keeper", "Options", "Runner", "Runners", "Sender"]
