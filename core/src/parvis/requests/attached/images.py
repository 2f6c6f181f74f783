"""Making a received picture safe: judged before it is read, turned right, reduced, written anew as bare pixels.

A page shows the small copy and links to the large one. Where a picture was taken is read by `place_of`, from the bytes
as they came: nothing of it is left in what is kept.
"""

import io
import re
import struct
import threading
import warnings
import zlib

from msgspec import Struct
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from parvis.requests.attached.unfit import Unfit

MARKER = re.compile(rb"\xff+([^\x00\xff])")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}


def scans_of(content: bytes) -> int:
    """The scans of the first picture in the content; what follows its end, such as a film, does not count."""
    scans, at = 0, 2
    while (found := MARKER.search(content, at)) is not None:
        marker, at = found[1][0], found.end()
        if marker == END_OF_IMAGE:
            break
        if marker in WITHOUT_LENGTH:
            continue
        scans += marker == START_OF_SCAN
        at += max(2, int.from_bytes(content[at : at + 2], "big"))
    return scans


KINDS = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG that other views or a film follow: the first one is the photo
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}
READ = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
LONGEST_SIDE = 2560
SMALL_SIDE = 480
MOST_PIXELS = 64_000_000  # a wide panorama of a telephone, or its 48 million
MOST_PIXELS_BY_STRIPES = 250_000_000  # of a JPEG that is read at a quarter of its size and line by line
MOST_PIXELS_OF_SCANS = 40_000_000  # of a JPEG whose lines come again and again: it lies whole in memory
MOST_SCANS = 60
MOST_PROFILE = 4_000_000
HEAVY = 16_000_000  # pixels from which on one picture is read at a time
MOST_COLOURS = 200  # of a drawing; photos have more

UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What those who read pictures raise when one is broken."""

register_heif_opener()
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # of metadata that is taken out anyway
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_BY_STRIPES  # beyond twice this, Pillow itself does not even look
ImageFile.LOAD_TRUNCATED_IMAGES = False  # half a photo is told, not kept in grey
_one_heavy = threading.Lock()


class Picture(Struct, frozen=True, kw_only=True):
    """A picture written anew, its size in pixels, and a small copy for pages."""

    content: bytes
    kind: str
    width: int
    height: int
    small: bytes


def kind_of_picture(content: bytes) -> str | None:
    """The media type of a picture by its content, or None when it is none; `Unfit` when it cannot be looked at."""
    try:
        with _opened(content) as image:
            return KINDS.get(image.format or "")
    except Unfit as unfit:
        if unfit.code != "file_kind":
            raise
        return None


def remade(content: bytes) -> Picture:
    """The picture without metadata, upright, its longest side at most 2,560 pixels, in the colours of screens."""
    with _opened(content) as image:
        _judge(image, content)
        if image.width * image.height < HEAVY:
            return _remade(image)
        with _one_heavy:
            return _remade(image)


def place_of(content: bytes) -> tuple[float, float] | None:
    """Where a picture was taken, as longitude and latitude, if its camera wrote that down."""
    try:
        with _opened(content) as image:
            gps = image.getexif().get_ifd(0x8825)
            lat = _degrees(gps.get(2), str(gps.get(1, "")), "S")
            lon = _degrees(gps.get(4), str(gps.get(3, "")), "W")
    except (Unfit, *UNREADABLE):
        return None
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None
    return round(lon, 6), round(lat, 6)


def _degrees(parts: object, side: str, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    hours, minutes, seconds = (float(part) for part in parts)
    value = hours + minutes / 60 + seconds / 3600
    return None if value != value else -value if side.strip("\0 ").upper() == negative else value


def _opened(content: bytes) -> Image.Image:
    """The picture with its head read and nothing else."""
    try:
        return Image.open(io.BytesIO(content), formats=READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("file_pixels", str(error)) from error
    except UnidentifiedImageError as error:
        raise Unfit("file_kind", str(error)) from error
    except UNREADABLE as error:
        raise Unfit("file_broken", str(error)) from error


def _judge(image: Image.Image, content: bytes) -> None:
    """Refuse, before it is read, what would fill the memory or take minutes."""
    pixels = image.width * image.height
    most = MOST_PIXELS
    if image.format in ("JPEG", "MPO"):
        scans = scans_of(content)
        if scans > MOST_SCANS:
            raise Unfit("file_broken", f"{scans} scans")
        most = MOST_PIXELS_OF_SCANS if image.info.get("progressive") else MOST_PIXELS_BY_STRIPES
    if pixels > most:
        raise Unfit("file_pixels", f"{image.width} x {image.height} pixels are too many")


def _remade(image: Image.Image) -> Picture:
    source = image.format or ""
    try:
        shrink = min(1.0, LONGEST_SIDE / max(image.size))
        image.draft(image.mode, (int(image.width * shrink), int(image.height * shrink)))  # JPEG: read at 1/2, 1/4, 1/8
        image.load()
        profile = image.info.get("icc_profile")
        plain = _in_few_modes(image)
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        upright = ImageOps.exif_transpose(_on_screen(plain, profile))
        bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())  # nothing but pixels goes along
        content, kind = _written(bare, source)
        return Picture(content=content, kind=kind, width=bare.width, height=bare.height, small=_small(bare))
    except UNREADABLE as error:
        raise Unfit("file_broken", str(error)) from error


def _in_few_modes(image: Image.Image) -> Image.Image:
    """As RGB, RGBA or CMYK: bilevel, grey, deep and palette pictures too."""
    if image.mode in ("RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I;16") or image.mode == "I":
        # Sixteen bits of grey: converted plainly, all but the darkest would be white.
        deep = image.convert("I").point(lambda value: value * (1 / 256))
        return _like(deep.convert("L").convert("RGB"), image)
    transparent = "transparency" in image.info or "A" in image.getbands() or "a" in image.getbands()
    return _like(image.convert("RGBA" if transparent else "RGB"), image)


def _like(made: Image.Image, image: Image.Image) -> Image.Image:
    made.info.update({name: image.info[name] for name in ("exif", "xmp") if name in image.info})
    return made


def _on_screen(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB: a profile goes with the metadata, so what it says is done first."""
    if profile and len(profile) <= MOST_PROFILE:
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, *UNREADABLE):
            made = None  # not a profile for these pixels: they are taken as they are
        if made is not None:
            return _like(made, image)
    return _like(image.convert("RGB"), image) if image.mode == "CMYK" else image


def _written(image: Image.Image, source: str) -> tuple[bytes, str]:
    """The picture as JPEG; a drawing with its few colours as PNG, what is seen through as WebP."""
    if source in ("PNG", "WEBP"):
        if image.getcolors(MOST_COLOURS) is not None:
            return _saved(image, "PNG"), "image/png"
        if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
            return _saved(image, "WEBP", quality=85, method=4), "image/webp"
    return _saved(image.convert("RGB"), "JPEG", quality=85, optimize=True), "image/jpeg"


def _small(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _saved(small, "WEBP", quality=72, method=2)  # half the time of 4, for one byte more in a hundred


def _saved(image: Image.Image, format: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, format=format, **options)
    return written.getvalue()
