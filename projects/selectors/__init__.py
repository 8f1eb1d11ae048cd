"""Shaped reads of projects: frozen dataclasses that panel, overview and API show as they are."""

from projects.selectors.album import Album, place_album
from projects.selectors.board import Board, project_board
from projects.selectors.board_rows import BoardPlace, board_place
from projects.selectors.detail import (
    PRIVATE_AUDIENCE,
    Detail,
    NoticeShape,
    PhotoShape,
    ProgressShape,
    notice_get,
    notice_page,
    notice_shape,
    notices_of,
    photo_shape,
    photos_of,
    progress_of,
    project_detail,
    project_photos,
    project_progress,
)
from projects.selectors.files import file_shown
from projects.selectors.forms import FormOptions, form_options
from projects.selectors.overview import Overview, project_overview
from projects.selectors.place import (
    PANEL_PROJECTS,
    NoticesBody,
    PhotosBody,
    ProgressBody,
    place_notices,
    place_phones,
    place_photos,
    place_progress,
)
from projects.selectors.shapes import Choice, IndicatorCurve, ProjectLine, project_line, status_choice
from projects.selectors.titles import SOON

__all__ = [
    "PANEL_PROJECTS",
    "PRIVATE_AUDIENCE",
    "SOON",
    "Album",
    "Board",
    "BoardPlace",
    "Choice",
    "Detail",
    "FormOptions",
    "IndicatorCurve",
    "NoticeShape",
    "NoticesBody",
    "Overview",
    "PhotoShape",
    "PhotosBody",
    "ProgressBody",
    "ProgressShape",
    "ProjectLine",
    "board_place",
    "file_shown",
    "form_options",
    "notice_get",
    "notice_page",
    "notice_shape",
    "notices_of",
    "photo_shape",
    "photos_of",
    "place_album",
    "place_notices",
    "place_phones",
    "place_photos",
    "place_progress",
    "progress_of",
    "project_board",
    "project_detail",
    "project_line",
    "project_overview",
    "project_photos",
    "project_progress",
    "status_choice",
]
