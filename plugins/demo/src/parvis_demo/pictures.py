"""Small pictures drawn for the demo, one look a type: no photograph of a real place is in it."""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (800, 600)
KEPT = (640, 480)  # drawn larger, so that edges come out smooth
Colour = tuple[int, int, int]
GROUNDS: dict[str, tuple[Colour, Colour]] = {  # far and near
    "snowy_sidewalk": ((196, 208, 220), (240, 244, 248)),
    "street_light": ((18, 24, 44), (42, 44, 58)),
    "fallen_branch": ((150, 186, 214), (96, 128, 78)),
    "park_equipment": ((160, 198, 226), (120, 156, 92)),
    "graffiti": ((142, 92, 74), (122, 76, 60)),
    "tree_felling": ((168, 196, 220), (104, 132, 84)),
}
STREET: tuple[Colour, Colour] = ((120, 124, 128), (84, 86, 90))


def draw_picture(kind: str, seed: int) -> bytes:
    """A JPEG of the thing a request is about."""
    chance = Random(f"{kind} {seed}")  # noqa: S311 - a drawing, no secret
    picture = ground(*GROUNDS.get(kind, STREET)).copy()
    canvas = ImageDraw.Draw(picture)
    DRAWN.get(kind, things)(canvas, chance)
    grain = Image.frombytes("L", (320, 240), chance.randbytes(320 * 240)).resize(KEPT, Image.Resampling.BILINEAR)
    picture = Image.blend(picture.resize(KEPT, Image.Resampling.BILINEAR), grain.convert("RGB"), 0.08)
    stored = BytesIO()
    picture.save(stored, "JPEG", quality=82)
    return stored.getvalue()


@cache
def ground(far: Colour, near: Colour) -> Image.Image:
    """From the far colour at the top to the near one at the bottom."""
    top, bottom = Image.new("RGB", SIZE, far), Image.new("RGB", SIZE, near)
    return Image.composite(bottom, top, Image.linear_gradient("L").resize(SIZE))


def hole(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    x, y, wide = chance.randint(280, 480), chance.randint(300, 420), chance.randint(90, 180)
    for share, colour in ((1.0, (64, 62, 60)), (0.8, (44, 42, 40)), (0.5, (30, 29, 28))):
        canvas.ellipse((x - wide * share, y - wide * share / 2, x + wide * share, y + wide * share / 2), fill=colour)
    canvas.line((0, 560, 800, 480), fill=(214, 198, 96), width=12)


def lamp(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    x = chance.randint(300, 500)
    canvas.rectangle((x - 8, 120, x + 8, 600), fill=(70, 72, 78))
    canvas.line((x, 128, x + 130, 110), fill=(70, 72, 78), width=12)
    canvas.ellipse((x + 110, 96, x + 170, 130), fill=(52, 54, 60))
    for window in range(6):
        canvas.rectangle((40 + window * 120, 320, 80 + window * 120, 370), fill=(214, 178, 96))


def branch(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    x, y = 120, chance.randint(380, 460)
    canvas.line((x, y, x + 560, y - 90), fill=(92, 66, 44), width=34)
    for twig in range(7):
        start = x + 80 + twig * 70
        tip = (start + chance.randint(-60, 60), y - chance.randint(90, 220))
        canvas.line((start, y - 20 - twig * 10, *tip), fill=(92, 66, 44), width=10)
        canvas.ellipse((tip[0] - 34, tip[1] - 24, tip[0] + 34, tip[1] + 24), fill=(70, 110, 58))


def snow(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    for bank in range(7):
        x, high = bank * 130 - 60, chance.randint(110, 220)
        canvas.ellipse((x, 600 - high, x + 240, 720), fill=(250, 252, 255), outline=(206, 216, 228), width=3)


def tag(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    for course in range(0, 600, 40):
        canvas.line((0, course, 800, course), fill=(108, 66, 52), width=3)
    colour = chance.choice(((28, 32, 40), (196, 44, 60), (36, 92, 168)))
    x, y = 160, 320
    for _ in range(9):
        end = (x + chance.randint(30, 80), y + chance.randint(-130, 130))
        canvas.line((x, y, *end), fill=colour, width=18, joint="curve")
        x, y = end


def things(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    for thing in range(8):
        x, y, wide = 120 + thing * 66, chance.randint(330, 450), chance.randint(60, 120)
        shade = chance.choice(((32, 34, 38), (48, 52, 60), (120, 92, 64), (70, 96, 120)))
        canvas.rounded_rectangle((x, y - wide, x + wide, y + 20), radius=26, fill=shade)


def bench(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    x, y = chance.randint(160, 260), chance.randint(340, 420)
    for plank in range(3):
        canvas.rectangle((x, y + plank * 26, x + 380, y + 16 + plank * 26), fill=(150, 104, 60))
    for leg in (x + 30, x + 330):
        canvas.rectangle((leg, y, leg + 18, y + 170), fill=(60, 62, 66))
    canvas.line((x + 200, y - 10, x + 260, y + 90), fill=(40, 30, 22), width=8)


DRAWN = {
    "pothole": hole,
    "street_light": lamp,
    "fallen_branch": branch,
    "tree_felling": branch,
    "snowy_sidewalk": snow,
    "graffiti": tag,
    "park_equipment": bench,
}
