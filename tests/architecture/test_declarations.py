"""What the apps declare is sound: machines, registries, translations."""

import importlib
import pkgutil

import pytest
from django.conf import settings

from kernel.layerspec import SENSITIVE, layers
from kernel.machine import Machine
from kernel.panel import sections
from kernel.periodic import jobs
from kernel.viewer import Audience, Role
from scripts import message_sources, messages
from tests.architecture.house import BASE

PO = BASE / "locale/en/LC_MESSAGES/django.po"


def machines():
    """Every state machine of the product, with its name."""
    found = {}
    for app in settings.LOCAL_APPS:
        package = importlib.import_module(app)
        for info in pkgutil.walk_packages(package.__path__, f"{app}."):
            if "states" in info.name.split("."):
                module = importlib.import_module(info.name)
                found |= {id(v): (f"{info.name}.{k}", v) for k, v in vars(module).items() if isinstance(v, Machine)}
    return sorted(found.values(), key=lambda item: item[0])


def test_there_are_machines():
    assert machines()


@pytest.mark.parametrize("name, machine", machines())
def test_machine_is_sound(name, machine):
    assert machine.problems() == []
    parts = {part for move in machine.moves for part in move.by}
    assert parts <= {*Role, "reporter", "system", "source"}, "roles, and the parts that nobody signs in as"
    assert all(move.title for move in machine.moves), "every move has its official word"


def test_public_layers_are_not_sensitive():
    assert len(layers) > 2
    for layer in layers:
        assert not (layer.audience == Audience.PUBLIC and layer.tags & SENSITIVE), layer.key
        assert layer.own or not any(field.private for field in layer.fields), layer.key


def test_registrations_are_there():
    there = {section.key for section in sections}
    assert {"photos", "progress", "phones", "facilities", "notices", "issues"} <= there
    assert {"records.seal_audit", "records.deliver_outbox", "records.clear_old"} <= {job.key for job in jobs}


def test_everything_is_translated():
    assert messages.problems(message_sources.found(), PO) == []


def test_sources_are_found():
    found = message_sources.found()
    assert "kernel/api/errors.py" in found["请先登录。"]
    assert "accounts/templates/accounts/login.html" in found["工作人员登录"]


@pytest.mark.parametrize(
    "template, msgids",
    [
        ("{% translate \"甲\" %}{% trans '乙' %}", ["甲", "乙"]),
        ('{{ x|default:_("丙") }}', ["丙"]),
        ("{% blocktranslate %}有 {{ n }} 个{% endblocktranslate %}", ["有 %(n)s 个"]),
        ("{% blocktranslate with n=a.b trimmed %}\n  {{ n }}\n  100%\n{% endblocktranslate %}", ["%(n)s 100%%"]),
        ('{% translate "说“\\"”" %}', ['说“"”']),
        ("没有", []),
    ],
)
def test_strings_of_templates(template, msgids):
    assert list(message_sources.of_template(template)) == msgids


def test_what_is_wrong_with_a_catalogue(tmp_path):
    po = tmp_path / "en/LC_MESSAGES/django.po"
    po.parent.mkdir(parents=True)
    found = {"有 %d 个": {"a/b.py"}, "两行\n字": {"a/b.py"}}
    assert "not up to date" in messages.problems(found, po)[0]
    po.write_text(messages.merged(found, po), encoding="utf-8")
    assert messages.problems(found, po) == ["not translated: 两行\n字", "not translated: 有 %d 个"]
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace('个"\nmsgstr ""', '个"\nmsgstr "%s things"'), encoding="utf-8")
    assert "other values in the translation: 有 %d 个 / %s things" in messages.problems(found, po)
    po.write_text(text.replace('个"\nmsgstr ""', '个"\nmsgstr "%d things"'), encoding="utf-8")
    kept = messages.merged({**found, "新": {"c.py"}}, po)
    assert '"%d things"' in kept
    assert 'msgid "新"\nmsgstr ""' in kept
    assert "两行" not in messages.merged({"新": {"c.py"}}, po)
