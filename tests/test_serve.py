"""`scripts/serve`, as a writer uses it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.conftest import ROOT, SMALL


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.2)


def test_an_edit_of_the_yaml_changes_the_page_in_all_languages(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    port = free_port()
    # The last line of scripts/serve, on a project that may be edited.
    command = (ROOT / "scripts/serve").read_text("utf-8").splitlines()[-1]
    assert "mkdocs serve --strict --livereload" in command
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "serve",
            "--strict",
            "--livereload",
            "--dev-addr",
            f"127.0.0.1:{port}",
        ],
        cwd=project,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def shows(path: str, text: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
                return text in answer.read().decode()
        except URLError:
            return False

    try:
        wait_for(lambda: shows("fr/checklist/", "Rechargez l’éclairage"))
        source = project / "checklist.yaml"
        text = source.read_text("utf-8")
        text = text.replace("Rechargez l’éclairage", "Chargez la lampe").replace(
            "Laden Sie", "Füllen Sie"
        )
        source.write_text(text, "utf-8")
        wait_for(lambda: shows("fr/checklist/", "Chargez la lampe"))
        wait_for(lambda: shows("checklist/", "Füllen Sie das Licht"))
    finally:
        server.terminate()
        server.wait(10)
