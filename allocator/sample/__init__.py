"""Made-up but realistic snapshots of any size, and how hard a snapshot is."""

from allocator.sample.describe import Description, describe
from allocator.sample.make import make_sample
from allocator.sample.ready import demo_folder, demo_tables
from allocator.sample.spec import GeographyFiles, SampleSpec
from allocator.sample.tables import Tables, write_sample

__all__ = [
    "Description",
    "GeographyFiles",
    "SampleSpec",
    "Tables",
    "demo_folder",
    "demo_tables",
    "describe",
    "make_sample",
    "write_sample",
]
