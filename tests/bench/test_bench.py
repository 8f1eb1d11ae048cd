import subprocess
import sys
import time

import pytest
from django.db import connection

from bench import limit, report
from bench.cpu import tree_s
from bench.registry import BENCHES, Bench, Row, add
from bench.serving import tile_at

BURN = (
    "import time\nend = time.process_time() + {s}\nwhile time.process_time() < end: pass\n"
    "print('done', flush=True); input()"
)


def test_cpu_of_a_process_is_what_it_used():
    with subprocess.Popen(
        [sys.executable, "-c", BURN.format(s=0.3)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as one:
        one.stdout.readline()
        used = tree_s(one.pid)
        one.stdin.write(b"\n")
    assert 0.3 <= used < 0.6


def test_cpu_counts_children_that_live_and_that_ended():
    code = (
        "import subprocess, sys\n"
        f"burn = {BURN.format(s=0.2)!r}\n"
        "subprocess.run([sys.executable, '-c', burn], input=b'\\n', stdout=subprocess.DEVNULL)\n"
        "child = subprocess.Popen([sys.executable, '-c', burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print('done', flush=True); input(); child.communicate(b'\\n')"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        one.stdout.readline()
        used = tree_s(one.pid)
        one.stdin.write(b"\n")
    assert 0.4 <= used < 0.9


@pytest.mark.parametrize(
    "row, ratio, passes",
    [
        (Row("a", 2.0, 1.0, 2.0), 2.0, True),
        (Row("a", 2.1, 1.0, 2.0), 2.1, False),
        (Row("a", 7.0, 1.0, 2.0, fixed_ms=5.0), 7.0, True),
        (Row("a", 7.1, 1.0, 2.0, fixed_ms=5.0), 7.1, False),
    ],
)
def test_what_is_allowed(row, ratio, passes):
    assert row.ratio == pytest.approx(ratio)
    assert row.passes is passes


def test_a_bench_writes_its_section_and_leaves_the_others(tmp_path):
    page = tmp_path / "bench.md"
    one, other = (Bench(key, "Title", "a limit", list) for key in ("one", "other"))
    report.write(other, [Row("o", 1, 1, 1)], page)
    report.write(one, [Row("a", 2, 1, 1)], page)
    report.write(one, [Row("b", 3, 2, 2)], page)
    text = page.read_text(encoding="utf-8")
    assert text.count("## one: Title") == text.count("## other: Title") == 1
    assert "| b | 3.00 | 2.00 | 1.50× |" in text
    assert "| a |" not in text
    assert "| o | 1.00 |" in text
    assert text.startswith("# Measurements")


def test_benches_have_names_of_their_own():
    assert "serving" in BENCHES
    with pytest.raises(ValueError, match="serving"):
        add(BENCHES["serving"])


@pytest.mark.django_db
@pytest.mark.parametrize("lon, lat", [(0.001, -0.001), (120.03, 30.53), (-179.9, 85.0), (179.9, -85.0)])
@pytest.mark.parametrize("zoom", [0, 1, 11, 18])
def test_tile_of_a_point_is_the_one_that_postgis_means(lon, lat, zoom):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Contains(ST_TileEnvelope(%s, %s, %s), ST_Transform(ST_Point(%s, %s, 4326), 3857))",
            [*tile_at(lon, lat, zoom), lon, lat],
        )
        assert cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_statement_of_a_request_is_caught_with_its_parameters():
    with limit._caught() as statements, connection.cursor() as cursor:
        cursor.execute("SELECT %s, '100%%'", ["a'b"])
        cursor.execute("SET LOCAL work_mem = '4MB'")
    assert statements == ["SELECT 'a''b', '100%'"]


@pytest.mark.django_db
def test_the_limit_runs_prepared_and_its_cpu_is_seen():
    one = limit.Limit()
    before = one.cpu_s()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 2000000)")
    assert one.cpu_s() > before
    began = time.process_time()
    assert one.cpu_s() >= before
    assert time.process_time() - began < 1
