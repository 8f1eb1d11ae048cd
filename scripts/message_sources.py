"""Find the translatable strings of the product: in Python by its syntax tree, in templates by their tags."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scripts import stamps
from scripts.paths import BASE

_CALLS = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
_SKIP = frozenset({"node_modules", "staticfiles", "migrations", "tests", "scripts", "frontend", "bench", "__pycache__"})

_TAG = re.compile(r"""\{%-?\s*(?:trans|translate)\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_FILTER = re.compile(r"""_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")
_BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b([^%]*)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def found(base: Path = BASE) -> dict[str, set[str]]:
    """All messages of the project: msgid → the files it occurs in (relative, "/")."""
    messages: dict[str, set[str]] = {}
    for path in stamps.files(base, ".py", ".html", ".txt", skip=_SKIP):
        if path.parent == base:
            continue
        text = path.read_text(encoding="utf-8")
        for msgid in _of_python(text) if path.suffix == ".py" else of_template(text):
            messages.setdefault(msgid, set()).add(path.relative_to(base).as_posix())
    return messages


def _of_python(text: str) -> Iterator[str]:
    if "gettext" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _CALLS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                yield first.value


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def of_template(text: str) -> Iterator[str]:
    """The messages of a Django template, as Django looks them up."""
    for pattern in (_TAG, _FILTER):
        for match in pattern.finditer(text):
            yield re.sub(r"\\(.)", r"\1", match[1] or match[2])
    for match in _BLOCK.finditer(text):
        body = match[2]
        if "trimmed" in match[1].split():
            body = " ".join(line.strip() for line in body.strip().splitlines())
        # Django doubles the percent signs of the text before it fills in the variables
        yield _VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))
