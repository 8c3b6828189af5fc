"""The pictures of the pages: taken where there is a chromium, small, and listed where they are shown."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from api.pages.every import pages
from tests.pages.conftest import CHROMIUM
from tools.pages import PICTURES, SCREENS, index, main
from tools.png import _pixels, size_of, smaller

ROOT = Path(__file__).parents[1]
LARGEST = 150_000


@pytest.mark.thorough
@pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="no chromium here")
def test_pictures_are_taken_and_small(tmp_path: Path) -> None:
    """Two of them, on both screens; in a process of its own, as a browser of the tests may be open here."""
    command = [sys.executable, "-m", "tools.pages", "sign-in", "my-work", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(found) == {f"{name}-{screen}.png" for name in ("sign-in", "my-work") for screen in SCREENS}
    assert all(len(content) < LARGEST for content in found.values())
    assert {size_of(found[f"my-work-{screen}.png"])[0] for screen in SCREENS} == {1280, 390}


def test_what_is_no_picture_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is begun."""
    with pytest.raises(SystemExit) as ended:
        main(["nothing"])
    assert ended.value.code == 2
    assert "there is no picture called nothing" in capsys.readouterr().err


def test_the_folder_holds_what_its_page_shows() -> None:
    """Each picture is there and small; none is left over."""
    folder = ROOT / "docs" / "pages"
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text == index(PICTURES)
    named = re.findall(r"\(([a-z-]+\.png)\)", text)
    assert sorted(named) == sorted(path.name for path in folder.glob("*.png"))
    assert all((folder / name).stat().st_size < LARGEST for name in named)


def test_every_page_has_a_picture() -> None:
    """A page without one fails here, but for the button that signs out."""
    shown = {re.sub(r"\{[a-z]+\}", "<>", one.path.partition("?")[0]) for one in PICTURES}
    there = {re.sub(r"<[^>]+>", "<>", one.path) for one in pages()} - {"/sign-out"}
    assert there <= shown


@pytest.mark.parametrize("colours", [2, 256, 400])
def test_a_smaller_picture_is_the_same_as_far_as_a_palette_can(colours: int) -> None:
    """All five ways of telling a row are read; of too many colours the rare ones are the nearest."""
    rng = np.random.default_rng(1)
    palette = rng.integers(0, 256, (colours, 3), np.uint8)
    pixels = palette[rng.integers(0, colours, (20, 30))]
    again = _colours_of(smaller(_told(pixels)))
    assert np.array_equal(_pixels(_told(pixels)), pixels)
    differs = (again != pixels).any(axis=2).mean()
    assert differs == 0 if colours <= 256 else differs < 0.5


def _told(pixels: np.ndarray) -> bytes:
    """A picture as a browser writes it, each row in another of the five ways."""
    height, width, _ = pixels.shape
    rows, above = [], np.zeros((width, 3), np.int64)
    for at, row in enumerate(pixels.astype(np.int64)):
        left, corner = (np.concatenate([np.zeros((1, 3), np.int64), one[:-1]]) for one in (row, above))
        guess = left + above - corner
        near = np.stack([abs(guess - one) for one in (left, above, corner)]).argmin(axis=0)
        paeth = np.choose(near, [left, above, corner])
        told = row - [0, left, above, (left + above) // 2, paeth][at % 5]
        rows.append(bytes([at % 5]) + (told & 255).astype(np.uint8).tobytes())
        above = row
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _colours_of(png: bytes) -> np.ndarray:
    """The pixels of a picture with a palette whose rows are told as they are."""
    width, height = size_of(png)
    palette = np.frombuffer(png.partition(b"PLTE")[2], np.uint8)
    length = struct.unpack(">I", png.partition(b"PLTE")[0][-4:])[0]
    packed = png.partition(b"IDAT")[2]
    rows = np.frombuffer(zlib.decompressobj().decompress(packed), np.uint8).reshape(height, 1 + width)
    return palette[:length].reshape(-1, 3)[rows[:, 1:]]
