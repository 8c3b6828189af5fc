"""What if staffing, demand or ways of working were different: simulated, with its chance.

`files` reads a scenario, `play` runs it, `sizing` looks for the smallest workforce that will do, `matching`
for values that agree with published counts.
"""
