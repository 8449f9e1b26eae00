"""Private brokers for the checks: on loopback, on free ports, ended by their own ids."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from tests.samples.contained import die_with_parent

DATABASES: Final = 1024
RABBITMQ: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's and Ubuntu's; the command on the PATH insists on a system user of its own."""


_running: set[int] = set()


def running_servers() -> frozenset[int]:
    """Ids of the processes of all servers that were started here and still run."""
    return frozenset(_running)


@contextmanager
def started(
    command: list[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that is ended afterwards, and also when we are killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            preexec_fn=die_with_parent,
            start_new_session=True,
        )
    _running.add(process.pid)
    try:
        yield process
    finally:
        _running.discard(process.pid)
        # Nothing of it is kept, so nothing needs to be saved.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        with suppress(ChildProcessError):  # until no adopted child of the group is left
            while True:
                os.waitpid(-process.pid, 0)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], object], what: str, *, timeout: float = 10.0) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it is still not so after `timeout` seconds; says what was waited for.
    """
    end = time.monotonic() + timeout
    while not is_so():
        assert time.monotonic() < end, f"not within {timeout:g} s: {what}"
        time.sleep(0.01)


@dataclass(frozen=True)
class RedisServer:
    """A Redis server; each check gets databases that nobody else has used."""

    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def new_url(self) -> str:
        """The address of an unused database."""
        return f"redis://127.0.0.1:{self.port}/{next(self._numbers) % DATABASES}"


@contextmanager
def redis_server(folder: Path, *arguments: str) -> Iterator[RedisServer]:
    """Start a Redis server that keeps nothing on disk."""
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    command += ["--databases", str(DATABASES), "--dir", str(folder), *arguments]
    with started(command, folder / "redis.log"), Redis(port=port) as client:
        wait_until(lambda: _answers(client), "Redis answers")
        yield RedisServer(port)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


@dataclass(frozen=True)
class RabbitServer:
    """A RabbitMQ server; each check gets a virtual host of its own."""

    port: int
    api_port: int
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def new_url(self) -> str:
        """The address of a new virtual host."""
        name = f"check{next(self._numbers)}"
        self.api("PUT", f"vhosts/{name}")
        every = {"configure": ".*", "write": ".*", "read": ".*"}
        self.api("PUT", f"permissions/{name}/guest", every)
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{name}"

    def api(self, method: str, path: str, body: object = None) -> Any:
        """Ask the management API, e.g. for `queues/check1/celery`."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.api_port}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": "Basic Z3Vlc3Q6Z3Vlc3Q=",  # guest:guest
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None

    def is_ready(self) -> bool:
        """Whether the server answers."""
        try:
            return bool(self.api("GET", "overview"))
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@contextmanager
def rabbit_server(folder: Path) -> Iterator[RabbitServer]:
    """Start a RabbitMQ server with a port mapper of its own, which ends with it."""
    port, api_port, mapper_port, node_port = (free_port() for _ in range(4))
    (folder / "plugins").write_text("[rabbitmq_management].\n")
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.default = 127.0.0.1:{port}\n"
        f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {api_port}\n"
        "management_agent.disable_metrics_collector = false\n"
        "vm_memory_high_watermark.relative = 0.9\ndisk_free_limit.absolute = 1MB\n"
    )
    mapper = {"ERL_EPMD_PORT": str(mapper_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
    environment = mapper | {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"checks{os.getpid()}@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(node_port),
        # Without input the script becomes the server instead of waiting for it, so that it is
        # the server's process that ends with ours.
        "RABBITMQ_ALLOW_INPUT": "yes",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none -noinput "
        "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    with ExitStack() as servers:
        log = folder / "rabbitmq.log"
        servers.enter_context(started([str(shutil.which("epmd"))], log, mapper))
        servers.enter_context(started([str(RABBITMQ)], log, environment))
        server = RabbitServer(port, api_port)
        wait_until(server.is_ready, "RabbitMQ answers", timeout=60)
        yield server
