"""What a monitor sees of workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from celery import Celery

from tests.samples.harness import Harness
from tests.samples.servers import wait_until


@contextmanager
def watched(prefork: Harness) -> Iterator[list[dict[str, Any]]]:
    """The events that workers send through Redis, as they come; none is asked for."""
    seen: list[dict[str, Any]] = []
    subscriptions = prefork.redis.pubsub_numpat()
    app = Celery("monitor", broker=prefork.broker_url, set_as_current=False)
    with app.connection_for_read() as connection:
        receiver = app.events.Receiver(connection, handlers={"*": seen.append})
        options = {"limit": None, "timeout": None, "wakeup": False}
        Thread(target=receiver.capture, kwargs=options, daemon=True).start()
        wait_until(lambda: prefork.redis.pubsub_numpat() > subscriptions, "the monitor listens")
        yield seen
        receiver.should_stop = True


def of_task(events: list[dict[str, Any]], id: str) -> dict[str, dict[str, Any]]:
    """The events of a task so far, the last of each type, e.g. `task-received`."""
    return {event["type"]: event for event in [*events] if event.get("uuid") == id}
