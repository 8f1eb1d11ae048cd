"""Dockerfile and docker-compose.yml, checked without an engine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts import up
from scripts.address import Address, parse
from scripts.paths import BASE

COMPOSE = BASE / "docker-compose.yml"
APP = ("web", "worker", "scheduler", "migrate")
MQTT = ("broker", *(f"mqtt-{n + 1}" for n in range(up.CONSUMERS)))
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def run(*command):
    return subprocess.run(command, cwd=BASE, capture_output=True, text=True)


def test_compose_file_follows_the_specification():
    done = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_compose_file_is_found(tmp_path):
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE.read_text(encoding="utf-8").replace("stop_grace_period: 10s", "stop_gracefully: 10s"))
    assert run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", wrong).returncode == 1


def test_hadolint_has_nothing_to_say():
    done = run(BIN / "hadolint", "--failure-threshold", "style", "Dockerfile")
    assert done.returncode == 0, done.stdout + done.stderr


def test_services(compose):
    assert set(compose["services"]) == {*APP, *MQTT, "db", "redis", "proxy"}
    assert all(compose["services"][name]["profiles"] == [name] for name in ("proxy", "redis"))
    assert all(compose["services"][name]["profiles"] == ["mqtt"] for name in MQTT)
    assert all("profiles" not in compose["services"][name] for name in ("db", *APP))


def test_secrets_are_required_and_have_no_default(compose):
    text = COMPOSE.read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        uses = re.findall(rf"\$\{{{name}[^}}]*\}}", text)
        assert uses
        assert all(use.startswith(f"${{{name}:?") for use in uses)


@pytest.mark.parametrize("name", APP)
def test_nothing_runs_as_root_or_writes_outside_of_its_volumes(compose, name):
    service = compose["services"][name]
    assert service["build"]["target"] == "runtime"
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert "user" not in service
    runtime = (BASE / "Dockerfile").read_text(encoding="utf-8").split(" AS runtime")[1]
    assert re.findall(r"^USER (\S+)$", runtime, re.M) == ["10001:10001"]


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_they_wait_for_the_schema(compose, name):
    assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_what_runs_is_what_up_runs(compose):
    """The same commands; the image itself serves the web."""
    for program in up.programs(Address(), {"MQTT_URL": "mqtt://broker"})[1:]:
        command = [word for word in program.command[1:] if word != "-v0"]
        assert compose["services"][program.name]["command"] == ["python", *command]


def test_redis_is_reached_from_inside_only_and_waited_for_where_it_runs(compose):
    redis, environment = compose["services"]["redis"], compose["services"]["worker"]["environment"]
    assert redis["networks"] == ["inside"]
    assert "ports" not in redis
    assert environment["TASKS_BACKEND"] == "${TASKS_BACKEND:-database}"
    assert "redis://redis:6379/" in environment["REDIS_URL"]
    for name in ("web", "worker", "scheduler"):
        waits = compose["services"][name]["depends_on"]["redis"]
        assert waits == {"condition": "service_healthy", "required": False}


def test_the_broker_keeps_its_messages_and_asks_who_publishes(compose):
    broker = compose["services"]["broker"]
    assert "messages:/mosquitto/data" in broker["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in broker["ports"])
    said = dict(line.split(" ", 1) for line in (BASE / "broker/mosquitto.conf").read_text().splitlines() if " " in line)
    assert said["allow_anonymous"] == "false"
    assert (BASE / "broker" / Path(said["acl_file"]).name).exists()
    for name in MQTT[1:]:
        assert compose["services"][name]["restart"] == "unless-stopped"


def test_database_and_uploads_outlive_the_containers(compose):
    assert compose["services"]["db"]["volumes"] == ["database:/var/lib/postgresql/data"]
    assert compose["services"]["web"]["volumes"] == ["media:/data"]
    assert {"database", "media"} <= set(compose["volumes"])


def test_only_the_proxy_is_believed_and_only_it_is_reached_from_outside(compose):
    proxy, web = compose["services"]["proxy"], compose["services"]["web"]
    assert web["environment"]["TRUSTED_PROXIES"] == proxy["networks"]["front"]["ipv4_address"]
    assert all(port.startswith("127.0.0.1:") for port in web["ports"])
    assert "ports" not in compose["services"]["db"]


def test_every_variable_is_one_that_the_settings_read(compose):
    code = "".join(path.read_text(encoding="utf-8") for path in (BASE / "geogov").glob("*.py"))
    for name in compose["services"]["web"]["environment"]:
        assert f'"{name}"' in code or f'"{name}"' in code.replace("'", '"'), name


def test_health_is_asked_where_the_server_listens():
    dockerfile = (BASE / "Dockerfile").read_text(encoding="utf-8")
    listens = re.search(r'"geogov\.server", "([^"]+)"', dockerfile)[1]
    assert parse(listens) == Address("0.0.0.0", 8000)
    assert "127.0.0.1:8000/healthz" in dockerfile


def test_the_image_gets_every_app(compose):
    allowed = set(re.findall(r"^!(\S+)$", (BASE / ".dockerignore").read_text(encoding="utf-8"), re.M))
    apps = {path.parent.name for path in BASE.glob("*/apps.py")}
    assert apps | {"geogov", "scripts", "locale", "frontend", "manage.py", "requirements.txt"} <= allowed
