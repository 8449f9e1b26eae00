"""Checks of the samples in the section `security`."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu.exceptions import EncodeError, OperationalError
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from tests.samples.harness import Harness
from tests.samples.servers import free_port, started, wait_until


class _Trap:
    """An object whose pickle runs code where it is loaded; this one only tells where that was."""

    def __reduce__(self) -> tuple[Any, ...]:
        return importlib.import_module("shop.attacker").run, ()


def _attacker(prefork: Harness) -> Celery:
    """Somebody who can write to the broker, and has nothing else of the shop."""
    return Celery("attacker", broker=prefork.broker_url, set_as_current=False)


@pytest.mark.verifies("json-only-serializers/pickle-accepted")
def test_whoever_writes_to_the_broker_runs_code_in_the_worker(prefork: Harness) -> None:
    ship_order = prefork.load().ship_order
    order = prefork.load("shop.models").Order(7, {})
    with pytest.raises(EncodeError):
        ship_order.apply_async((order,), serializer="json")
    attacker = _attacker(prefork)
    # Where it accepts pickle, a worker that runs as root wants to be forced.
    with prefork.worker(environment={"C_FORCE_ROOT": "1"}) as worker:
        ship_order.delay(order)
        prefork.shop.wait_for("Order.ship")
        for task in ship_order.name, "celery.accumulate":
            attacker.send_task(task, (_Trap(),), serializer="pickle")
        sprung = prefork.shop.wait_for("attacker.run", 2)
        assert {trap.pid for trap in sprung} <= {worker.pid, *worker.children()}


@pytest.mark.verifies("json-only-serializers/json-only")
def test_what_is_not_json_is_refused_without_being_decoded(prefork: Harness) -> None:
    sample = prefork.load()
    attacker = _attacker(prefork)
    with prefork.worker() as worker:
        pickled = attacker.send_task(sample.ship_order.name, (_Trap(),), serializer="pickle")
        yaml = attacker.send_task(sample.ship_order.name, (7,), serializer="yaml")
        sample.ship_order.delay(8).get(timeout=10)
        wait_until(lambda: worker.log.count("ContentDisallowed: ") == 2, "both are refused")
        for refused in pickled, yaml:
            assert sample.app.AsyncResult(refused.id).state == "PENDING"
        assert not prefork.redis.exists("celery", "unacked")
    assert [(call.name, call.args) for call in prefork.shop.calls()] == [("Order.ship", [8])]


# What the people who run the shop have set up, for the worker and for the check itself: a name in
# the DNS, and the file of their certificate authority, which no test can put into `/etc`.
NETWORK = """
import os
import socket
import ssl

look_up = socket.getaddrinfo
load = ssl.SSLContext.load_verify_locations


def getaddrinfo(host, port, *arguments):
    if host == "redis.example.com":
        host, port = "127.0.0.1", os.environ["REDIS_PORT"]
    return look_up(host, port, *arguments)


def load_verify_locations(self, cafile=None, capath=None, cadata=None):
    if cafile == "/etc/shop/redis-ca.pem":
        cafile = "redis-ca.pem"
    return load(self, cafile, capath, cadata)


socket.getaddrinfo = getaddrinfo
ssl.SSLContext.load_verify_locations = load_verify_locations

from sample import app
"""


def _shop_app(prefork: Harness) -> Any:
    """The app of the sample, with the addresses that the sample gives it."""
    prefork.broker_url = prefork.backend_url = ""
    for name in "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND":
        del os.environ[name]
    prefork.write("network.py", NETWORK)
    return prefork.load("network").app


def _certificate(name: str, host: str, *options: str) -> None:
    """Make a certificate for a host, signed by itself unless the options say otherwise."""
    command = ["openssl", "req", "-x509", "-days", "2", "-subj", f"/CN={host}", *options]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
    command += ["-addext", f"subjectAltName=DNS:{host}"]
    command += ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def _redis_with(certificate: str, user: str, password: str) -> Iterator[Redis]:
    """A Redis server that `redis.example.com` leads to. The client does not ask who it is."""
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", "0", "--tls-port", str(port)]
    command += ["--tls-cert-file", f"{certificate}.pem", "--tls-key-file", f"{certificate}.key"]
    command += ["--tls-ca-cert-file", f"{certificate}.pem", "--tls-auth-clients", "no"]
    command += ["--user", user, "on", f">{password}", "~*", "&*", "+@all", "--save", ""]
    client = Redis(
        port=port,
        ssl=True,
        ssl_cert_reqs="none",
        username=user,
        password=password,
        decode_responses=True,
    )

    def answers() -> bool:
        try:
            return bool(client.ping())
        except RedisError:
            return False

    with started(command, Path("redis.log")), client:
        wait_until(answers, "Redis answers")
        os.environ["REDIS_PORT"] = str(port)
        yield client


@pytest.mark.verifies("broker-auth-and-tls/open-broker")
def test_an_impostor_gets_the_password_and_changes_the_messages(prefork: Harness) -> None:
    app = _shop_app(prefork)
    assert "hunter2" in prefork.sample.code
    _certificate("impostor", "redis.example.com")
    with _redis_with("impostor", "default", "hunter2") as impostor:
        result = app.send_task("celery.accumulate", ("a small", "order"))
        message = json.loads(str(impostor.lindex("celery", 0)))
        args, kwargs, embed = json.loads(b64decode(message["body"]))
        assert args == ["a small", "order"]
        changed = json.dumps([["a large", "order"], kwargs, embed])
        message["body"] = b64encode(changed.encode()).decode()
        impostor.lset("celery", 0, json.dumps(message))
        with prefork.worker(app="network"):
            assert result.get(timeout=10) == ["a large", "order"]
        assert app.backend.client.acl_whoami() == "default"


@pytest.mark.verifies("broker-auth-and-tls/verified")
def test_only_the_redis_with_the_right_certificate_is_talked_to(prefork: Harness) -> None:
    login = "rediss://shop:PASSWORD@redis.example.com:6379"
    os.environ |= {"SHOP_BROKER_URL": f"{login}/0", "SHOP_RESULT_URL": f"{login}/1"}
    app = _shop_app(prefork)
    by_us = [
        "-CA",
        "redis-ca.pem",
        "-CAkey",
        "redis-ca.key",
        "-addext",
        "basicConstraints=CA:FALSE",
    ]
    _certificate("redis-ca", "ca.example.com", "-addext", "keyUsage=critical,keyCertSign")
    _certificate("impostor", "redis.example.com")
    _certificate("other", "other.example.com", *by_us)
    _certificate("right", "redis.example.com", *by_us)
    for certificate, fault in ("impostor", "self-signed"), ("other", "Hostname mismatch"):
        with _redis_with(certificate, "shop", "PASSWORD"):
            with pytest.raises(OperationalError, match=fault):
                app.connection_for_write().ensure_connection(max_retries=1, interval_start=0)
            with pytest.raises(RedisConnectionError, match=fault):
                app.backend.client.ping()
    with _redis_with("right", "shop", "PASSWORD"), prefork.worker(app="network"):
        assert app.send_task("celery.accumulate", (1, 2)).get(timeout=10) == [1, 2]
        assert app.backend.client.acl_whoami() == "shop"
