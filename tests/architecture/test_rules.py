"""The linters hold the rules, and each rule bites: broken once in a copy of the project, it is reported."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import APPS, BASE

BIN = Path(sys.executable).parent

# file, line that is added, what import-linter must say
IMPORTS = [
    ("places/selectors.py", "from projects import models as _up", "places.selectors -> projects"),
    ("places/querysets.py", "import accounts.models", "places.querysets -> accounts"),
    ("facilities/services.py", "from projects.models import Project as _sideways", "facilities.services -> projects"),
    ("projects/services.py", "from facilities import selectors as _x", "projects.services -> facilities"),
    ("records/services.py", "from rest_framework import status as _drf", "records.services -> rest_framework"),
    ("media/models.py", "import geopandas", "media.models -> geopandas"),
    ("layers/table.py", "import geopandas", "layers.table -> geopandas"),
    ("accounts/models.py", "from accounts import services as _inner", "accounts.models -> accounts.services"),
    ("kernel/machine.py", "from django.db import models", "kernel.machine -> django"),
    ("portal/views.py", "from geogov import settings as _assembly", "portal.views -> geogov"),
]


def copy(to):
    """The Python of the product, without tests."""
    for app in sorted(APPS):
        shutil.copytree(BASE / app, to / app, ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    shutil.copy(BASE / "pyproject.toml", to)
    return to


def lint_imports(base):
    done = subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"], cwd=base, capture_output=True, text=True, env={"PATH": ""}
    )
    return done.returncode, done.stdout


def test_imports_point_down():
    status, said = lint_imports(BASE)
    assert status == 0, said


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """What import-linter says of a copy in which every rule is broken once."""
    base = copy(tmp_path_factory.mktemp("broken"))
    for file, line, _said in IMPORTS:
        path = base / file
        if not path.exists():  # a module that has become a package
            path = path.with_suffix("") / "__init__.py"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    (base / "places" / "helpers.py").write_text('"""A drawer for everything."""\n', encoding="utf-8")
    status, said = lint_imports(base)
    assert status != 0
    return said


@pytest.mark.parametrize("said", [said for _file, _line, said in IMPORTS])
def test_each_import_rule_bites(broken, said):
    assert said in broken


def test_modules_outside_the_vocabulary_are_reported(broken):
    assert "places.helpers" in broken


# file, source, code of the rule
CODE = [
    ("places/services.py", '"""X."""\nimport datetime\n\nNOW = datetime.datetime.now()\n', "TID251"),
    ("places/services.py", '"""X."""\nfrom django.utils import timezone\n\nNOW = timezone.now()\n', "TID251"),
    ("places/services.py", '"""X."""\nfrom django.http import Http404\n\nX = Http404\n', "TID251"),
    ("places/selectors.py", '"""X."""\nfrom django.db import connection\n\nX = connection\n', "TID251"),
    ("places/models.py", '"""X."""\nfrom . import querysets\n\nX = querysets\n', "TID252"),
    ("places/models.py", "X = 1\n", "D100"),
    ("places/models.py", '"""X."""\n\n\ndef f() -> None:\n    pass\n', "D103"),
    (
        "places/models.py",
        '"""X."""\n\n\ndef f(a: int, b: int) -> None:\n    """F.\n\n    Args:\n        a: x\n    """\n',
        "D417",
    ),
    ("places/models.py", '"""X."""\n\n\ndef f(a):\n    """F."""\n', "ANN001"),
    ("places/models.py", '"""X."""\nX = f"SELECT * FROM t WHERE a = {__name__}"\n', "S608"),
    ("places/models.py", '"""X."""\nprint(1)\n', "T201"),
    (
        "places/models.py",
        '"""X."""\n\n\ndef f(a: int) -> int:\n    """F."""\n'
        + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(9))
        + "    return a\n",
        "C901",
    ),
]


@pytest.mark.parametrize("file, source, rule", CODE, ids=[f"{rule}-{n}" for n, (_f, _s, rule) in enumerate(CODE)])
def test_each_code_rule_bites(file, source, rule):
    done = subprocess.run(
        [str(BIN / "ruff"), "check", "--no-cache", "--output-format=concise", f"--stdin-filename={file}", "-"],
        input=source,
        cwd=BASE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert rule in done.stdout


TYPES = """from typing import Any
def f(x): return x  # no-untyped-def
def g(x: int) -> str: return x  # return-value
def h(x: Any) -> int: return x  # no-any-return
"""


def test_types_are_strict():
    done = subprocess.run([str(BIN / "mypy"), "-c", TYPES], cwd=BASE, capture_output=True, text=True)
    assert done.returncode == 1
    told = re.findall(r":(\d+): error: .*\[(.+)\]$", done.stdout, re.MULTILINE)
    assert told == [(str(n), line.split("# ")[1]) for n, line in enumerate(TYPES.splitlines(), 1) if "# " in line], (
        done.stdout
    )


SCRIPTS = [
    ("src/core/probe.ts", "import { MapView } from '../map/view';\nexport const x = MapView;\n", "noRestrictedImports"),
    ("src/layers/probe.ts", "import { x } from '../panel/model';\nexport const y = x;\n", "noRestrictedImports"),
    ("src/panel/probe.ts", "import { Map } from 'leaflet';\nexport const y = Map;\n", "noRestrictedImports"),
    ("src/pages/public/probe.ts", "export const x = location.href;\n", "noRestrictedGlobals"),
    ("src/panel/probe.ts", "export const x = (a: any) => a;\n", "noExplicitAny"),
    ("src/panel/probe.ts", "export const x = (a: number[]) => a[0]!;\n", "noNonNullAssertion"),
    (
        "src/panel/probe.tsx",
        "export const X = () => <p dangerouslySetInnerHTML={{ __html: 'x' }} />;\n",
        "noDangerouslySetInnerHtml",
    ),
]


def test_each_rule_of_the_front_end_bites(tmp_path):
    frontend, expected = BASE / "frontend", set()
    shutil.copy(frontend / "biome.json", tmp_path)
    for number, (file, source, rule) in enumerate(SCRIPTS):
        path = tmp_path / file.replace("probe", f"probe{number}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        expected.add((path.name, rule))
    biome = frontend / "node_modules" / ".bin" / "biome"
    done = subprocess.run([str(biome), "lint", "src"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    said = re.findall(r"/(probe\d\.\w+):\d+:\d+ lint/\w+/(\w+)", done.stdout + done.stderr)
    assert set(said) >= expected, done.stderr
