"""Making a received picture safe: read within limits, turned right, reduced, written anew as bare pixels."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}

register_heif_opener()


class NotAPicture(ValueError):
    """The content is no picture of an accepted kind, or is broken or made to hurt."""


class Picture:
    """A picture written anew: its bytes, media type and size in pixels."""

    def __init__(self, content: bytes, kind: str, width: int, height: int) -> None:
        self.content, self.kind, self.width, self.height = content, kind, width, height


def kind_of_picture(content: bytes) -> str | None:
    """The media type of a picture by its content, or None when it is none of those accepted."""
    try:
        with _opened(content) as image:
            return FORMATS.get(image.format or "")
    except NotAPicture:
        return None


def remade(content: bytes) -> Picture:
    """The picture without metadata, upright, its longest side at most 2,560 pixels; JPEG where HEIC was sent."""
    with _opened(content) as image:
        if image.width * image.height > MOST_PIXELS:
            raise NotAPicture(f"{image.width} x {image.height} pixels are too many")
        source = image.format or ""
        try:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at half its size or less, if large
            image.load()
            upright = ImageOps.exif_transpose(image)
        except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
            raise NotAPicture(str(error)) from error
        target = source if source in ("PNG", "WEBP") else "JPEG"
        mode = "RGBA" if target != "JPEG" and ("A" in upright.getbands() or "transparency" in upright.info) else "RGB"
        plain = upright.convert(mode)
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())  # nothing but pixels goes along
        written = io.BytesIO()
        bare.save(written, format=target, **({"quality": 85, "optimize": True} if target == "JPEG" else {}))
        return Picture(written.getvalue(), FORMATS[target], bare.width, bare.height)


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise NotAPicture(str(error)) from error
    return image
