"""From a reading to an alarm, and back: in ingest, and in a sweep."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.forms import modelform_factory

from devices import services
from devices.admin import AlarmRuleForm
from devices.models import Alarm, AlarmEvent, AlarmLevel, AlarmRule, Device, Seen
from devices.states import DEFAULT_RULES, Kind, Phase
from kernel import clock
from records.models import OutboxMessage
from tests.devices.conftest import NOW
from tests.factories import devices as make
from tests.factories import people, places

pytestmark = pytest.mark.django_db

HERE = dt.datetime.fromisoformat(NOW)
CLEAR_S = 120


def after(**span):
    return HERE + dt.timedelta(**span)


def take(*rows):
    """Readings given as (stream, seconds after NOW, value)."""
    return make.take(*((one, after(seconds=seconds).isoformat(), value) for one, seconds, value in rows))


def at(**span):
    return clock.freeze(after(**span), everywhere=True)


def standing(*names):
    """All alarms, oldest first; moments as seconds after NOW."""
    rows = Alarm.objects.order_by("raised_at", "pk").values_list(*(names or ("phase", "raised_at", "cleared_at")))
    return [tuple((v - HERE).total_seconds() if isinstance(v, dt.datetime) else v for v in row) for row in rows]


def level_of(device):
    return Device.objects.values_list("alarm", flat=True).get(pk=device.pk)


def test_a_flood_is_raised_and_cleared_in_time_and_old_rows_change_nothing(django_assert_num_queries):
    make.rule(for_s=60, clear_s=CLEAR_S)
    level = make.stream()
    take((level, -300, 1.0))
    with django_assert_num_queries(10):  # one more than without rules, and one: it is heard just now
        take((level, -240, 1.2))
    rising = [(level, -200, 2.5), (level, -170, 1.8), (level, -150, 2.1)]
    take(*rising)
    assert (standing(), level_of(level.device)) == ([(Phase.PENDING, None, None)], 0)
    assert services.alarms_pass() == 1
    assert (standing("phase", "raised_at", "value"), level_of(level.device)) == ([(Phase.ACTIVE, -140, 2.5)], 3)
    before = list(Alarm.objects.values()), list(AlarmEvent.objects.values())
    take(*rising, (level, -250, 9.0), (level, -151, 0.1))  # a replay, and two that come late
    assert services.alarms_pass() == 0
    assert (list(Alarm.objects.values()), list(AlarmEvent.objects.values())) == before
    take((level, -100, 1.0))
    assert (standing(), level_of(level.device)) == ([(Phase.CLEARING, -140, None)], 3)
    with at(seconds=30):
        services.alarms_pass()
    assert (standing(), level_of(level.device)) == ([(Phase.CLEARED, -140, CLEAR_S - 100)], 0)
    assert list(AlarmEvent.objects.values_list("move", flat=True)) == ["raised", "cleared"]


def test_what_did_not_last_or_cannot_be_true_is_no_alarm_and_a_rule_out_of_use_ends_its_own():
    rule = make.rule(for_s=60)
    short, broken, long = make.stream(), make.stream(valid_max=5), make.stream()
    take((short, -100, 3.0), (short, -50, 1.0), (broken, -100, 9.0), (long, -100, 3.0))
    services.alarms_pass()
    assert standing("stream", "phase") == [(long.pk, Phase.ACTIVE)]
    take((short, -40, 3.0))
    rule.is_active = False
    rule.save()
    services.alarms_pass()
    assert standing() == [(Phase.CLEARED, -40, 0)]
    assert take((long, -10, 9.0)).accepted == 1
    assert Alarm.objects.count() == 1


def test_a_rise_lasts_from_reading_to_reading_and_silence_is_no_more_of_it():
    make.rule("rate", on=0.5, off=0.2, for_s=600)
    wave, rising = make.stream(), make.stream()
    take((wave, -4200, 1.0), (wave, -700, 1.0), (wave, -650, 1.4), (rising, -3600, 1.0), (rising, -100, 2.0))
    services.alarms_pass()
    assert standing("stream", "raised_at", "phase") == [
        (rising.pk, -3000, Phase.ACTIVE),
        (wave.pk, None, Phase.PENDING),
    ]
    take((wave, -1, 1.4))
    services.alarms_pass()
    assert standing("stream") == [(rising.pk,)]


def test_every_kind_that_readings_decide():
    lon, lat = places.lonlat(make.VILLAGE)
    words = {"is_text": True, "unit": ""}
    table = [
        ("below", {"on": 6, "off": 6.2}, {}, [7.0, 6.1, 5.9], 5.9),
        ("rate", {"on": 1.5}, {}, [1.0, 1.01, 1.2], 1.2),
        ("stuck", {"on": 120}, {}, [1.0, 2.0, 2.0, 2.0], 2.0),
        ("code", {"codes": ["2", "E3"]}, {}, [1.0, 2.0], 2.0),
        ("code", {"codes": ["2", "E3"]}, words, ["ok", "E3"], None),
        ("moved", {"on": 20, "off": 10}, {}, [3.0, -25.0], -25.0),
        ("moved", {"on": 50}, words, [f"{lon},{lat}", "nowhere", f"{lon},{lat + 0.001}"], None),
    ]
    streams = []
    for n, (kind, columns, fields, values, _value) in enumerate(table):
        make.rule(kind, key=f"k{n}", **columns)
        streams.append(make.stream(key=f"k{n}", **fields))
        take(*((streams[n], 60 * (place - len(values)), value) for place, value in enumerate(values[:-1])))
        assert not Alarm.objects.filter(raised_at__isnull=False).filter(stream=streams[n]).exists(), kind
        take((streams[n], -1, values[-1]))
    found = standing("stream", "phase", "value")
    assert sorted(found) == sorted((one.pk, Phase.ACTIVE, row[4]) for one, row in zip(streams, table, strict=True))


def crowd(like, number):
    """Keys of so many online devices that were seen NOW."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO devices_device (county_id, type_id, village_id, code, name, name_en,"
            " search_text, address, is_published, status, crs_source, geom, version, alarm)"
            " SELECT county_id, type_id, village_id, 'X' || n, '', '', '', '', TRUE, 'online', 'EPSG:4326', geom, 1, 0"
            " FROM devices_device, generate_series(1, %s) n WHERE id = %s RETURNING id)"
            " INSERT INTO devices_seen (device_id, at) SELECT id, %s FROM made RETURNING device_id",
            [number, like.pk, HERE],
        )
        return [pk for (pk,) in cursor.fetchall()]


