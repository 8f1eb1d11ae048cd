"""Uploads over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from kernel.errors import Invalid, NotFound, TooLarge
from media import selectors, services
from media.api import serializers
from media.models import Photo
from media.pipeline.limits import MAX_DOCUMENT_BYTES, MAX_PHOTO_BYTES

FORM_BYTES = 2**20
"""Room for the other fields and the seams of a multipart form."""


class UploadView(ApiView):
    """Takes one file of a multipart form.

    Attributes:
        most: bytes of the files; the server keeps no body that is longer (``geogov.asgi.body_limit``).
    """

    parser_classes = (MultiPartParser,)
    most: ClassVar[int]

    @classmethod
    def body_most(cls) -> int:
        """Bytes of the longest form."""
        return cls.most + FORM_BYTES

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is too long by its announced length, then check as every API does.

        Raises:
            TooLarge: code "file_too_large".
        """
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if announced.isdecimal() and int(announced) > self.body_most():
            said = _("文件太大，最多 %d MB。") % (self.most // 2**20)
            raise TooLarge(said, code="file_too_large", field="file")
        super().initial(request, *args, **kwargs)

    def one_file(self, request: Request) -> UploadedFile[Any]:
        """The file of the form.

        Raises:
            Invalid: none, or several.
        """
        files: list[UploadedFile[Any]] = request.FILES.getlist("file")
        if len(files) != 1 or len(request.FILES) != 1:
            raise Invalid(_("每次请上传一个文件，表单项名为 file。"), code="one_file", field="file")
        return files[0]


def photo_shape(photo: Photo) -> dict[str, Any]:
    """A photo for those who work with it."""
    return {
        "id": photo.pk,
        **selectors.photo_urls(photo),
        "alt": photo.alt,
        "alt_en": photo.alt_en,
        "state": photo.state,
        "has_position": photo.position is not None,
    }


class PhotosView(UploadView):
    """Photos are added here, then attached to what they show."""

    most = MAX_PHOTO_BYTES

    @extend_schema(
        request={"multipart/form-data": serializers.PhotoUpload},
        responses={201: serializers.PhotoShape},
        tags=["media"],
    )
    def post(self, request: Request) -> Response:
        """Add a photo (JPEG, PNG, WebP, HEIC; at most 25 MB and 50 megapixels). Staff only."""
        file, alt = self.one_file(request), str(request.POST.get("alt", ""))
        photo = services.photo_upload(by=self.viewer, file=file, name=file.name or "", alt=alt)
        return Response(photo_shape(photo), status=201)


class PhotoView(ApiView):
    """One photo, for those who work with it."""

    def _photo(self, pk: int) -> Photo:
        photo = Photo.objects.kept_by(self.viewer).filter(pk=pk).first()
        if photo is None:
            raise NotFound(_("没有这张照片。"))
        return photo

    @extend_schema(responses=serializers.PhotoShape, tags=["media"])
    def get(self, request: Request, pk: int) -> Response:
        """What is shown of a photo."""
        return Response(photo_shape(self._photo(pk)))

    @extend_schema(request=serializers.PhotoChange, responses=serializers.PhotoShape, tags=["media"])
    def patch(self, request: Request, pk: int) -> Response:
        """Change its text, publish or hide it. Staff only."""
        shape = serializers.PhotoChange(data=request.data)
        shape.is_valid(raise_exception=True)
        photo = services.photo_change(by=self.viewer, photo=self._photo(pk), **shape.validated_data)
        return Response(photo_shape(photo))


class DocumentsView(UploadView):
    """Documents are added here, then attached to what they belong to."""

    most = MAX_DOCUMENT_BYTES

    @extend_schema(
        request={"multipart/form-data": serializers.DocumentUpload},
        responses={201: serializers.DocumentShape},
        tags=["media"],
    )
    def post(self, request: Request) -> Response:
        """Add a document (PDF, DOCX, XLSX, TXT, CSV; at most 20 MB). Staff only."""
        file = self.one_file(request)
        document = services.document_add(by=self.viewer, file=file, name=file.name or "")
        return Response(selectors.document_link(document), status=201)
