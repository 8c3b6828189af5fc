"""What a plan is as a whole: shares, who was passed over, bottlenecks, fairness, and chances."""

from allocator.report.chance import Chances, chances
from allocator.report.load import Fairness, fairness
from allocator.report.shortage import Bottleneck, bottlenecks
from allocator.report.waiting import Queue, queue

__all__ = [
    "Bottleneck",
    "Chances",
    "Fairness",
    "Queue",
    "bottlenecks",
    "chances",
    "fairness",
    "queue",
]
