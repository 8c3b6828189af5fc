"""Pictures in fewer bytes: a browser writes every pixel's colour, where a page has a few hundred of them."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
SAME, LEFT, ABOVE, MEAN, PAETH = range(5)
"""How a row of a PNG is told (RFC 2083, section 6): by what differs from its neighbours."""


def smaller(png: bytes) -> bytes:
    """Return the same picture with a palette: a rare colour that it has no room for is the nearest one."""
    pixels = _pixels(png)
    height, width, _ = pixels.shape
    flat = pixels.reshape(-1, 3).astype(np.uint32)
    codes, at, times = np.unique(
        flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2], return_inverse=True, return_counts=True
    )
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.int64)
    kept = np.sort(np.argsort(-times, kind="stable")[:MOST_COLOURS])
    nearest = np.abs(colours[:, None, :] - colours[kept][None, :, :]).sum(axis=2).argmin(axis=1)
    rows = nearest[at].astype(np.uint8).reshape(height, width)
    told = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", colours[kept].astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(told, 9)),
            _chunk(b"IEND", b""),
        )
    )


def size_of(png: bytes) -> tuple[int, int]:
    """Return how wide and high a picture is, in pixels."""
    width, height = struct.unpack(">II", next(_chunks(png))[1][:8])
    return width, height


def _pixels(png: bytes) -> Bytes:
    """Return the colours of a picture of eight bits each of red, green and blue: shape (height, width, 3)."""
    width, height = size_of(png)
    packed = b"".join(data for kind, data in _chunks(png) if kind == b"IDAT")
    told = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 3 * width)
    rows, above = np.empty((height, width, 3), np.uint8), np.zeros((width, 3), np.uint8)
    for number in range(height):
        above = rows[number] = _row(int(told[number, 0]), told[number, 1:].reshape(width, 3), above)
    return rows


def _row(how: int, told: Bytes, above: Bytes) -> Bytes:
    """Return a row as it is, from how it is told and the row above it."""
    if how == SAME:
        return told
    if how == LEFT:
        return np.cumsum(told, axis=0, dtype=np.uint8)
    if how == ABOVE:
        return told + above
    return np.stack([_walked(how, told[:, one].tolist(), above[:, one].tolist()) for one in range(3)], axis=1)


def _walked(how: int, told: list[int], above: list[int]) -> Bytes:
    """Return one colour of a row in which each pixel rests on the one before it."""
    found, left, corner = [], 0, 0
    for difference, up in zip(told, above, strict=True):
        guess = (left + up) // 2 if how == MEAN else _nearest(left, up, corner)
        left, corner = (difference + guess) & 255, up
        found.append(left)
    return np.array(found, np.uint8)


def _nearest(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    to_left, to_up, to_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
    return left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each part of a file."""
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
