"""The pictures of the README: the demonstration, as a browser shows it.

usage: python benchmarks/pictures.py [FOLDER] (default docs/pictures)

Starts `driftd demo` in a temporary folder, waits until the past is judged, and has Debian's Chromium without a window
take the overview and a monitor, each light and dark. About a minute; printed is how large each has become.
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import Browser, browser  # noqa: E402

WIDTH = 1280
PAGES = {"overview": ("", "footer"), "monitor": ("monitors/churn-green", "h2:has(+ ul.happened)")}
"""Each with where it is, and what comes below the picture."""
LARGEST_BYTES = 250_000


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "monitor", "demo", "--out", f"{folder}/demo", "--listen", "127.0.0.1:0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as demo:
            try:
                address = _address(demo)
                with browser(Path(folder) / "chromium") as chromium:
                    for name, (path, below) in PAGES.items():
                        for dark in (False, True):
                            chromium.open(f"{address}{path}", width=WIDTH, dark=dark)
                            _written(out / f"{name}{'-dark' if dark else ''}.png", _picture(chromium, below))
            finally:
                demo.terminate()


def _address(demo: "subprocess.Popen[str]") -> str:
    """Where the demonstration is, once it says so; what it says after that is read as well, so that it goes on."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if "Open http" in line:
            return line.split("Open ")[1].split()[0]
    raise SystemExit("the demonstration has ended too soon: run `driftd demo --once` to see why")


def _picture(chromium: Browser, below: str) -> bytes:
    """The page down to what is below."""
    height = chromium.value(f"document.querySelector({below!r}).getBoundingClientRect().top + scrollY")
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
    taken = chromium.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
    return base64.b64decode(taken["data"])


def _written(path: Path, picture: bytes) -> None:
    path.write_bytes(picture)
    print(f"{path} {len(picture) / 1000:.0f} kB")
    if len(picture) > LARGEST_BYTES:
        raise SystemExit(f"{path}: {len(picture)} bytes; at most {LARGEST_BYTES} would be right")


if __name__ == "__main__":
    main()
