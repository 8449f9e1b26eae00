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

from tests.samples.events import of_task, watched
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
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "nothing is left to do")
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


def _waiting_message(prefork: Harness) -> tuple[dict[str, Any], str]:
    """The headers and the body of the only message in the queue."""
    [text] = prefork.redis.lrange("celery", 0, -1)
    message = json.loads(text)
    return message["headers"], b64decode(message["body"]).decode()


def _known_of_a_reset(prefork: Harness) -> tuple[str, str]:
    """What the queue, and what the events of the task contain when a password is to be reset."""
    prefork.shop.on("tokens.create", returns="t0ken")
    prefork.shop.add("Customer", 7, email="ada@example.com")
    sample = prefork.load()
    sample.request_reset(prefork.load("shop.models").Customer.objects.get(pk=7))
    headers, body = _waiting_message(prefork)
    with watched(prefork) as events, prefork.worker("-c", "1", "-E"):
        wait_until(lambda: "task-succeeded" in of_task(events, headers["id"]), "it succeeds")
    [mail] = prefork.shop.calls("mail.send_reset_link")
    assert mail.args == ["ada@example.com", "t0ken"]
    return f"{headers} {body}", str(of_task(events, headers["id"]))


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("no-secrets-in-args/token-in-message")
def test_the_token_can_be_read_in_the_queue_and_in_the_events(prefork: Harness) -> None:
    queue, events = _known_of_a_reset(prefork)
    for secret in "t0ken", "ada@example.com":
        assert queue.count(secret) == 2  # in the header `argsrepr` and in the body
        assert secret in events


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("no-secrets-in-args/created-in-task")
def test_nothing_but_the_number_of_the_row_can_be_read(prefork: Harness) -> None:
    queue, events = _known_of_a_reset(prefork)
    assert "'argsrepr': '(7,)'" in queue
    assert "[[7], {}, " in queue
    assert "'args': '(7,)'" in events
    for secret in "t0ken", "ada@example.com":
        assert secret not in queue + events


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("no-secrets-in-args/hidden-arguments")
def test_the_texts_stand_for_the_arguments_after_a_retry_too(prefork: Harness) -> None:
    prefork.shop.on("vouchers.redeem", {"raises": "ConnectionError", "sleep": 100}, {})
    sample = prefork.load()
    result = sample.redeem.delay("c0de")
    headers, body = _waiting_message(prefork)
    assert "c0de" not in str(headers)
    assert "c0de" in body
    with watched(prefork) as events, prefork.worker("-c", "1", "-E", speed=120):
        prefork.shop.wait_for("vouchers.redeem")
        [[active]] = sample.app.control.inspect(timeout=5, limit=1).active().values()
        result.get(timeout=10)
        wait_until(lambda: "task-succeeded" in of_task(events, result.id), "it succeeds")
    received = [event for event in events if event["type"] == "task-received"]
    assert [event["retries"] for event in received] == [0, 1]
    for event in received:
        assert (event["args"], event["kwargs"]) == ("(<hidden>)", "{<hidden>}")
    assert "c0de" not in str(events)
    assert active["args"] == ["c0de"]  # of the body
