import gettext
import io

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import message_sources
from scripts.messages import PoError, compile_all, compile_file, compiled, merged, parse, problems

PO = r"""
# a comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: file.py:1
msgid "村庄"
msgstr "village"

msgctxt "month"
msgid "May"
msgstr "五月 \"quoted\"\tand a tab"

msgid ""
"long "
"text"
msgstr ""
"lange "
"Zeile\n"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "one"
msgstr[1] "many"

#, fuzzy
msgid "unsure"
msgstr "not used"

msgid "untranslated"
msgstr ""

#~ msgid "old"
#~ msgstr "gone"
"""


@pytest.fixture
def catalogue(tmp_path):
    po = tmp_path / "django.po"
    po.write_text(PO, encoding="utf-8")
    with compile_file(po).open("rb") as file:
        return gettext.GNUTranslations(file)


def test_python_reads_what_was_compiled(catalogue):
    assert catalogue.gettext("村庄") == "village"
    assert catalogue.pgettext("month", "May") == '五月 "quoted"\tand a tab'
    assert catalogue.gettext("long text") == "lange Zeile\n"
    assert [catalogue.ngettext("%d file", "%d files", n) for n in (1, 2)] == ["one", "many"]


@pytest.mark.parametrize("text", ["unsure", "untranslated", "old"])
def test_fuzzy_missing_and_obsolete_entries_stay_out(catalogue, text):
    assert catalogue.gettext(text) == text


def test_the_result_equals_polibs(tmp_path):
    po = tmp_path / "django.po"
    po.write_text(PO, encoding="utf-8")
    compile_file(po)
    ours, theirs = polib.mofile(str(po.with_suffix(".mo"))), tmp_path / "polib.mo"
    polib.pofile(str(po)).save_as_mofile(str(theirs))
    key = [(e.msgctxt, e.msgid, e.msgid_plural, e.msgstr, e.msgstr_plural) for e in ours]
    assert key == [(e.msgctxt, e.msgid, e.msgid_plural, e.msgstr, e.msgstr_plural) for e in polib.mofile(str(theirs))]


@given(st.dictionaries(st.text(min_size=1).filter(lambda t: "\0" not in t and "\x04" not in t), st.text(min_size=1)))
def test_any_text_survives(texts):
    pairs = {k.encode("utf-8", "replace"): v.encode("utf-8", "replace") for k, v in texts.items()}
    pairs[b""] = b"Content-Type: text/plain; charset=UTF-8\n"
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled(pairs)))
    for key, value in pairs.items():
        if key:
            assert catalogue.gettext(key.decode()) == value.decode()


@pytest.mark.parametrize("line", ['msgid "open', "msgid x", '"nothing before"', 'msgstr[0] "a" b'])
def test_a_broken_line_is_named_and_the_old_result_stays(tmp_path, line):
    po = tmp_path / "django.po"
    po.write_text(f'msgid "a"\nmsgstr "b"\n\n{line}\n', encoding="utf-8")
    po.with_suffix(".mo").write_bytes(b"old")
    with pytest.raises(PoError, match=r"django\.po:4"):
        compile_file(po)
    assert po.with_suffix(".mo").read_bytes() == b"old"


def test_only_newer_files_are_compiled(tmp_path):
    folder = tmp_path / "locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    assert compile_all(tmp_path) == 1
    assert compile_all(tmp_path) == 0


def test_entries_without_blank_lines_between():
    assert [e.texts["msgid"] for e in parse('msgid "a"\nmsgstr "1"\nmsgid "b"\nmsgstr "2"')] == ["a", "b"]


SOURCE = """
from django.utils.translation import gettext as _
a = _("村庄")
b = gettext_lazy("two " "parts")
c = _(variable) + other("not this")
"""
TEMPLATE = """
{% translate "标题" %} {% trans 'quoted' as x %} {{ _("in a filter") }}
{% blocktranslate trimmed with n=1 %}
  共 {{ n }} 个
  100% sure
{% endblocktranslate %}
"""


@pytest.fixture
def project(tmp_path):
    """A folder with an app that says some texts."""
    for name, text in (("app/views.py", SOURCE), ("app/templates/page.html", TEMPLATE), ("tests/x.py", '_("no")')):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def po(tmp_path):
    """The place of a catalogue."""
    path = tmp_path / "en/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    return path


def test_texts_are_found_in_code_and_templates_of_apps_only(project):
    page = {"app/templates/page.html"}
    assert message_sources.found(project) == {
        "村庄": {"app/views.py"},
        "two parts": {"app/views.py"},
        "标题": page,
        "quoted": page,
        "in a filter": page,
        "共 %(n)s 个 100%% sure": page,
    }


def test_the_words_of_a_state_table_are_found(tmp_path):
    path = tmp_path / "app/states.py"
    path.parent.mkdir()
    path.write_text(
        "from kernel.machine import Guard, Move\n"
        'OWN = Guard("own_work", "不能审核自己办的事。", bool)\n'
        'MOVES = [Move("a", (), 1, set(), title="受理"), Move("b", (), 1, set(), (), "交办", (OWN,))]\n',
        encoding="utf-8",
    )
    assert set(message_sources.found(tmp_path)) == {"不能审核自己办的事。", "受理", "交办"}


def test_updating_keeps_translations_drops_old_ones_and_adds_new_ones(po):
    kept = 'a\n"b\\'
    po.write_text(merged({kept: {"x.py"}, "old": {"x.py"}}, po), encoding="utf-8")
    po.write_text(po.read_text(encoding="utf-8").replace('msgstr ""\n\n', 'msgstr "A"\n\n'), encoding="utf-8")
    found = {kept: {"x.py"}, "new": {"y.py"}}
    po.write_text(merged(found, po), encoding="utf-8")
    entries = list(parse(po.read_text(encoding="utf-8")))[1:]
    assert [(entry.texts["msgid"], entry.texts["msgstr"]) for entry in entries] == [(kept, "A"), ("new", "")]
    assert problems(found, po) == ["not translated: new"]
    assert problems({**found, "newer": {"y.py"}}, po)[0].startswith("django.po is not up to date")


@pytest.mark.parametrize(
    "source, text, wrong",
    [("%(n)s 个", "%(n)s pieces", False), ("%(n)s 个", "%(m)s pieces", True), ("{n} 个", "pieces", True)],
)
def test_a_translation_fills_in_the_same_values(po, source, text, wrong):
    po.write_text(f'msgid "{source}"\nmsgstr "{text}"\n', encoding="utf-8")
    po.write_text(merged({source: {"x.py"}}, po), encoding="utf-8")
    assert bool(problems({source: {"x.py"}}, po)) is wrong
