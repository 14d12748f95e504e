"""Installed: each other tool in a virtual environment of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "peers"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: its script, and what to install; the first package is its own."""

    script: str
    packages: Sequence[str]


# Without these bounds the newest releases do not go together; pyarrow 22 and later want numpy 2.
PEERS = {
    "polars + scipy": Peer("with_polars.py", ["polars", "scipy", "numpy", "pyarrow"]),
    "frouros": Peer("with_frouros.py", ["frouros", "pandas", "pyarrow"]),
    "alibi-detect": Peer("with_alibi.py", ["alibi-detect", "pandas", "pyarrow<22"]),
    "deepchecks": Peer(
        "with_deepchecks.py", ["deepchecks", "scikit-learn>=1.6,<1.8", "numpy<2", "pandas<2.3", "pyarrow<22"]
    ),
    "NannyML": Peer("with_nannyml.py", ["nannyml", "statsmodels", "pyarrow"]),
    "popmon": Peer("with_popmon.py", ["popmon", "pandas<3", "pyarrow"]),
    "whylogs": Peer("with_whylogs.py", ["whylogs[viz]", "numpy<2", "pandas<3", "scipy<1.15", "pyarrow<22"]),
    "Evidently": Peer("with_evidently.py", ["evidently", "pandas<3", "pyarrow"]),
}


class NotInstalled(Exception):
    """Why a tool could not be installed."""


def python_of(peer: Peer, folder: Path) -> Path:
    """The interpreter that has the tool; made when it is first asked for. Raises NotInstalled."""
    place = folder / peer.script.removeprefix("with_").removesuffix(".py")
    python, made = place / "bin" / "python", place / "installed.json"
    if made.exists() and json.loads(made.read_text()) == list(peer.packages):
        return python
    shutil.rmtree(place, ignore_errors=True)
    _run([sys.executable, "-m", "venv", "--without-pip", str(place)])
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    _run([*pip, "install", "--no-compile", *peer.packages])
    made.write_text(json.dumps(list(peer.packages)))
    return python


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["without a word"]
        raise NotInstalled(next((line for line in reversed(lines) if "ERROR" in line), lines[-1])[:300])


def version(peer: Peer, python: Path) -> str:
    """Of the tool and of what it counts with, as they were installed."""
    package = peer.packages[0].partition("[")[0]
    return versions(python, [package, "pandas", "numpy", "scipy", "pyarrow"])


def versions(python: str | Path, packages: Sequence[str]) -> str:
    """
    >>> versions(sys.executable, ["no such package"])
    ''
    """
    code = (
        "import sys\nfrom importlib.metadata import PackageNotFoundError, version\n"
        "for name in dict.fromkeys(sys.argv[1:]):\n"
        "    try: print(name, version(name))\n"
        "    except PackageNotFoundError: pass"
    )
    done = subprocess.run([str(python), "-c", code, *packages], capture_output=True, text=True, check=True)
    return ", ".join(done.stdout.strip().splitlines())
