"""What a request is begun from: an address that is known, photos with and without their place."""

from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD

from parvis_testing.known_addresses import known_in

ADDRESS = "4563, rue Saint-Urbain"
SERVICE = "/fr/demande/rues/nid-de-poule"
PARIS = (48.858, 2.294)


def photo(point=None) -> bytes:
    """A photo, with where it was taken as a phone writes it."""
    image, content, exif = Image.new("RGB", (640, 480), "#336699"), BytesIO(), Image.Exif()
    if point:
        lat, lon = point
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N" if lat > 0 else "S",
                GPS.GPSLatitude: degrees(lat),
                GPS.GPSLongitudeRef: "E" if lon > 0 else "W",
                GPS.GPSLongitude: degrees(lon),
            }
        )
    image.save(content, "JPEG", exif=exif)
    return content.getvalue()


def degrees(value) -> tuple[float, float, float]:
    minutes = abs(value) % 1 * 60
    return float(int(abs(value))), float(int(minutes)), minutes % 1 * 60


def sent(content: bytes, name: str = "trou é.jpg"):
    return [("photo", (name, content, "image/jpeg"))]


def here() -> tuple[float, float]:
    (found,) = known_in("parvis").search("4563 saint-urbain", 1)
    return found.lat, found.lon


def fields(browser, form: int = -1) -> dict[str, str]:
    return dict(browser.form(form)["fields"])
