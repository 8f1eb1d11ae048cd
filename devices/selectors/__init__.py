"""Reads of devices that take several tables."""

from devices.selectors.alarms import (
    ACTORS,
    SOURCE,
    AlarmFilter,
    AlarmPage,
    AlarmRow,
    alarm_get,
    alarm_key,
    alarm_link,
    alarm_of,
    alarm_page,
    alarm_title,
)
from devices.selectors.codes import devices_by_code, streams_by_key
from devices.selectors.detail import DeviceDetail, device_detail, file_shown
from devices.selectors.newest import as_list, newest_in
from devices.selectors.of_place import STATE_TITLES, DevicesOfPlace, devices_of_place
from devices.selectors.series import Series, stream_series
from devices.selectors.status import TelemetryStatus, telemetry_status
from devices.selectors.streams import REGISTRY, Streams, streams
from devices.selectors.tokens import Speakers, served_by, speaker_of

__all__ = [
    "ACTORS",
    "REGISTRY",
    "SOURCE",
    "STATE_TITLES",
    "AlarmFilter",
    "AlarmPage",
    "AlarmRow",
    "DeviceDetail",
    "DevicesOfPlace",
    "Series",
    "Speakers",
    "Streams",
    "TelemetryStatus",
    "alarm_get",
    "alarm_key",
    "alarm_link",
    "alarm_of",
    "alarm_page",
    "alarm_title",
    "as_list",
    "device_detail",
    "devices_by_code",
    "devices_of_place",
    "file_shown",
    "newest_in",
    "served_by",
    "speaker_of",
    "stream_series",
    "streams",
    "streams_by_key",
    "telemetry_status",
]
