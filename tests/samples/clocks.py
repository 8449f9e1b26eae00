"""What a worker with a very fast clock needs."""

from __future__ import annotations

from typing import Final

PATIENT: Final = ("--", 'broker.transport_options=(dict){"health_check_interval": 1000000}')
"""Last arguments of a worker with a very fast clock and Redis as its broker.

To such a worker Redis, which has the real clock, seems to be dead for long. It connects anew all
the time and in doing so loses one message in some thousands. Not for samples that set
`broker_transport_options`, as this replaces them.
"""
