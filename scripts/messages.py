"""Collect and compile translations without gettext's own tools, which a bare machine does not have.

``python -m scripts.messages`` compiles (.po → .mo); ``… update`` first brings the .po files up to date with the strings
in the code, keeping their translations; ``… check`` says what is missing.

The file formats are those of the GNU gettext manual, "The Format of GNU MO Files" and "The Format of PO Files".
"""

import ast
import json
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts import message_sources, stamps
from scripts.paths import BASE

_LINE = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s+(".*")$')
_SKIP = frozenset({"node_modules", "staticfiles"})
_MAGIC = 0x950412DE


class PoError(ValueError):
    """A line that is no PO syntax; the message names file and line."""


@dataclass
class Entry:
    """One message: its texts by keyword (``msgid``, ``msgstr[0]``, …), and whether a translator is unsure of it."""

    fuzzy: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    def pair(self) -> tuple[bytes, bytes] | None:
        """Key and value in the .mo; ``None`` for what must not get there (fuzzy or not translated)."""
        forms = [self.texts[key] for key in sorted(self.texts) if key.startswith("msgstr")]
        if self.fuzzy or "msgid" not in self.texts or not any(forms):
            return None
        key = self.texts["msgid"]
        if "msgctxt" in self.texts:
            key = f"{self.texts['msgctxt']}\x04{key}"
        if "msgid_plural" in self.texts:
            key = f"{key}\0{self.texts['msgid_plural']}"
        return key.encode(), "\0".join(forms).encode()


def parse(text: str, name: str = "") -> Iterator[Entry]:
    """The entries of a PO file.

    Raises:
        PoError: at the first line that cannot be read.
    """
    entry, keyword = Entry(), ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            if entry.texts:
                yield entry
                entry = Entry()
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif match := _LINE.match(line):
            keyword, quoted = match[1], match[3]
            if keyword in ("msgctxt", "msgid") and "msgstr" in "".join(entry.texts):
                yield entry
                entry = Entry()
            entry.texts[keyword] = _unquote(quoted, name, number)
        elif line.startswith('"') and keyword in entry.texts:
            entry.texts[keyword] += _unquote(line, name, number)
        else:
            raise PoError(f"{name}:{number}: not PO syntax: {line}")
    if entry.texts:
        yield entry


def _unquote(quoted: str, name: str, number: int) -> str:
    """A PO string is a C string, and so one of Python's."""
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError) as error:
        raise PoError(f"{name}:{number}: bad string {quoted}") from error


def compiled(pairs: dict[bytes, bytes]) -> bytes:
    """The bytes of a .mo file (little endian, no hash table)."""
    keys = sorted(pairs)
    count = len(keys)
    texts = [*keys, *(pairs[key] for key in keys)]
    offset, tables = 28 + 16 * count, b""
    for text in texts:
        tables += struct.pack("<II", len(text), offset)
        offset += len(text) + 1
    header = struct.pack("<7I", _MAGIC, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    return header + tables + b"".join(text + b"\0" for text in texts)


def compile_file(po: Path) -> Path:
    """Write the .mo beside the .po, whole or not at all; its path.

    Raises:
        PoError: for a file that cannot be read; an older .mo stays.
    """
    entries = parse(po.read_text(encoding="utf-8"), str(po))
    pairs = dict(pair for entry in entries if (pair := entry.pair()))
    mo, new = po.with_suffix(".mo"), po.with_suffix(".mo.new")
    new.write_bytes(compiled(pairs))
    return new.replace(mo)


def compile_all(base: Path = BASE) -> int:
    """Compile every .po of the project that is newer than its .mo; how many."""
    count = 0
    for po in stamps.files(base, ".po", skip=_SKIP):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            compile_file(po)
            count += 1
    return count


_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def merged(found: dict[str, set[str]], po: Path) -> str:
    """The text of a .po with exactly the messages that were found, and the translations that it had."""
    old: dict[str, str] = {}
    if po.exists():
        entries = parse(po.read_text(encoding="utf-8"), str(po))
        old = {one.texts.get("msgid", ""): one.texts.get("msgstr", "") for one in entries if not one.fuzzy}
    parts = [_HEADER.format(language=po.parent.parent.name)]
    for msgid, places in sorted(found.items(), key=lambda item: (min(item[1]), item[0])):
        where = "".join(f"#: {place}\n" for place in sorted(places))
        parts.append(f"{where}msgid {_quote(msgid)}\nmsgstr {_quote(old.get(msgid, ''))}\n")
    return "\n".join(parts)


def _quote(text: str) -> str:
    """A C string, broken after its line ends."""
    lines = text.splitlines(keepends=True) or [""]
    quoted = [json.dumps(line, ensure_ascii=False) for line in lines]
    return quoted[0] if len(quoted) == 1 else "\n".join(['""', *quoted])


_VALUES = re.compile(r"%(?:\((\w+)\))?([sd%])|\{(\w*)\}")


def problems(found: dict[str, set[str]], po: Path) -> list[str]:
    """What is wrong with a .po: not up to date, not translated, or other values filled in than in the source."""
    if not po.exists() or po.read_text(encoding="utf-8") != merged(found, po):
        return [f"{po.name} is not up to date: python -m scripts.messages update"]
    wrong = []
    for one in parse(po.read_text(encoding="utf-8"), str(po)):
        source, text = one.texts.get("msgid", ""), one.texts.get("msgstr", "")
        if source and not text:
            wrong.append(f"not translated: {source}")
        elif source and sorted(_VALUES.findall(source)) != sorted(_VALUES.findall(text)):
            wrong.append(f"other values in the translation: {source} / {text}")
    return wrong


def main(what: str) -> int:
    """``compile``, ``update`` or ``check``; the number of problems."""
    catalogues = sorted((BASE / "locale").glob("*/LC_MESSAGES/django.po"))
    if what == "check":
        wrong = [line for po in catalogues for line in problems(message_sources.found(), po)]
        sys.stdout.write("".join(f"{line}\n" for line in wrong))
        return len(wrong)
    if what == "update":
        for po in catalogues:
            po.write_text(merged(message_sources.found(), po), encoding="utf-8")
    sys.stdout.write(f"compiled {compile_all()} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1] if len(sys.argv) > 1 else "compile"), 100))