def test_of_ten_thousand_devices_exactly_the_silent_ones_are_offline_within_the_heartbeat_and_twenty_seconds():
    first = make.device()
    make.rule("offline", key="", level=2)
    make.rule("missing", key="level", on=900.0, level=1)
    devices, quiet = crowd(first, 10_000), after(seconds=400)
    silent = set(devices[::100])
    Seen.objects.exclude(device__in=silent).update(at=quiet)
    for seconds, expected in ((604, 0), (620, len(silent))):
        with at(seconds=seconds):
            services.silence_note()
            assert services.alarms_pass() == expected
    assert set(Device.objects.filter(status="offline").values_list("pk", flat=True)) == silent
    assert not Device.objects.filter(alarm__gt=0).exists()
    assert set(Alarm.objects.values_list("device_id", "phase")) == {(pk, Phase.ACTIVE) for pk in silent}
    lost = make.stream(Device.objects.get(pk=devices[1]))
    with at(seconds=700):
        take((lost, 0, 1.0))
        back = next(iter(silent))
        Seen.objects.filter(device__in=[back, devices[1]]).update(at=after(seconds=700))
        services.silence_note()
        services.alarms_pass()
    assert standing("device", "raised_at", "cleared_at")[0][1] == 620
    assert Alarm.objects.get(device=back).cleared_at == after(seconds=700)
    with at(seconds=906):
        Seen.objects.update(at=after(seconds=900))
        services.silence_note()
        services.alarms_pass()
        assert standing("stream", "raised_at", "phase")[-1] == (lost.pk, 900, Phase.ACTIVE)
        take((lost, 906, 1.0))
        services.alarms_pass()
    assert not Alarm.objects.standing().exists()


