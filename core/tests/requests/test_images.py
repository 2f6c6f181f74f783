"""Pictures of every sort are kept upright, small and in the colours of screens; where they were taken is gone."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from parvis.requests.attached.images import LONGEST_SIDE, SMALL_SIDE, kind_of_picture, place_of, remade, scans_of
from parvis.requests.attached.unfit import Unfit

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)
CAMERAS = ("JPEG", "WEBP", "PNG", "HEIF", "AVIF")
QUICK = {"AVIF": {"speed": 10}, "WEBP": {"method": 0}}
TURNED = {  # what a camera writes down, by the number it gives for it
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def two_coloured(size=(60, 40), mode="RGB"):
    image = Image.new("RGB", size, LEFT)
    image.paste(RIGHT, (size[0] // 2, 0, *size))
    return image.convert(mode)


def written(image, format="JPEG", **options):
    content = io.BytesIO()
    image.save(content, format, **(QUICK.get(format, {}) | options))
    return content.getvalue()


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def near(pixel, colour, within=60):
    return all(abs(one - other) < within for one, other in zip(pixel[:3], colour, strict=True))


def exif(orientation=1, place=True):
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "A maker of telephones"
    if place:
        gps = found.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (45.0, 31.0, 27.0), "W", (73.0, 34.0, 52.0)
    return found


def bomb(width, height):
    """A picture of that size by its head, with a body that unpacks to nothing much."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_a_camera_was_held_the_photo_stands_upright(format, orientation):
    upright = two_coloured()
    turned = upright.transpose(TURNED[orientation]) if TURNED[orientation] is not None else upright
    made = opened(remade(written(turned, format, exif=exif(orientation))).content)
    assert made.size == upright.size
    assert near(made.convert("RGB").getpixel((10, 20)), LEFT)
    assert near(made.convert("RGB").getpixel((50, 20)), RIGHT)


@pytest.mark.parametrize("format", CAMERAS)
def test_where_a_photo_was_taken_is_read_before_and_is_in_nothing_that_is_kept(format):
    content = written(two_coloured(), format, exif=exif())
    assert place_of(content) == (-73.581111, 45.524167)
    made = remade(content)
    for kept in (made.content, made.small):
        assert place_of(kept) is None
        assert not opened(kept).getexif()
        assert b"maker of telephones" not in kept
        assert set(opened(kept).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
            "timestamp",
            "duration",
        }


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {2: (95.0, 0.0, 0.0), 4: (1.0, 0.0, 0.0)},
        {2: (45.0,), 4: (1.0,)},
    ],
)
def test_a_place_that_is_none_is_not_read(gps):
    found = Image.Exif()
    found.get_ifd(0x8825).update(gps)
    assert place_of(written(two_coloured(), exif=found)) is None
    assert place_of(b"no picture") is None


@settings(max_examples=25, deadline=None)
@given(
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    format=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    mode=st.sampled_from(["RGB", "L", "1", "P", "RGBA", "LA", "CMYK", "I;16", "YCbCr"]),
    orientation=st.integers(1, 8),
)
def test_whatever_a_picture_is_made_of_it_is_kept_with_its_size_and_shown(size, format, mode, orientation):
    image = Image.new(mode, size) if mode == "I;16" else two_coloured(size, mode)
    try:
        content = written(image, format, exif=exif(orientation))
    except (OSError, KeyError):
        return  # no such file exists
    made = remade(content)
    assert (made.width, made.height) == (size if orientation < 5 else size[::-1])
    assert opened(made.content).size == (made.width, made.height)
    assert kind_of_picture(made.content) == made.kind
    assert opened(made.content).mode in ("RGB", "RGBA", "L", "P", "1")
    assert max(opened(made.small).size) <= SMALL_SIDE


@pytest.mark.parametrize(
    ("size", "kept"),
    [((6000, 3000), (2560, 1280)), ((2560, 10), (2560, 10)), ((50, 3000), (43, 2560)), ((9, 9), (9, 9))],
)
def test_a_large_photo_is_reduced_and_none_is_ever_enlarged(size, kept):
    made = remade(written(Image.new("RGB", size, LEFT)))
    assert (made.width, made.height) == kept
    assert max(kept) <= LONGEST_SIDE
    assert max(opened(made.small).size) == min(SMALL_SIDE, max(kept))


def test_sixteen_bits_of_grey_do_not_turn_white():
    made = opened(remade(written(Image.new("I;16", (20, 20), 32_768), "PNG")).content).convert("L")
    assert abs(made.getpixel((5, 5)) - 128) < 3


