"""The media types of files that articles carry. Pure: the system's own tables differ from machine to machine."""

import re
from urllib.parse import urlsplit

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_BY_EXTENSION = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "heic": "image/heic",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}


def media_type(declared: str, url: str) -> str:
    """The declared media type if it is one (RFC 6838), else the one that the address's extension tells, else "".

    `url` is "" or one that `render.text.web_address` has let through.
    """
    declared = declared.split(";", maxsplit=1)[0].strip().lower()
    return declared if _MEDIA_TYPE.fullmatch(declared) else _BY_EXTENSION.get(_extension(url), "")


def _extension(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
