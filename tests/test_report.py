from __future__ import annotations

import json

from checklist.problems import Place, Problem, Severity
from checklist.report import as_github, as_json, as_text

PROBLEMS = [
    Problem(Place("a,b.yaml", 3, 5), "first-code", "50 % is wrong: ä; mend it"),
    Problem(Place("c.yaml"), "second-code", "look; here", Severity.WARNING),
]


def test_text_has_a_line_for_each_and_counts_them() -> None:
    assert as_text(PROBLEMS) == (
        "a,b.yaml:3:5: error first-code: 50 % is wrong: ä; mend it\n"
        "c.yaml:1:1: warning second-code: look; here\n"
        "1 error, 1 warning"
    )
    assert as_text([]) == "0 errors, 0 warnings"


def test_json_has_the_same_in_parts() -> None:
    data = json.loads(as_json(PROBLEMS))
    assert (data["errors"], data["warnings"]) == (1, 1)
    assert data["problems"][0] == {
        "path": "a,b.yaml",
        "line": 3,
        "column": 5,
        "severity": "error",
        "code": "first-code",
        "message": "50 % is wrong: ä; mend it",
    }
    assert json.loads(as_json([]))["problems"] == []


def test_annotations_escape_what_the_format_needs() -> None:
    assert as_github(PROBLEMS).splitlines() == [
        "::error file=a%2Cb.yaml,line=3,col=5,title=first-code::50 %25 is wrong: ä; mend it",
        "::warning file=c.yaml,line=1,col=1,title=second-code::look; here",
    ]
