"""``python -m bench [NAME …]``: run benches (all without a name), print and write what they found."""

import importlib
import os
import pkgutil
import sys

import django


def main(names: list[str]) -> int:
    """Run them; 0 when every ratio is allowed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geogov.settings")
    django.setup()
    import bench
    from bench import report
    from bench.registry import BENCHES

    for module in pkgutil.iter_modules(bench.__path__):
        if module.name != "__main__":
            importlib.import_module(f"bench.{module.name}")
    if unknown := set(names) - set(BENCHES):
        sys.stderr.write(f"No bench {', '.join(sorted(unknown))}. There are: {', '.join(sorted(BENCHES))}.\n")
        return 2
    passed = True
    for key in names or sorted(BENCHES):
        one = BENCHES[key]
        sys.stdout.write(f"\n{one.title} against {one.against} …\n")
        sys.stdout.flush()
        rows = one.run()
        report.write(one, rows)
        sys.stdout.write(report.table(rows) + "\n")
        passed &= all(row.passes for row in rows)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
