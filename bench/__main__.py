"""``python -m bench [NAME …]``: run benches (all without a name), print and write what they found.

``python -m bench text --letters FILE``: how good the text help is on the letters of a file (``bench.letters``).
``python -m bench change [--long] [--pair BEFORE AFTER CHANGED [UNCHANGED]]``: see ``bench.change``.
"""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

import django


def main(names: list[str]) -> int:
    """Run them; 0 when every ratio is allowed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geogov.settings")
    django.setup()
    import bench
    from bench import report
    from bench.registry import BENCHES

    if names[:2] == ["text", "--letters"] and len(names) == 3:
        return importlib.import_module("bench.letters").main(Path(names[2]))  # type: ignore[no-any-return]
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name != "__main__":
            importlib.import_module(f"bench.{module.name}")
    if names[:1] == ["change"]:
        names = ["change", "labelled"]  # the rest is their own (``bench.change``)
    if unknown := set(names) - set(BENCHES):
        sys.stderr.write(f"No bench {', '.join(sorted(unknown))}. There are: {', '.join(sorted(BENCHES))}.\n")
        return 2
    passed = True
    for key in names or sorted(BENCHES):
        one = BENCHES[key]
        sys.stdout.write(f"\n{one.title} against {one.against} …\n")
        sys.stdout.flush()
        rows = one.run()
        if not rows:
            sys.stdout.write("Nothing was named that it could measure; its section stays.\n")
            continue
        report.write(one, rows)
        sys.stdout.write(report.table(rows) + "\n")
        passed &= all(row.passes for row in rows)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
