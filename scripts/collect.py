"""Collect the texts that code and templates mark for translation into ``locale/en``: ``python3 -m scripts.collect``.

GNU xgettext's work for the few forms that this project uses. The source texts are Chinese, the first language; what is
already translated stays, what no code says any more goes, what is new gets an empty translation to be filled in.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import stamps
from scripts.messages import parse
from scripts.paths import BASE

CATALOGUE = BASE / "locale/en/LC_MESSAGES/django.po"
_SKIP = frozenset({"tests", "scripts", "bench", "frontend", "locale", "node_modules", "migrations", "docs"})
_HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
# Which arguments of a call are context, text and plural.
_CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
}
_TAG = re.compile(r"""\{%\s*trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')(?:\s+context\s+["']([^"']*)["'])?""")
_BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%\}(?P<text>.*?)"
    r"(?:\{%\s*plural\s*%\}(?P<plural>.*?))?\{%\s*endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Text:
    """One text to be translated."""

    text: str
    plural: str = ""
    context: str = ""


def in_python(source: str) -> Iterator[Text]:
    """The texts in calls of gettext and its kin; only literal ones can be collected."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _CALLS:
            continue
        context, text, plural = (_literal(node.args, place) for place in _CALLS[name])
        if text:
            yield Text(text, plural, context)


def _literal(arguments: list[ast.expr], place: int | None) -> str:
    if place is None or place >= len(arguments):
        return ""
    argument = arguments[place]
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return str(argument.value) if is_text and isinstance(argument, ast.Constant) else ""


def in_template(source: str) -> Iterator[Text]:
    """The texts of ``{% translate %}`` and ``{% blocktranslate %}``."""
    for match in _TAG.finditer(source):
        yield Text(match[1] or match[2] or "", context=match[3] or "")
    for match in _BLOCK.finditer(source):
        trimmed = "trimmed" in match["options"]
        yield Text(_block_text(match["text"], trimmed), _block_text(match["plural"] or "", trimmed))


def _block_text(text: str, trimmed: bool) -> str:
    """As Django makes it: variables as ``%(name)s``, percent signs doubled, lines joined when trimmed."""
    if trimmed:
        text = " ".join(line.strip() for line in text.strip().splitlines() if line.strip())
    return _VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))


def collected(base: Path = BASE) -> dict[Text, list[str]]:
    """Every text of the project, with the files that say it."""
    found: dict[Text, list[str]] = {}
    for path in sorted(stamps.files(base, ".py", ".html", ".txt", skip=_SKIP)):
        read = in_python if path.suffix == ".py" else in_template
        name = str(path.relative_to(base))
        for text in read(path.read_text(encoding="utf-8")):
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def translations(path: Path = CATALOGUE) -> dict[Text, list[str]]:
    """What the catalogue says; a plural text has two forms."""
    if not path.exists():
        return {}
    known = {}
    for entry in parse(path.read_text(encoding="utf-8"), str(path)):
        texts = entry.texts
        if texts.get("msgid"):
            key = Text(texts["msgid"], texts.get("msgid_plural", ""), texts.get("msgctxt", ""))
            known[key] = [texts[name] for name in sorted(texts) if name.startswith("msgstr")]
    return known


def catalogue(found: dict[Text, list[str]], known: dict[Text, list[str]]) -> str:
    """The text of the .po file."""
    parts = [_HEADER]
    for text in sorted(found, key=lambda t: (found[t][0], t.text, t.context)):
        lines = [f"#: {name}" for name in found[text]]
        forms = known.get(text, [])
        lines += [f"msgctxt {_quoted(text.context)}"] if text.context else []
        lines += [f"msgid {_quoted(text.text)}"]
        if text.plural:
            both = [*forms, "", ""][:2]
            lines += [f"msgid_plural {_quoted(text.plural)}"]
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(both)]
        else:
            lines += [f"msgstr {_quoted(forms[0] if forms else '')}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main() -> int:
    """Write the catalogue and say what lacks a translation; how many do."""
    found, known = collected(), translations()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(catalogue(found, known), encoding="utf-8")
    missing = [text.text for text in found if not all(known.get(text) or [""])]
    sys.stdout.write("".join(f"not translated: {text}\n" for text in missing))
    sys.stdout.write(f"{len(found)} texts, {len(missing)} not translated\n")
    return min(len(missing), 1)


if __name__ == "__main__":
    sys.exit(main())