def test_five_of_a_village_are_one_more_alarm_that_ends_below_three():
    flood = make.rule()
    make.rule("village", key="", counts=flood, on=5, off=3, level=3)
    wells = [make.stream() for _ in range(5)]
    take(*((one, -60, 3.0) for one in wells[:4]))
    services.alarms_pass()
    village = Alarm.objects.filter(device=None)
    assert not village.exists()
    take((wells[4], -50, 3.0))
    services.alarms_pass()
    assert (village.get().phase, village.get().value, village.get().village_id) == (Phase.ACTIVE, 5, make.VILLAGE)
    take(*((one, -40, 1.0) for one in wells[:2]))
    services.alarms_pass()
    assert village.get().phase == Phase.ACTIVE
    take((wells[2], -40, 1.0))
    services.alarms_pass()
    assert village.get().phase == Phase.CLEARED


def test_snoozed_alarms_bother_nobody_until_then_and_the_next_one_neither():
    make.rule()
    level = make.stream()
    desk = people.viewer("desk", jurisdiction=(level.device.county_id,), user_id=people.user("desk").pk)
    take((level, -60, 3.0))
    alarm = Alarm.objects.get()
    services.alarm_snooze(by=desk, alarm_id=alarm.pk, until=after(hours=2), reason="周四换泵")
    assert level_of(level.device) == 0
    take((level, -50, 1.0), (level, -40, 3.0))
    assert (standing("phase", "snoozed_until"), level_of(level.device)) == (
        [(Phase.CLEARED, 7200), (Phase.ACTIVE, 7200)],
        0,
    )
    with at(hours=2):
        services.alarms_pass()
    assert level_of(level.device) == 3


def test_nobody_acknowledged_is_one_level_worse_once_and_supervisors_hear_of_it():
    make.rule(level=2, escalate_s=600)
    seen, unseen = make.stream(), make.stream()
    who = people.user("supervisor", jurisdiction=[seen.device.county_id])
    desk = people.viewer("desk", jurisdiction=(seen.device.county_id,), user_id=people.user("desk").pk)
    take((seen, -60, 3.0), (unseen, -60, 3.0))
    services.alarm_acknowledge(by=desk, alarm_id=Alarm.objects.get(stream=seen).pk)
    for seconds, levels in ((500, [2, 2]), (540, [2, 3]), (1200, [2, 3])):
        with at(seconds=seconds):
            services.alarms_pass()
        assert [one for (one,) in standing("level")] == levels
    assert list(OutboxMessage.objects.values_list("recipient", flat=True)) == [str(who.pk)]
    assert (level_of(seen.device), level_of(unseen.device)) == (2, 3)


def test_a_county_starts_with_rules_and_keeps_its_own():
    for key in {one.type for one in DEFAULT_RULES}:
        make.kind(key)
    county = places.county().pk
    assert services.rules_default(county) == len(DEFAULT_RULES)
    AlarmRule.objects.filter(type="camera").update(is_active=False)
    assert services.rules_default(county) == 0
    assert AlarmRule.objects.filter(is_active=False).count() == 1
    assert AlarmRule.objects.get(kind=Kind.VILLAGE).counts.level == AlarmLevel.CRITICAL


RULES = [
    ({"kind": "above", "key": "level"}, {"on"}),
    ({"kind": "above", "key": "level", "on": 2, "off": 3}, {"off"}),
    ({"kind": "below", "key": "level", "on": 6, "off": 5}, {"off"}),
    ({"kind": "code", "key": "level"}, {"codes"}),
    ({"kind": "offline", "key": "level"}, {"key"}),
    ({"kind": "above", "key": "depth", "on": 2}, {"key"}),
    ({"kind": "village", "on": 5}, {"counts"}),
    ({"kind": "below", "key": "level", "on": 6, "off": 6.2}, set()),
    ({"kind": "offline"}, set()),
]


def test_the_form_says_what_a_rule_lacks():
    level = make.stream()
    common = {"county": level.device.county_id, "type": level.device.type_id, "title": "水位", "level": 2}
    form = modelform_factory(AlarmRule, AlarmRuleForm, fields="__all__")
    for said, wrong in RULES:
        assert set(form(common | {"for_s": 0, "clear_s": 0} | said).errors) == wrong, said
