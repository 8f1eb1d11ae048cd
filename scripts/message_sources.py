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
    if "gettext" not in text and "kernel.machine" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        for message in _messages(node) if isinstance(node, ast.Call) else ():
            if isinstance(message, ast.Constant) and isinstance(message.value, str) and message.value:
                yield message.value


def _messages(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that people read: of ``_("…")``, of ``Guard(code, "…")``, of ``Move(…, title="…")``."""
    name = _name(call.func)
    if name in _CALLS:
        return call.args[:1]
    if name == "Guard":
        return call.args[1:2]
    if name == "Move":
        return [keyword.value for keyword in call.keywords if keyword.arg == "title"] + call.args[5:6]
    return []


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
