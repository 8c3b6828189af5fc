"""Fetch the files of others that pages are served with: `python -m tools.vendor`, with npm on the path.

They are kept in the repository, so that who runs or tests the service needs neither npm nor a network. Each
package is fetched by the user's own npm and refused unless it is the very file whose hash stands here.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "api" / "pages" / "static"
TESTS = ROOT / "tests" / "pages"
Change = Callable[[str], str]


@dataclass(frozen=True)
class Package:
    """One package of npm: its name, version and hash, and where which of its files go.

    Parameters
    ----------
    files : by path in the package, the path here; a folder is taken with all that is in it
    change : what is done to every text of it
    """

    name: str
    version: str
    sha512: str
    files: Mapping[str, Path]
    change: Change = str


def without_strangers(text: str) -> str:
    """Return a style sheet or script that asks nobody else for anything.

    The design system's typeface lies on a host of the NHS and is licensed for its own sites alone: pages here
    use the reader's Arial, which its style sheet names next.
    """
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = text.replace("/assets/images/", "/static/nhsuk/images/")
    return re.sub(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)", "", text).rstrip() + "\n"


PACKAGES = (
    Package(
        "nhsuk-frontend",
        "10.6.1",
        "PZorqQZjZx/A26yJoskCL9z0ib6AtkAyF0o4K/RHr8zRrJyXrUOCnMbjy0VNXsGO4tfTNMwqlkwATKs4a0xayw==",
        {
            "dist/nhsuk/nhsuk-frontend.min.css": STATIC / "nhsuk" / "nhsuk-frontend.min.css",
            "dist/nhsuk/nhsuk-frontend.min.js": STATIC / "nhsuk" / "nhsuk-frontend.min.js",
            "dist/nhsuk/assets/images/nhsuk-icon-cross.svg": STATIC
            / "nhsuk"
            / "images"
            / "nhsuk-icon-cross.svg",
            **{
                f"dist/nhsuk/assets/images/nhsuk-icon-arrow-{way}.svg": STATIC
                / "nhsuk"
                / "images"
                / f"nhsuk-icon-arrow-{way}.svg"
                for way in ("up", "down", "up-down")
            },
        },
        without_strangers,
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        {"dist/htmx.min.js": STATIC / "htmx.min.js"},
        without_strangers,
    ),
    Package(
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        {"axe.min.js": TESTS / "axe.min.js"},
    ),
)


def main() -> int:
    """Return 0 after every file was fetched and written."""
    for one in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            _unpack(one, _fetched(one, Path(folder)))
        print(f"{one.name} {one.version}: {len(one.files)} files")
    return 0


def _fetched(one: Package, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{one.name}@{one.version}"]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    found = folder / done.stdout.strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(found.read_bytes()).digest()).decode()
    if digest != one.sha512:
        raise SystemExit(f"{one.name} {one.version} has the hash {digest}, and should have {one.sha512}")
    return found


def _unpack(one: Package, archive: Path) -> None:
    with tarfile.open(archive) as package:
        for inside, target in one.files.items():
            content = package.extractfile(f"package/{inside}")
            assert content is not None
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(one.change(content.read().decode("utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
