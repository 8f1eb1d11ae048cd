"""Pictures of cameras: the newest are kept. Nothing looks for people or plates in them (docs/adr/0019)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from devices.models import Device, Snapshot
from kernel import clock
from kernel.errors import Invalid, Throttled
from kernel.viewer import Viewer
from media.models import State
from media.pipeline.incoming import Readable
from media.services import photo_add, photo_discard

KEPT = 48
"""Pictures of a camera: a day at one every half hour. A record of who passed by is not what they are for."""

PACE = dt.timedelta(seconds=20)
"""Between two pictures of one camera."""


def snapshot_add(*, device: Device, file: Readable) -> Snapshot:
    """Keep what a camera saw, and remove what is more than ``KEPT``. The caller has checked the token.

    Args:
        device: of a kind that takes pictures.
        file: JPEG, PNG, WebP or HEIC, read from its present position.

    Raises:
        Invalid: code "no_camera"; empty or damaged.
        TooLarge, UnsupportedType: as ``media.services.photo_add``.
        Throttled: the one before is younger than ``PACE``.
    """
    if not device.type.takes_pictures:
        raise Invalid(_("这种设备不拍照片。"), code="no_camera")
    now = clock.now()
    with transaction.atomic():
        Device.objects.select_for_update().get(pk=device.pk)  # two at once would both be the first
        newest = Snapshot.objects.filter(device=device).first()
        if newest and now - newest.taken_at < PACE:
            raise Throttled(_("抓拍太密，请稍后再发。"), retry_after=PACE.seconds)
        by = Viewer(county=device.county_id, label=f"device {device.code}")
        photo = photo_add(by=by, file=file, name=f"{device.code}.jpg", alt=device.name, state=State.HIDDEN)
        made = Snapshot.objects.create(device=device, photo=photo, taken_at=now)
        for old in Snapshot.objects.filter(device=device).select_related("photo")[KEPT:]:
            old.delete()
            photo_discard(old.photo)
    return made
