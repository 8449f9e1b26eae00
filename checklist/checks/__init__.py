"""Everything that can be wrong with a checklist that has the right structure.

A check is a function that yields problems; to add one, write it in a module
of this folder and list it in `CHECKS` or, if it needs more than the checklist,
call it from `check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from checklist.catalog import Catalog
from checklist.checks.addresses import check_addresses
from checklist.checks.interface import check_interface
from checklist.checks.markup import check_markup
from checklist.checks.samples import check_samples
from checklist.checks.translations import check_translations
from checklist.checks.verification import check_verification
from checklist.model import Checklist
from checklist.problems import Problem
from checklist.verification import Verification

CHECKS: Final[tuple[Callable[[Checklist], Iterable[Problem]], ...]] = (
    check_translations,
    check_samples,
    check_addresses,
    check_markup,
)


def check(
    checklist: Checklist,
    catalogs: Iterable[Catalog] = (),
    verification: Verification | None = None,
) -> Iterator[Problem]:
    """Run every check; yields all problems found."""
    for run in CHECKS:
        yield from run(checklist)
    for catalog in catalogs:
        yield from check_interface(checklist, catalog)
    if verification:
        yield from check_verification(checklist, verification)
