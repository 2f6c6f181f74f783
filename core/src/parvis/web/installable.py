"""A town's pages as an application of a telephone: name and icons, and the worker that shows pages without network."""

import re
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from parvis.i18n import LANGUAGES
from parvis.jurisdictions import Jurisdiction
from parvis.web.addresses import address
from parvis.web.assets import BUILT, STATIC
from parvis.web.town import find_town, mark_of, town_of

AnyRequest = Request[Any, Any, Any]
ICON = re.compile(r"(any|maskable)-(180|192|512)\.png")
A_DAY = {"cache-control": "public, max-age=86400"}
FONT = "public-sans-latin-700-normal.woff2"
SHELL_FONTS = ("public-sans-latin-400-normal.woff2", FONT)
WORKER = "sw.js"
LETTER = {"any": 0.62, "maskable": 0.44}  # of the icon's height; of a maskable one any shape may be cut
PAGE_GROUND = "#ffffff"


def installable_routes() -> list[HTTPRouteHandler]:
    return [application, icon, apple_icon]


@get([f"/{language}/application.webmanifest" for language in LANGUAGES], include_in_schema=False)
async def application(request: AnyRequest) -> Response[bytes]:
    """What a telephone asks before it puts the town among its applications."""
    language = request.url.path.split("/", 2)[1]
    return Response(manifest_of(town_here(request), language), media_type="application/manifest+json", headers=A_DAY)


def manifest_of(town: Jurisdiction, language: str) -> bytes:
    brand = town.brand
    icons = [("any", 192), ("any", 512), ("maskable", 512)]
    return msgspec.json.encode(
        {
            "id": "/",
            "name": town.name.to(language),
            "short_name": brand.logo_text.to(language),
            "description": brand.tagline.to(language),
            "lang": f"{language}-CA",
            "start_url": address(language),
            "scope": "/",
            "display": "standalone",
            "theme_color": brand.primary,
            "background_color": PAGE_GROUND,
            "icons": [
                {
                    "src": f"/icone/{purpose}-{size}.png",
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for purpose, size in icons
            ],
        }
    )


@get("/icone/{name:str}", include_in_schema=False, sync_to_thread=True)
def icon(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """The letter of the town on its colour."""
    asked = ICON.fullmatch(name)
    if asked is None:
        raise NotFoundException
    return drawn(request, asked[1], int(asked[2]))


@get("/apple-touch-icon.png", include_in_schema=False, sync_to_thread=True)
def apple_icon(request: AnyRequest) -> Response[bytes]:
    return drawn(request, "maskable", 180)


def drawn(request: AnyRequest, purpose: str, size: int) -> Response[bytes]:
    brand = town_here(request).brand
    picture = picture_of(brand.primary, brand.on_primary, mark_of(brand), size, LETTER[purpose])
    return Response(picture, media_type="image/png", headers=A_DAY)


@lru_cache(maxsize=64)
def picture_of(ground: str, ink: str, mark: str, size: int, share: float) -> bytes:
    from PIL import Image, ImageDraw, ImageFont  # loaded for people who install the site on a telephone

    image = Image.new("RGB", (size, size), ground)
    font = ImageFont.truetype(BUILT / files_built()[FONT], round(size * share))
    ImageDraw.Draw(image).text((size / 2, size / 2), mark, fill=ink, font=font, anchor="mm")
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


@lru_cache(maxsize=64)
def worker_of(colours: str, languages: tuple[str, ...], pages: tuple[str, ...]) -> str:
    """Another version as soon as anything it keeps is another one; `pages` carry what they are made of."""
    names = files_built()
    kept = [f"{STATIC}/brand/{colours}.css", *(f"{STATIC}/built/{name}" for name in offline_files(names))]
    places = [page.partition("#")[0] for page in pages]
    version = blake2b(msgspec.json.encode([kept, pages]), digest_size=8).hexdigest()
    alone = {language: address(language, ":offline") for language in languages}
    told = msgspec.json.encode({"version": version, "files": kept, "pages": places, "alone": alone}).decode()
    return f"self.PARVIS = {told};\n{(BUILT / names[WORKER]).read_text('utf-8')}"


def offline_files(names: dict[str, str]) -> list[str]:
    """What the pages without network are made of, under the names that change with their content."""
    scripts = msgspec.json.decode((BUILT / "offline.json").read_bytes(), type=list[str])
    return [names["app.css"], names["icon.svg"], *(names[font] for font in SHELL_FONTS), *scripts]


def field_files() -> list[str]:
    """What the pages on site are made of beside the files that every telephone keeps."""
    names = files_built()
    scripts = msgspec.json.decode((BUILT / "field.json").read_bytes(), type=list[str])
    return [f"{STATIC}/built/{name}" for name in (names["desk.css"], *scripts)]


@lru_cache(maxsize=1)
def files_built(folder: Path = BUILT) -> dict[str, str]:
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=dict[str, str])


def town_here(request: AnyRequest) -> Jurisdiction:
    return town_of(request.scope) or find_town(request.app.state.pages.jurisdictions, request.scope)
