"""Was every sample run as it stands now?"""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model import Checklist
from checklist.problems import Problem, Severity
from checklist.verification import Verification


def check_verification(checklist: Checklist, verification: Verification) -> Iterator[Problem]:
    """Samples whose code is not in the record of runs. Only for checklists that have a record."""
    for item in checklist.items:
        for sample in item.samples:
            id = f"{item.id}/{sample.id}"
            if verification.versions(id, sample):
                continue
            what = verification.fault(id, sample)
            message = f"sample '{id}' {what}, by {verification.path}; run the samples again"
            yield Problem(sample.place, "unverified-sample", message, Severity.WARNING)
