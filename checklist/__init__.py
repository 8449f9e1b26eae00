"""One YAML source becomes a checklist in many languages.

The flow: `source` (text to nodes) → `load` (nodes to `model`) → `checks` →
`render` (model and language to Markdown) → `pages` → `plugin` (MkDocs); see
docs/adr/0000-architecture.md. The names below are the public API.
"""

from checklist.checks import check
from checklist.load import load
from checklist.model import Checklist
from checklist.pages import Page, pages
from checklist.problems import ChecklistError, Place, Problem, Severity, SourceError
from checklist.project import Project, Settings, examine, open_project
from checklist.render import Renderer

__all__ = [
    "Checklist",
    "ChecklistError",
    "Page",
    "Place",
    "Problem",
    "Project",
    "Renderer",
    "Settings",
    "Severity",
    "SourceError",
    "check",
    "examine",
    "load",
    "open_project",
    "pages",
]
__version__ = "0.1.0"
