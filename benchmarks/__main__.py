"""Runs the benchmarks that are named, or all: `python3 run.py bench [NAME …] [-- OPTION …]`.

Rows go to standard output, one line of JSON each; all else to standard error.
"""

import importlib
import pkgutil
import sys

import benchmarks

EVERYTHING = "all"


def names() -> list[str]:
    """Return the names of the benchmarks there are; `all` runs the others, and writes RESULTS.md."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def main(arguments: list[str]) -> int:
    """Return the worst exit code of the benchmarks asked for; what follows `--` is handed to each."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    asked, options, known = arguments[:at] or [EVERYTHING], arguments[at + 1 :], names()
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    return max(_run(name, options) for name in asked)


def _run(name: str, options: list[str]) -> int:
    print(f"== {name}", file=sys.stderr, flush=True)
    return int(importlib.import_module(f"benchmarks.{name}").main(options))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
