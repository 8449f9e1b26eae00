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

import pytest

from tests.conftest import ROOT


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


@pytest.fixture(name="checkout")
def copy_of_the_checkout(tmp_path: Path) -> Path:
    """What `scripts/serve` needs, to be edited; the environment is the real one."""
    for name in ("scripts", "docs", "locales", "checklist"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("mkdocs.yml", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def test_an_edit_of_the_yaml_changes_the_page_in_all_languages(checkout: Path) -> None:
    installed = Path(sys.prefix)
    for name in ("requirements.lock", "pyproject.toml"):
        if (installed / name).read_bytes() != (ROOT / name).read_bytes():
            pytest.fail(f"{name} has changed since scripts/setup ran; run it")
    port = free_port()
    server = subprocess.Popen(
        [checkout / "scripts/serve"],
        env=os.environ | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def shows(path: str, text: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
                return text in answer.read().decode()
        except (URLError, TimeoutError, ConnectionError):
            return False

    try:
        wait_for(lambda: shows("ko/checklist/", "백오프"))
        source = checkout / "checklist/content/celery.yaml"
        text = source.read_text("utf-8")
        for old, new in (("en: Cap retries with", "en: Limit retries by"), ("백오프", "물러서기")):
            assert old in text
            text = text.replace(old, new)
        source.write_text(text, "utf-8")
        wait_for(lambda: shows("ko/checklist/", "물러서기"))
        wait_for(lambda: shows("checklist/", "Limit retries by"))
    finally:
        server.terminate()
        server.wait(10)
