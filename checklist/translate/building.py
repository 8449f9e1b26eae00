"""A strict build, to see whether a site can be built at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

LINES_SHOWN: Final = 15
"""How much of what a failed build said is printed."""
_REASON: Final = re.compile(r"\berror\b|^(?:ERROR|WARNING)\b|^\w*(?:Error|Exception)\b")


def build_site(configuration: Path, target: Path | None = None) -> int:
    """Build a site strictly, and print what is wrong if it cannot be built.

    Args:
        configuration: the `mkdocs.yml`.
        target: folder of the site; by default one that is deleted at once.

    Returns:
        0 if it was built, 1 if it could not be, 3 if MkDocs is not installed.
    """
    if find_spec("mkdocs") is None:
        print("checklist: no site was built, as MkDocs is not installed", file=sys.stderr)
        return 3
    with TemporaryDirectory() as folder:
        out = target.resolve() if target else Path(folder, "site")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(out)]
        done = subprocess.run(
            [*command, "--config-file", str(configuration.resolve())],
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    if done.returncode:
        print("checklist: the site cannot be built:", file=sys.stderr)
        print("\n".join(_reasons(done.stdout + done.stderr)), file=sys.stderr)
    return 1 if done.returncode else 0


def _reasons(output: str) -> list[str]:
    """The lines that tell why, or else the last ones."""
    lines = output.rstrip().splitlines()
    reasons = [line for line in lines if _REASON.search(line)]
    return (reasons or lines)[-LINES_SHOWN:]
