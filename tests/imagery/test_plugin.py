"""A detector of an installed package: found by its entry point, imported when it is asked for."""

import json
import sys

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError, call_command

from imagery.detect.detectors import detector_keys, detectors
from imagery.detect.plugins import plugins
from imagery.models import ChangeRun
from tests.factories import imagery as make
from tests.imagery.pairs import pair
from tests.imagery.test_api import client_of, post

MODULE = '''
import numpy as np
from imagery.detect.cuts import Top
from imagery.detect.detectors import Detector

class Network:
    """The largest difference of any band: no network, but called as one."""
    def __call__(self, before, after):
        return np.abs(after - before).max(axis=0).astype(np.float32)

found = Detector("mynet", lambda sample: Network(), Top(0.02))
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """As a package manager would leave it on the path."""
    (tmp_path / "mynet_of_somebody.py").write_text(MODULE)
    told = tmp_path / "mynet_of_somebody-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: mynet-of-somebody\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[geogov.detectors]\nmynet = mynet_of_somebody:found\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.cache_clear()
    yield
    plugins.cache_clear()
    if "mynet" in detectors:
        detectors.remove("mynet")
    sys.modules.pop("mynet_of_somebody", None)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two scenes and what changed, as files."""
    ground, base = pair(), tmp_path_factory.mktemp("pair")
    for name in ("before", "after", "changed"):
        values = np.atleast_3d(getattr(ground, name).T).T.astype(np.uint16)
        size = dict(zip(("count", "height", "width"), values.shape, strict=True))
        with rasterio.open(base / f"{name}.tif", "w", driver="GTiff", dtype="uint16", **size) as out:
            out.write(values)
    return base


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_it_is_named_without_being_imported_and_works_like_ours(package, files, capsys, settings, executor):
    settings.CHANGE_EXECUTOR = executor
    assert "mynet" in detector_keys()
    assert "mynet_of_somebody" not in sys.modules
    scenes = [str(files / "before.tif"), str(files / "after.tif")]
    call_command("change_eval", *scenes, changed=str(files / "changed.tif"), detector="mynet", json=True)
    told = json.loads(capsys.readouterr().out)
    assert "mynet_of_somebody" in sys.modules
    assert told["detector"] == "mynet"
    assert told["f1"] > 0.2


def test_where_no_package_has_it_the_command_says_what_there_is(files):
    scenes = [str(files / "before.tif"), str(files / "after.tif")]
    with pytest.raises(CommandError, match=r"mynet.*fusion"):
        call_command("change_eval", *scenes, "--changed", str(files / "changed.tif"), "--detector", "mynet")


@pytest.mark.django_db
def test_an_official_chooses_it_by_its_name_and_it_is_not_imported_for_that(package):
    client = client_of(make.who())
    before, after = make.scene("2025-09-11"), make.scene("2026-03-08")
    options = client.get("/api/imagery/runs").json()["detectors"]
    assert options[0]["value"] == "fusion"
    assert options[-1] == {"value": "mynet", "title": "mynet（软件包 mynet-of-somebody）"}
    asked = {"before": before.pk, "after": after.pk}
    assert post(client, "runs", **asked, detector="mynet").status_code == 201
    assert client.get("/api/imagery/runs").json()["items"][0]["detector"] == options[-1]["title"]
    refused = post(client, "runs", **asked, detector="yournet")
    assert (refused.status_code, refused.json()["field"]) == (400, "detector")
    assert ChangeRun.objects.get().detector == "mynet"
    assert "mynet_of_somebody" not in sys.modules


@pytest.mark.django_db
def test_a_run_of_a_package_that_is_gone_is_called_by_its_key():
    asked = make.run()
    ChangeRun.objects.filter(pk=asked.pk).update(detector="mynet")
    assert client_of(make.who()).get("/api/imagery/runs").json()["items"][0]["detector"] == "mynet"
    with pytest.raises(CommandError, match="没有安装检测方法“mynet”的软件包"):
        call_command("change_detect", run=asked.pk)
    (row,) = client_of(make.who()).get("/api/imagery/runs").json()["items"]
    assert (row["state"], "resume" in row["may"], "mynet" in row["error"]) == ("failed", True, True)
