"""Checks of the samples in the section `deploy`."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from configparser import ConfigParser
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, Final

import pytest
import yaml
from celery import Celery

from tests.samples.harness import Harness

APP: Final = """
from celery import Celery

from shop.models import Report

app = Celery("shop")
app.conf.worker_concurrency = 2


@app.task(time_limit=600)
def export(report_id):
    report = Report.objects.get(pk=report_id)
    report.render()
    report.publish()
"""
"""The shop whose worker the manifests run, with its longest hard time limit."""
DEFAULT_GRACE: Final = 30
"""Seconds that Kubernetes leaves a container to end."""
OVERHEAD: Final = 1.0
"""Seconds that ending takes beside the tasks; a fast clock does not make that faster."""


def _before_the_release() -> Any:
    """The task of the sample as it was; to be called before the sample is loaded."""

    def mail_invoice(invoice_id: int) -> None:
        """Has no language yet."""

    app = Celery("before", set_as_current=False)
    app.conf.task_default_queue = "old"  # so that a worker gets messages which are meant for it
    task = app.task(mail_invoice, name="shop.tasks.mail_invoice", shared=False)
    app.finalize()  # without what is defined later
    return task


@pytest.mark.verifies("backward-compatible-signatures/new-required-parameter")
def test_messages_from_before_the_release_fail_in_the_new_worker(in_process: Harness) -> None:
    before = _before_the_release()
    in_process.start_thread_worker(in_process.load().app)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'language'"):
        before.apply_async((7,), queue="celery").get(timeout=10)
    assert not in_process.shop.calls("Invoice.send_mail")


@pytest.mark.verifies("backward-compatible-signatures/default-value")
def test_the_new_worker_takes_old_and_new_messages(in_process: Harness) -> None:
    before, sample = _before_the_release(), in_process.load()
    in_process.start_thread_worker(sample.app)
    before.apply_async((7,), queue="celery").get(timeout=10)
    sample.mail_invoice.delay(8, "ko").get(timeout=10)
    mails = in_process.shop.calls("Invoice.send_mail")
    assert [mail.args for mail in mails] == [[7, "en"], [8, "ko"]]
    in_process.start_thread_worker(before.app)  # one that is not replaced yet
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        sample.mail_invoice.apply_async((9, "ko"), queue="old").get(timeout=10)


def _export(harness: Harness) -> Any:
    """The task of the shop; its app is as the command of the sample finds it."""
    harness.write("shop/celery.py", APP)
    return harness.load("shop.celery").export


def _container(harness: Harness) -> tuple[list[str], int]:
    """The command of the manifest's container, and its grace period in seconds."""
    pod = yaml.safe_load(harness.sample.code)["spec"]["template"]["spec"]
    [container] = pod["containers"]
    # As the first process of a container, a program that does not handle TERM does not get it.
    command = ["env", "--ignore-signal=TERM", *container["command"]]
    return command, pod.get("terminationGracePeriodSeconds", DEFAULT_GRACE)


def _on_the_path() -> dict[str, str]:
    """An environment in which `celery` is the one that we test."""
    return {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.verifies("graceful-shutdown/killed-early")
def test_the_worker_does_not_hear_of_the_end_and_its_task_is_cut(prefork: Harness) -> None:
    command, grace = _container(prefork)
    export = _export(prefork)
    prefork.shop.on("Report.render", sleep=300)
    results = [export.delay(1)]
    with prefork.command(command, speed=30, environment=_on_the_path()) as container:
        prefork.shop.wait_for("Report.render")
        container.signal(signal.SIGTERM)
        results.append(export.delay(2))
        prefork.shop.wait_for("Report.render", 2)  # so the worker still takes tasks
        with pytest.raises(TimeoutExpired):
            container.wait(timeout=grace / 30)
        container.kill()
    assert not prefork.shop.calls("Report.publish")
    assert not prefork.redis.exists("celery", "unacked")  # nobody will run them again
    assert [result.state for result in results] == ["PENDING", "PENDING"]


@pytest.mark.verifies("graceful-shutdown/kubernetes")
def test_the_longest_task_ends_within_the_grace_period(prefork: Harness) -> None:
    command, grace = _container(prefork)
    export = _export(prefork)
    prefork.shop.on("Report.render", {"sleep": 500}, {"sleep": 9000})
    running = export.delay(1), export.delay(2)
    with prefork.command(command, speed=300, environment=_on_the_path()) as container:
        prefork.shop.wait_for("Report.render", 2)
        container.signal(signal.SIGTERM)
        container.wait_for("Warm shutdown")
        export.delay(3)
        assert container.wait(timeout=grace / 300 + OVERHEAD) == 0
    assert {result.state for result in running} == {"SUCCESS", "FAILURE"}
    assert len(prefork.shop.calls("Report.publish")) == 1
    assert "Hard time limit (600s) exceeded" in container.log
    assert len(prefork.shop.calls("Report.render")) == 2  # nothing was begun after TERM


@pytest.mark.verifies("graceful-shutdown/systemd")
def test_only_the_main_process_is_told_so_the_task_ends(prefork: Harness) -> None:
    unit = ConfigParser(interpolation=None)
    unit.read_string(prefork.sample.code)
    service = unit["Service"]
    kill_mode = service.get("KillMode", "control-group")
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/celery")
    command = [sys.executable, "-m", "celery", *arguments]
    export = _export(prefork)
    prefork.shop.on("Report.render", sleep=500)

    def stopped(kill_mode: str) -> str:
        """Run a task and stop the service meanwhile as systemd does; what became of the task."""
        result = export.delay(1)
        begun = len(prefork.shop.calls("Report.render"))
        with prefork.command(command, speed=300) as main:
            prefork.shop.wait_for("Report.render", begun + 1)
            children = main.children() if kill_mode == "control-group" else []
            for pid in main.pid, *children:
                os.kill(pid, signal.SIGTERM)
            assert main.wait(timeout=int(service["TimeoutStopSec"]) / 300 + OVERHEAD) == 0
        return str(result.state)

    assert stopped("control-group") == "FAILURE"
    assert not prefork.shop.calls("Report.publish")
    assert stopped(kill_mode) == "SUCCESS"
    assert prefork.shop.calls("Report.publish")