def test_the_colours_of_a_print_and_of_a_wide_screen_become_those_of_all_screens():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()  # a profile that does not fit is left aside
    assert near(opened(remade(written(two_coloured(), icc_profile=lab)).content).getpixel((10, 20)), LEFT)
    printed = remade(written(two_coloured(mode="CMYK")))
    assert printed.kind == "image/jpeg"
    assert near(opened(printed.content).convert("RGB").getpixel((10, 20)), LEFT, within=80)
    assert remade(written(two_coloured(), icc_profile=b"rubbish" * 9)).kind == "image/jpeg"


def test_what_is_seen_through_stays_so_and_a_heavy_photo_as_png_becomes_a_jpeg():
    glass = Image.new("RGBA", (30, 30), (10, 20, 30, 100))
    assert opened(remade(written(glass, "PNG")).content).convert("RGBA").getpixel((3, 3))[3] == 100
    noise = Image.merge("RGB", [Image.effect_noise((90, 90), 90) for _ in range(3)])
    assert remade(written(noise, "PNG")).kind == "image/jpeg"
    assert remade(written(two_coloured(), "PNG")).kind == "image/png"


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_of_what_moves_the_first_picture_is_kept(format):
    frames = [Image.new("RGB", (20, 20), colour) for colour in (LEFT, RIGHT, LEFT)]
    content = written(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
    made = opened(remade(content).content)
    assert getattr(made, "n_frames", 1) == 1
    assert near(made.convert("RGB").getpixel((3, 3)), LEFT)


def test_the_photo_of_a_telephone_that_other_views_or_a_film_follow_is_read_alone():
    views = written(two_coloured(), "MPO", save_all=True, append_images=[two_coloured((20, 10))])
    assert kind_of_picture(views) == "image/jpeg"
    film = written(two_coloured()) + b"ftypmp42" + bytes(range(256)) * 200
    for content in (views, film):
        made = remade(content)
        assert (made.width, made.height, made.kind) == (60, 40, "image/jpeg")
        assert b"ftyp" not in made.content


def test_a_picture_too_large_is_refused_by_its_head():
    with pytest.raises(Unfit, match="file_pixels"):
        remade(bomb(20_000, 20_000))
    with pytest.raises(Unfit, match="file_pixels"):
        remade(bomb(2**31 - 1, 2**31 - 1))
    assert kind_of_picture(bomb(8_000, 8_001)) == "image/png"


@pytest.mark.parametrize("format", CAMERAS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_picture_cut_off_is_broken_wherever_it_was_cut(format, part):
    content = written(two_coloured((200, 150)), format)
    with pytest.raises(Unfit, match=r"file_broken|file_kind"):
        remade(content[: int(len(content) * part)])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CAMERAS), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12))
def test_a_picture_with_wrong_bytes_is_read_or_refused_and_nothing_else(format, wrong):
    content = bytearray(SOUND[format])
    for at, value in wrong:
        content[at % len(content)] = value
    try:
        made = remade(bytes(content))
    except Unfit:
        return
    assert max(made.width, made.height) <= LONGEST_SIDE


SOUND = {format: written(two_coloured((64, 48)), format, exif=exif()) for format in CAMERAS}


def test_a_small_file_that_is_gone_over_thousands_of_times_is_refused():
    content = written(two_coloured(), progressive=True)
    assert 1 < scans_of(content) < 30
    scan = content[content.rindex(b"\xff\xda") : -2]
    with pytest.raises(Unfit, match="file_broken"):
        remade(content[:-2] + scan * 100 + content[-2:])


def test_a_photo_without_progress_has_one_scan_and_what_follows_it_does_not_count():
    plain = written(two_coloured())
    assert scans_of(plain) == scans_of(plain + plain * 50) == 1
    assert scans_of(b"") == scans_of(b"\xff" * 50) == 0


@pytest.mark.slow
def test_twelve_million_pixels_five_times_over_take_no_more_memory_than_once(tmp_path):
    """In a process of its own, whose peak is then known."""
    noise = Image.effect_noise((400, 300), 50).convert("RGB").resize((4032, 3024))
    (tmp_path / "photo.jpg").write_bytes(written(noise, quality=85))
    (tmp_path / "bomb.png").write_bytes(bomb(20_000, 20_000))
    script = (
        "import resource, sys\n"
        "from parvis.requests.attached.images import Unfit, remade\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "before = peak()\n"
        "try: remade(open('bomb.png', 'rb').read())\n"
        "except Unfit as unfit: print(unfit.code)\n"
        "print(peak() - before)\n"
        "for _ in range(5): remade(open('photo.jpg', 'rb').read())\n"
        "print(peak() - before)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    code, of_bomb, of_photos = told.stdout.split()
    assert code == "file_pixels"
    assert int(of_bomb) < 20
    assert int(of_photos) < 200
