"""Django for the checks of samples that use it, with SQLite in the check's folder."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.samples.harness import Harness

SET_UP: Final = "import django\n\ndjango.setup()\n\n"
"""How the module of a worker begins, as `manage.py` does: no model can be imported before."""
SETTINGS: Final = """
from pathlib import Path

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(__file__).parent.parent / "db.sqlite3",
        "OPTIONS": {"timeout": 10000},  # seconds, by the clock of the process
    }
}
USE_TZ = True
"""


def set_up_django(harness: Harness, models: str) -> Any:
    """Make a Django project of the check's folder.

    Args:
        harness: the check's.
        models: the code of `shop/models.py`, which replaces the models that are there by magic.

    Returns:
        the module with the models, whose tables exist.
    """
    harness.write("shop/settings.py", SETTINGS)
    harness.write("shop/models.py", models)
    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
    harness.load("django").setup()
    module = harness.load("shop.models")
    with harness.load("django.db").connection.schema_editor() as editor:
        for model in harness.load("django.apps").apps.all_models["shop"].values():
            editor.create_model(model)
    return module
