"""The words above the tables of RESULTS.md."""

INTRODUCTION = """Written by `python3 run.py bench all`; not edited by hand.

**How to read it.** A figure is the median over the seeds named beside it; `(2 none)` says how many of them
had none. On one instance every method gets the same problem, limit and workers, one after the other, each
in a process of its own. Values are points of level 1 (contract, section 3) on snapshots, and the published
objective on assignment problems. *gap* is a method's own, to the bound it proved itself, as a share of what
could be avoided at all; *to best bound* is the distance from the best bound that any method proved. *off
it* and *bound off it* are distances from the best known value.

**Time.** For `portfolio` the limit is that of its whole process, from its start to its end: Python,
imports, kernels out of their cache, and on snapshots reading, encoding, the audit and writing as well; its
search gets what is left. Who ends later than that by more than a twentieth and a second did not keep the
limit. For rivals too it is that of the whole process, its start and the building of a model in it; reading
and encoding the snapshot cost them nothing. *seconds* are the method's own, *cpu* and *peak* those of its
process and its children, a page that several share counted once. The cache is warm, but in *The first start
of all*.

**Who.** `oldest-first` is what a coordinator does: the oldest notified first, to the least loaded who may
take it. `greedy` gives each job in turn to the cheapest by regret. `cp-sat`, `highs` and `scip` are handed
one plain model of the level that is measured and of no other, with every rule in it; HiGHS chooses its
threads itself, and SCIP searches with one. `timefold` is Timefold 1.24 with its own default search, in
Java, on the same level. On snapshots ours works at three levels, and is measured at the first. In matching
`flow` is one network flow of all pairs; MinMax's seconds are published ones.

**Means.** At a checkpoint the mean is geometric, over instances, of gaps to the best bound that any method
proved; a gap below 0.01 % counts as 0.01 %, or a single proved optimum would make every mean 0; who has no
plan yet counts as who places nothing. Our value at a checkpoint is the one that the run told by then;
rivals are run with that limit."""
