"""What leaves the browser and comes back: the file, Markdown, CSV and the share link."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from mdit_py_plugins.gfm import gfm_plugin
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser, LexborNode

from checklist.load import load
from tests.conftest import ROOT

ASSETS = ROOT / "checklist/assets"
CHECKLIST = "winter-bike"
STATES = ("todo", "done", "na", "risk")
LIMITS = {"name": 80, "reason": 500, "note": 5000}
DAY = "2026-11-26"

Facts = dict[str, str]
Items = dict[str, Facts]
Call = Callable[..., Any]

SOME = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)

# ---- the module, in a page of its own


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "application/javascript"}

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel=icon href=data:,><title>Nothing</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Tests print what matters themselves."""


@pytest.fixture(name="assets", scope="module")
def served_assets() -> Iterator[str]:
    """The folder of the scripts without any site around it; its address ends in a slash."""
    handler = partial(_Handler, directory=str(ASSETS))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(name="run", scope="module")
def run_in_page(browser: Browser, assets: str) -> Iterator[Call]:
    """Runs the body of a function with the module `m` and arguments `args`, all of it as JSON.

    The page is the same for all tests: the module keeps nothing, and a context takes its time.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(assets)

    def run(body: str, *args: Any) -> Any:
        script = f"""async ([url, text]) => {{
            const m = await import(url);
            const args = JSON.parse(text);
            return JSON.stringify(((m, args) => {{ {body} }})(m, args));
        }}"""
        answer = page.evaluate(script, [f"{assets}transfer.mjs", json.dumps(args)])
        return json.loads(answer)

    yield run
    context.close()


@pytest.fixture(name="call")
def call_module(run: Call) -> Call:
    def call(name: str, *args: Any) -> Any:
        return run("const [name, ...rest] = args; return m[name](...rest);", name, *args)

    return call


@pytest.fixture(name="calls")
def call_module_often(run: Call) -> Call:
    """As above with many lists of arguments at once."""

    def calls(name: str, *args: list[Any]) -> Any:
        return run(
            "const [name, ...all] = args; return all.map((each) => m[name](...each));", name, *args
        )

    return calls


def said(facts: Facts) -> Facts:
    """What facts say, as `said` in the module: told here once more, in other words."""
    state = facts.get("state", "todo")
    kept = {
        "todo": ("note",),
        "done": ("day", "seen", "note"),
        "na": ("day", "seen", "reason", "note"),
        "risk": ("day", "seen", "reason", "note"),
    }[state]
    texts = {key: facts[key] for key in kept if key in facts}
    return {"state": state} | {
        key: text for key, text in texts.items() if text or key not in ("reason", "note")
    }


def telling(items: Items) -> Items:
    """Items that say something, sorted."""
    all_said = {id: said(facts) for id, facts in sorted(items.items())}
    return {id: facts for id, facts in all_said.items() if facts != {"state": "todo"}}


# ---- JSON

ids = st.from_regex(r"[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,2}", fullmatch=True) | st.sampled_from(
    ["constructor", "valueof", "a", "cap-retries"]
)
days = st.dates().map(lambda day: day.isoformat())
texts = st.text(max_size=40)
any_facts: st.SearchStrategy[Facts] = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(STATES),
        "day": days,
        "seen": st.text(max_size=20),
        "reason": texts,
        "note": texts,
    },
)
any_items: st.SearchStrategy[Items] = st.dictionaries(ids, any_facts, max_size=6)


@pytest.fixture(name="schema", scope="module")
def file_schema() -> Draft202012Validator:
    schema = json.loads((ASSETS / "project.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def exported(**changes: Any) -> dict[str, Any]:
    return {
        "format": "checklist-project",
        "version": 1,
        "checklist": CHECKLIST,
        "exported": DAY,
        "name": "shop",
        "items": {"check-brakes": {"state": "done", "day": DAY}},
    } | changes


def test_the_file_is_as_documented(call: Call) -> None:
    everything = {"day": DAY, "seen": "2026-10-01.9f86d081", "reason": "why", "note": "a\n“b”"}
    written = call(
        "toJson",
        CHECKLIST,
        "shop",
        {
            "z-na": {"rev": 3, "state": "na"} | everything,
            "b-risk": {"rev": 3, "state": "risk"} | everything,
            "c-done": {"rev": 3, "state": "done"} | everything,
            "a-todo": {"rev": 3, "state": "todo"} | everything,
            "d-nothing": {"rev": 3, "state": "todo", "day": DAY, "reason": "old", "note": ""},
            "e-emptied": {"rev": 4},
        },
        DAY,
    )
    expected = {
        "format": "checklist-project",
        "version": 1,
        "checklist": CHECKLIST,
        "exported": DAY,
        "name": "shop",
        "items": {
            "a-todo": {"state": "todo", "note": "a\n“b”"},
            "b-risk": {"state": "risk"} | everything,
            "c-done": {
                "state": "done",
                "day": DAY,
                "seen": "2026-10-01.9f86d081",
                "note": "a\n“b”",
            },
            "z-na": {"state": "na"} | everything,
        },
    }
    assert written == json.dumps(expected, indent=2, ensure_ascii=False) + "\n"


@given(st.text(max_size=40), any_items)
@SOME
def test_what_is_exported_is_read_again_and_valid(
    call: Call, schema: Draft202012Validator, name: str, items: Items
) -> None:
    text = call("toJson", CHECKLIST, name, items, DAY)
    schema.validate(json.loads(text))
    read = call("fromJson", text, CHECKLIST)
    assert read == {"name": name, "items": telling(items)}
    assert list(read["items"]) == list(telling(items))
    assert call("compare", items, read["items"]) == []


def test_a_byte_order_mark_is_no_fault(call: Call) -> None:
    assert "fault" not in call("fromJson", "\ufeff" + json.dumps(exported()), CHECKLIST)


FAULTS: list[tuple[str, dict[str, str]]] = [
    ("", {"fault": "damaged"}),
    ("\ufeff", {"fault": "damaged"}),
    ("{", {"fault": "damaged"}),
    ("<!doctype html>", {"fault": "damaged"}),
    ("[" * 500_000, {"fault": "damaged"}),
    ("null", {"fault": "foreign"}),
    ("[]", {"fault": "foreign"}),
    ('"checklist-project"', {"fault": "foreign"}),
    ("{}", {"fault": "foreign"}),
    (json.dumps(exported(format="other", version=9)), {"fault": "foreign"}),
    ('{"__proto__": {"format": "checklist-project"}}', {"fault": "foreign"}),
    (json.dumps(exported(version=0)), {"fault": "older"}),
    (json.dumps(exported(version=2, checklist="x", new=1)), {"fault": "newer"}),
    (
        json.dumps(exported(version=1)).replace('"version": 1', '"version": 1e999'),
        {"fault": "newer"},
    ),
    (json.dumps(exported(version="1")), {"fault": "damaged"}),
    (json.dumps(exported(checklist="garden")), {"fault": "other", "checklist": "garden"}),
    (json.dumps(exported(checklist="<img src=x>")), {"fault": "other"}),
    (json.dumps(exported(checklist=None)), {"fault": "damaged"}),
    (json.dumps(exported(checklist=["winter-bike"])), {"fault": "damaged"}),
    (" " * 1_000_001, {"fault": "large"}),
    (json.dumps(exported()) + " " * 1_000_000, {"fault": "large"}),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=range(len(FAULTS)))
def test_a_file_that_is_of_no_use_is_refused_with_the_reason(
    call: Call, text: str, expected: dict[str, str]
) -> None:
    assert call("fromJson", text, CHECKLIST) == expected


BAD_ITEMS: list[Any] = [
    None,
    [],
    {"Bad Id": {}},
    {"__proto__": {"state": "done"}},
    {"a" * 201: {}},
    {"a": None},
    {"a": []},
    {"a": "done"},
]
BAD_FACTS: list[Any] = [
    {"state": "doing"},
    {"state": "constructor"},
    {"state": None},
    {"state": ["done"]},
    {"day": "26.11.2026"},
    {"day": 20261126},
    {"seen": "s" * 51},
    {"reason": "r" * 501},
    {"note": "n" * 5001},
    {"note": {}},
    {"rev": 1},
    {"__proto__": {"state": "done"}},
]
BAD_PARTS: list[dict[str, Any]] = [
    {"name": None},
    {"name": "n" * 81},
    {"exported": None},
    {"exported": "yesterday"},
    {"exported": [DAY]},
    {"rev": 1},
    {"__proto__": {}},
    *({"items": each} for each in BAD_ITEMS),
    *({"items": {"a": each}} for each in BAD_FACTS),
]


@pytest.mark.parametrize("part", BAD_PARTS, ids=range(len(BAD_PARTS)))
def test_a_file_with_a_fault_anywhere_is_refused_as_a_whole(
    call: Call, schema: Draft202012Validator, part: dict[str, Any]
) -> None:
    file = exported(**part)
    assert call("fromJson", json.dumps(file), CHECKLIST) == {"fault": "damaged"}
    assert not schema.is_valid(file)


def test_texts_of_the_greatest_length_are_read_again(
    call: Call, schema: Draft202012Validator
) -> None:
    longest = {"state": "na", "seen": "s" * 50, "reason": "r" * 500, "note": "n" * 5000}
    file = exported(name="n" * 80, items={"a" * 200: longest})
    schema.validate(file)
    assert call("fromJson", json.dumps(file), CHECKLIST)["items"] == {"a" * 200: longest}


def test_ids_that_objects_have_of_their_own_are_ids_like_any_other(call: Call) -> None:
    items = {"constructor": {"state": "done"}}
    assert call("fromJson", json.dumps(exported(items=items)), CHECKLIST)["items"] == items
    assert call("compare", {}, {}) == []
    [change] = call("compare", {}, items)
    assert (change["id"], change["from"], change["to"]) == ("constructor", "todo", "done")
    assert call("merged", {}, items)["constructor"]["state"] == "done"
    code = call("encodeShare", CHECKLIST, {"constructor": "na"}, ["constructor", "valueof"])
    states = call("decodeShare", code, CHECKLIST, ["constructor", "valueof"])["states"]
    assert states == {"constructor": "na"}


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from([DAY, "done"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ids, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def almost_files(draw: st.DrawFn) -> Any:
    """A file with a few of its parts replaced, taken away or added."""
    file = exported(items=draw(any_items))
    for _ in range(draw(st.integers(0, 2))):
        places = [file, file["items"], *file["items"].values()] if _whole(file) else [file]
        place = draw(st.sampled_from([each for each in places if isinstance(each, dict)]))
        keys = st.sampled_from(sorted(place)) if place else st.nothing()
        known = st.sampled_from(["note", "reason", "seen", "state", "day", "name", "items", "rev"])
        key = draw(keys | known | st.text(max_size=3))
        if key in place and draw(st.booleans()):
            del place[key]
        elif key not in ("format", "version", "checklist"):
            place[key] = draw(anything)
    return file


def _whole(file: dict[str, Any]) -> bool:
    return isinstance(file.get("items"), dict)


@given(st.lists(almost_files(), min_size=20, max_size=20))
@settings(SOME, max_examples=40)
def test_the_schema_and_the_reader_accept_the_same(
    calls: Call, schema: Draft202012Validator, files: list[Any]
) -> None:
    answers = calls("fromJson", *([json.dumps(file), CHECKLIST] for file in files))
    for file, answer in zip(files, answers, strict=True):
        assert schema.is_valid(file) == ("fault" not in answer), file


# ---- what an import changes


def test_a_comparison_tells_real_differences_only(call: Call) -> None:
    before = {
        "a-same": {"rev": 1, "state": "done", "day": "2026-01-01", "note": "n"},
        "b-ticked": {"rev": 1},
        "c-texts": {"rev": 1, "state": "na", "reason": "old", "note": "gone"},
        "d-left": {"rev": 1, "state": "risk", "reason": "r", "note": "n"},
        "e-hidden": {"rev": 1, "state": "done", "reason": "of before"},
    }
    after = {
        "f-new": {"note": "n"},
        "a-same": {"state": "done", "day": "2026-02-02", "note": "n"},
        "b-ticked": {"state": "done"},
        "c-texts": {"state": "na", "reason": "new"},
        "e-hidden": {"state": "done"},
    }
    changes = [tuple(change.values()) for change in call("compare", before, after)]
    assert changes == [
        ("b-ticked", "todo", "done", "", ""),
        ("c-texts", "na", "na", "removed", "changed"),
        ("d-left", "risk", "todo", "removed", "removed"),
        ("f-new", "todo", "todo", "added", ""),
    ]


OLD, NEW = "2026-01-01", "2026-02-02"
MERGES: dict[str, tuple[Facts, Facts, Facts]] = {
    "the state of the file wins, with its days": (
        {"state": "done", "day": OLD, "seen": "o"},
        {"state": "na", "day": NEW, "reason": "r"},
        {"state": "na", "day": NEW, "reason": "r"},
    ),
    "a reason goes with its state": (
        {"state": "na", "day": OLD, "reason": "old"},
        {"state": "risk", "day": NEW},
        {"state": "risk", "day": NEW},
    ),
    "to do takes nothing away": (
        {"state": "risk", "day": OLD, "seen": "o", "reason": "r", "note": "old"},
        {"state": "todo", "note": "new"},
        {"state": "risk", "day": OLD, "seen": "o", "reason": "r", "note": "new"},
    ),
    "the same state keeps its days": (
        {"state": "done", "day": OLD, "seen": "o"},
        {"state": "done", "day": NEW, "seen": "n"},
        {"state": "done", "day": OLD, "seen": "o"},
    ),
    "a text of the file wins": (
        {"state": "na", "reason": "old", "note": "old"},
        {"state": "na", "reason": "new", "note": "new"},
        {"state": "na", "reason": "new", "note": "new"},
    ),
    "a missing text erases none": (
        {"state": "na", "reason": "r", "note": "n"},
        {"state": "na", "reason": "", "note": ""},
        {"state": "na", "reason": "r", "note": "n"},
    ),
    "a note stays beside a new state": (
        {"note": "n"},
        {"state": "done", "day": NEW},
        {"state": "done", "day": NEW, "note": "n"},
    ),
}


@pytest.mark.parametrize(("project", "file", "expected"), MERGES.values(), ids=MERGES)
def test_a_merge_follows_its_rule(call: Call, project: Facts, file: Facts, expected: Facts) -> None:
    merged = call("merged", {"a": project | {"rev": 7}, "b": {"rev": 2, "note": "b"}}, {"a": file})
    assert merged == {"a": expected, "b": {"state": "todo", "note": "b"}}


def test_items_that_only_the_file_has_come_in(call: Call) -> None:
    new = {"state": "done", "day": NEW, "seen": "s"}
    assert call("merged", {"a": {"note": "n"}}, {"b": new})["b"] == new


@given(any_items, any_items)
@SOME
def test_the_preview_of_a_merge_tells_everything(call: Call, before: Items, after: Items) -> None:
    merged = call("merged", before, after)
    changed = {change["id"] for change in call("compare", before, merged)}
    for id, facts in merged.items():
        if id not in changed:
            assert facts == {"state": "todo"} | before.get(id, {}) or facts == {"state": "todo"}
    for id, facts in telling(after).items():
        assert merged[id]["state"] == facts["state"] or facts["state"] == "todo"
    assert call("merged", merged, after) == merged
    for id, facts in before.items():
        assert merged[id]["state"] != "todo" or facts.get("state", "todo") == "todo"
        assert merged[id].get("note") or not facts.get("note")


# ---- fuzz

GENERATOR = """
  // mulberry32: a generator with a seed, so that a failure can be seen again
  let seed = args[0];
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
"""

FUZZ_JSON = (
    GENERATOR
    + r"""
  const [, rounds, checklist, text, states] = args;
  const pieces = ['"', "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", '"__proto__"',
    '"constructor"', '"state"', '"done"', "\\u0000", "\\", "\ufeff", "\u2028", "\ud800", "{}", '""',
    '"toString":', '"rev":1,', " ", "\n", "0", "<img src=x onerror=alert(1)>"];
  const values = [null, true, 0, -1, 1e308, "", "done", "todo", "x".repeat(6000), [], {}, ["done"],
    { state: "done" }, { state: { state: "na" } }, "2026-11-26", "__proto__", "\ud800"];
  const cut = (text) => {
    const at = below(text.length + 1);
    return text.slice(0, at) + (random() < 0.7 ? pick(pieces) : "") + text.slice(at + below(4));
  };
  const open = { enumerable: true, configurable: true, writable: true };
  const graft = (data) => {
    const places = [];
    const walk = (node) => {
      if (typeof node !== "object" || node === null) return;
      places.push(node);
      Object.values(node).forEach(walk);
    };
    walk(data);
    const place = pick(places);
    const key = pick([...Object.keys(place), "rev", "note", "day", "__proto__", "A b"]);
    if (random() < 0.2) delete place[key];
    else Object.defineProperty(place, key, { value: structuredClone(pick(values)), ...open });
  };
  const made = () => {
    let mutated = text;
    if (random() < 0.5) {
      const data = JSON.parse(text);
      for (let n = below(3); n >= 0; n--) graft(data);
      mutated = JSON.stringify(data);
    }
    if (random() < 0.6) for (let n = below(3); n >= 0; n--) mutated = cut(mutated);
    return mutated;
  };
  const keys = ["state", "day", "seen", "reason", "note"];
  const isText = (value, limit) =>
    value === undefined || (typeof value === "string" && value.length <= limit);
  const isGood = ({ name, items, ...rest }) =>
    Object.keys(rest).length === 0 && typeof name === "string" && name.length <= 80 &&
    Object.getPrototypeOf(items) === Object.prototype &&
    Object.entries(items).every(([id, facts]) =>
      /^[a-z][a-z0-9-]{0,199}$/.test(id) && Object.keys(facts).every((key) => keys.includes(key)) &&
      [undefined, ...states].includes(facts.state) && isText(facts.day, 10) &&
      isText(facts.seen, 50) && isText(facts.reason, 500) && isText(facts.note, 5000));
  const counts = {};
  const wrong = [];
  for (let n = 0; n < rounds; n++) {
    const mutated = made();
    try {
      const read = m.fromJson(mutated, checklist);
      const kind = read.fault ?? "read";
      counts[kind] = (counts[kind] ?? 0) + 1;
      const known = ["damaged", "foreign", "older", "newer", "other", "large"].includes(kind);
      if (kind === "read" ? !isGood(read) : !known) wrong.push(mutated);
      if (kind === "read") {
        m.compare(read.items, m.merged({ a: { state: "done", note: "n" } }, read.items));
        const again = m.toJson(checklist, read.name, read.items, "2026-11-26");
        if ("fault" in m.fromJson(again, checklist)) wrong.push(mutated);
      }
    } catch (error) {
      wrong.push(`${error}: ${mutated}`);
    }
  }
  return [counts, wrong.slice(0, 3), Object.keys(Object.prototype), {}.state ?? null];
"""
)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutated_file_does_harm(call: Call, run: Call, seed: int) -> None:
    entries = {
        "check-brakes": {"state": "done", "day": DAY, "seen": "2026-10-01.9f86d081"},
        "oil-chain": {"state": "na", "day": DAY, "reason": "a belt", "note": "a\nb"},
        "constructor": {"state": "risk", "note": "“ü” 🚲"},
    }
    text = call("toJson", CHECKLIST, "shop", entries, DAY)
    counts, wrong, inherited, state = run(FUZZ_JSON, seed, 4000, CHECKLIST, text, STATES)
    assert wrong == []
    assert (inherited, state) == ([], None), "a prototype was changed"
    assert sum(counts.values()) == 4000
    assert min(counts.get(kind, 0) for kind in ("read", "damaged", "foreign", "other")) > 20, counts


# ---- the share link

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def fnv(text: str) -> int:
    value = 0x811C9DC5
    for character in text.encode("ascii"):
        value = (value ^ character) * 0x01000193 % 2**32
    return value


def sealed(bits: str, checklist: str = CHECKLIST, version: str = "1") -> str:
    """A code with a right checksum, whatever its bits are."""

    def digits(bits: str) -> str:
        filled = bits + "0" * (-len(bits) % 6)
        return "".join(DIGITS[int(filled[at : at + 6], 2)] for at in range(0, len(filled), 6))

    code = version + digits(bits)
    return code + digits(f"{fnv(f'{checklist} {code}'):032b}")


def rice(number: int, k: int) -> str:
    return "1" * (number >> k) + "0" + (f"{number:b}".zfill(k)[-k:] if k else "")


def bits_of(states: dict[str, str], size: int = 20) -> str:
    """The format as the module describes it, written a second time."""
    named = sorted((fnv(id) >> (32 - size), state) for id, state in states.items())
    k = size - len(named).bit_length()
    bits = f"{size - 20:04b}" + rice(len(named), 6)
    for (hash, state), last in zip(named, [-1, *(hash for hash, _ in named)], strict=False):
        bits += rice(hash - last - 1, k) + {"done": "0", "na": "10", "risk": "11"}[state]
    return bits


@pytest.fixture(name="celery_ids", scope="module")
def ids_of_the_real_list() -> list[str]:
    checklist, _ = load(ROOT / "checklist/content/celery.yaml")
    assert checklist is not None
    return [item.id for section in checklist.sections for item in section.items]


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # of no use for secrets, but the same every time


def mix(ids: list[str], generator: random.Random) -> dict[str, str]:
    """States of all kinds, in a mix of all kinds."""
    weights = [generator.random() ** 3 for _ in STATES]
    return dict(zip(ids, generator.choices(STATES, weights, k=len(ids)), strict=True))


def told(states: dict[str, str]) -> dict[str, str]:
    return {id: state for id, state in states.items() if state != "todo"}


def test_the_code_is_as_documented(call: Call) -> None:
    states = {"check-brakes": "done", "oil-chain": "na", "fit-lights": "risk", "pump": "todo"}
    code = call("encodeShare", CHECKLIST, states, list(states))
    assert code == sealed(bits_of(told(states)))
    assert call("decodeShare", code, CHECKLIST, list(states)) == {
        "states": told(states),
        "unknown": 0,
    }


def test_a_link_to_the_real_list_is_short_in_any_mix(calls: Call, celery_ids: list[str]) -> None:
    assert len(celery_ids) == 59
    generator = seeded(1)
    mixes = [mix(celery_ids, generator) for _ in range(1000)]
    mixes += [dict.fromkeys(celery_ids, state) for state in STATES]
    mixes += [
        dict(zip(celery_ids, generator.choices(STATES[2:], k=59), strict=True)) for _ in range(50)
    ]
    codes = calls("encodeShare", *(["celery-tasks", states, celery_ids] for states in mixes))
    longest = max(codes, key=len)
    assert len(longest) <= 190
    assert all(re.fullmatch("[A-Za-z0-9_-]+", code) for code in codes)
    assert len(set(codes)) == len({tuple(states.values()) for states in mixes})
    back = calls("decodeShare", *([code, "celery-tasks", celery_ids] for code in codes))
    assert back == [{"states": told(states), "unknown": 0} for states in mixes]
    # However the hashes lie: the parts before their remainders in unary cannot be longer.
    assert 1 + -(-(4 + 7 + 2**20 // 2**14 + 59 * (1 + 14 + 2)) // 6) + 6 <= 190


def test_a_link_outlives_changes_of_the_list(call: Call, celery_ids: list[str]) -> None:
    generator = seeded(2)
    states = {id: generator.choice(STATES[1:]) for id in celery_ids}
    code = call("encodeShare", "celery-tasks", states, celery_ids)
    assert code == call("encodeShare", "celery-tasks", states, celery_ids[::-1])
    renamed, *kept = celery_ids[1:]
    known = [*kept, *(f"new-{n}" for n in range(30)), "new-name", renamed]
    generator.shuffle(known)
    read = call("decodeShare", code, "celery-tasks", known)
    assert read == {"states": {id: states[id] for id in [*kept, renamed]}, "unknown": 1}


@pytest.mark.parametrize("name", ["item-{}", "item-{:04}", "check-{}-of-the-list"])
def test_a_link_holds_thousands_of_items(run: Call, name: str) -> None:
    ids = [name.format(n) for n in range(5000)]
    states = mix(ids, seeded(3)) | {ids[0]: "risk"}
    body = """
      const [ids, states] = args;
      const code = m.encodeShare("big", states, ids);
      return [code, m.decodeShare(code, "big", ids)];
    """
    code, read = run(body, ids, states)
    assert read == {"states": told(states), "unknown": 0}
    assert len(code) < 5000 * 32 / 6


@pytest.fixture(name="pair", scope="module")
def ids_with_one_short_hash() -> tuple[str, str]:
    """Two ids that 20 bits do not tell apart."""
    seen: dict[int, str] = {}
    ids = (f"i{n}" for n in range(100_000))
    return next((other, id) for id in ids if (other := seen.setdefault(fnv(id) >> 12, id)) != id)


def test_ids_of_one_page_never_share_a_hash(call: Call, pair: tuple[str, str]) -> None:
    one, other = pair
    code = call("encodeShare", CHECKLIST, {one: "done", other: "na"}, [one, other])
    read = call("decodeShare", code, CHECKLIST, [one, other])
    assert read == {"states": {one: "done", other: "na"}, "unknown": 0}


def test_a_hash_that_two_known_ids_share_is_unknown(call: Call, pair: tuple[str, str]) -> None:
    one, other = pair
    code = call("encodeShare", CHECKLIST, {one: "done", "a": "na"}, [one, "a"])
    read = call("decodeShare", code, CHECKLIST, [one, "a", other])
    assert read == {"states": {"a": "na"}, "unknown": 1}
    assert call("decodeShare", code, CHECKLIST, [one, "a", one])["unknown"] == 0


def test_ids_that_even_the_longest_hash_confuses_are_unknown(call: Call) -> None:
    one, other = "i116048", "i1308084"
    assert fnv(one) == fnv(other)
    code = call("encodeShare", CHECKLIST, {one: "done", other: "na"}, [one, other])
    read = call("decodeShare", code, CHECKLIST, [one, other])
    assert read == {"states": {}, "unknown": 1}


def test_states_of_items_that_the_page_does_not_have_are_left_out(call: Call) -> None:
    code = call("encodeShare", CHECKLIST, {"a": "done", "gone": "na"}, ["a"])
    assert code == call("encodeShare", CHECKLIST, {"a": "done"}, ["a"])


def test_nothing_done_has_a_link_too(call: Call) -> None:
    for ids in ([], ["a", "b"]):
        code = call("encodeShare", CHECKLIST, {}, ids)
        assert call("decodeShare", code, CHECKLIST, ids) == {"states": {}, "unknown": 0}


GOOD = bits_of({"check-brakes": "done", "oil-chain": "na", "pump": "risk"})
REFUSED = {
    "empty": "",
    "only the version": "1",
    "only a checksum": sealed(GOOD)[-6:].lower(),
    "no bits": sealed(""),
    "version 0": sealed(GOOD, version="0"),
    "no version": sealed(GOOD, version="A"),
    "of another checklist": sealed(GOOD, checklist="summer-bike"),
    "no checksum": sealed(GOOD)[:-6],
    "a space": sealed(GOOD) + " ",
    "a line end": sealed(GOOD) + "\n",
    "text beyond the alphabet": "1é" + sealed(GOOD)[2:],
    "a digit more": sealed(GOOD + "0" * (-len(GOOD) % 6) + "000000"),
    "padding that is not zero": sealed(GOOD + "0" * (-len(GOOD) % 6 - 1) + "1"),
    "hashes too large": sealed("1101" + rice(0, 6)),
    "a hash out of range": sealed("0000" + rice(1, 6) + rice(2**20, 19) + "0"),
    "the last hash and one more": sealed(
        "0000" + rice(2, 6) + rice(2**20 - 1, 18) + "0" + rice(0, 18) + "0"
    ),
    "a number without an end": sealed("0000" + "1" * 600),
    "more items than bits": sealed("0000" + rice(60_000, 6) + "0" * 600),
    "an item without a state": sealed("0000" + rice(1, 6) + rice(2**18 + 1, 19) + "1" + "1" * 0)[
        :-6
    ],
    "cut off in a hash": sealed("0000" + rice(1, 6) + "0" + "0" * 10),
}


def test_the_good_code_among_the_refused_would_be_accepted(call: Call) -> None:
    known = ["check-brakes", "oil-chain", "pump"]
    assert len(call("decodeShare", sealed(GOOD), CHECKLIST, known)["states"]) == 3
    assert -len(GOOD) % 6 > 0, "there is no padding"
    highest = sealed("0000" + rice(1, 6) + rice(2**20 - 1, 19) + "0")
    assert call("decodeShare", highest, CHECKLIST, known) == {"states": {}, "unknown": 1}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
def test_a_code_that_is_not_exactly_right_is_damaged(call: Call, code: str) -> None:
    assert call("decodeShare", code, CHECKLIST, ["check-brakes"]) == {"fault": "damaged"}


@pytest.mark.parametrize("version", "29")
def test_a_code_of_a_later_version_is_newer(call: Call, version: str) -> None:
    assert call("decodeShare", version + "whatever!", CHECKLIST, []) == {"fault": "newer"}


def test_every_change_of_one_character_is_noticed(run: Call, celery_ids: list[str]) -> None:
    generator = seeded(4)
    mixes = [mix(celery_ids, generator) for _ in range(4)]
    mixes.append(dict(zip(celery_ids, generator.choices(STATES[2:], k=59), strict=True)))
    body = """
      const [digits, mixes, ids] = args;
      let tried = 0;
      const accepted = [];
      const attempt = (code) => {
        tried++;
        if (!("fault" in m.decodeShare(code, "celery-tasks", ids))) accepted.push(code);
      };
      for (const states of mixes) {
        const code = m.encodeShare("celery-tasks", states, ids);
        for (let at = 0; at < code.length; at++) {
          const [before, after] = [code.slice(0, at), code.slice(at + 1)];
          for (const digit of digits) if (digit !== code[at]) attempt(before + digit + after);
          for (const digit of digits) attempt(before + digit + code.slice(at));
          attempt(before + after);
          attempt(before);
          const [next, ...rest] = after;
          if (next && next !== code[at]) attempt(before + next + code[at] + rest.join(""));
        }
      }
      return [tried, accepted];
    """
    tried, accepted = run(body, DIGITS, mixes, celery_ids)
    assert tried > 50_000
    assert accepted == []


FUZZ_SHARE = (
    GENERATOR
    + """
  const [, rounds, digits, ids, states] = args;
  const fnv = (text) => {
    let hash = 0x811c9dc5;
    for (const each of text) hash = Math.imul(hash ^ each.charCodeAt(0), 0x01000193);
    return hash >>> 0;
  };
  const seal = (code) => {
    const bits = fnv("bike " + code).toString(2).padStart(32, "0") + "0000";
    return code + bits.match(/.{6}/g).map((each) => digits[parseInt(each, 2)]).join("");
  };
  const text = (length) => Array.from({ length }, () => pick(digits)).join("");
  const odd = () => String.fromCharCode(...Array.from({ length: below(300) }, () => below(65536)));
  const kinds = {
    random: () => text(below(301)),
    versioned: () => "1" + text(below(300)),
    odd,
    forged: () => seal("1" + text(below(60))),
    "almost forged": () => seal("1A" + pick("ABCDEFGH") + text(below(40))),
  };
  const isGood = ({ states: read, unknown, ...rest }) =>
    Object.keys(rest).length === 0 && Number.isInteger(unknown) && unknown >= 0 && unknown < 2000 &&
    Object.entries(read).every(([id, state]) => ids.includes(id) && states.includes(state));
  const accepted = {};
  const wrong = [];
  for (const [kind, make] of Object.entries(kinds)) {
    accepted[kind] = 0;
    for (let n = 0; n < rounds; n++) {
      const code = make();
      try {
        const read = m.decodeShare(code, "bike", ids);
        if (read.fault) {
          const isKnown = ["damaged", "newer"].includes(read.fault);
          if (!isKnown || Object.keys(read).length > 1) wrong.push(code);
        } else {
          accepted[kind]++;
          if (!isGood(read)) wrong.push(code);
        }
      } catch (error) {
        wrong.push(`${error}: ${code}`);
      }
    }
  }
  return [accepted, wrong.slice(0, 3)];
"""
)


@pytest.mark.parametrize("seed", range(3))
def test_no_random_code_does_harm(run: Call, seed: int) -> None:
    ids = [f"item-{n}" for n in range(59)]
    accepted, wrong = run(FUZZ_SHARE, seed, 8000, DIGITS, ids, STATES[1:])
    assert wrong == []
    # One of 2**32 would be by chance.
    assert [accepted[kind] for kind in ("random", "versioned", "odd")] == [0, 0, 0]
    assert accepted["almost forged"] > 0, "the bits behind the checksum were never reached"


def test_a_long_code_takes_no_long_time(run: Call) -> None:
    endless = "0000" + rice(60 * 64, 6) + "1" * 200_000
    many = "0000" + rice(100_000_000, 6)
    body = """
      const start = performance.now();
      const answers = args.map((code) => m.decodeShare(code, "winter-bike", ["a"]));
      return [answers, performance.now() - start];
    """
    answers, milliseconds = run(body, sealed(endless), sealed(many), "1" * 2_000_000)
    assert answers == [{"fault": "damaged"}] * 3
    assert milliseconds < 3000


# ---- Markdown and CSV

NAMES = {"todo": "To do", "done": "Done", "na": "Not applicable", "risk": "Accepted risk"}
COLUMNS = ["Section", "Id", "Title", "Priority", "State", "Reason", "Note", "Day", "Address"]

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "- [x] fake",
    "[x] fake",
    "[ ] a]:b",
    "* fake\n+ fake\n- fake\n-\n+",
    "```\ncode\n```",
    "~~~\ncode",
    "    indented\n\n\tcode",
    "[a](javascript:x)",
    "![a](x)",
    "[a]: http://x 'y'\n[a]",
    "[^1]\n[^1]: foot",
    "> [!NOTE]\n> quoted",
    "[!WARNING]\nx",
    "<http://x> <a@b.c>",
    "&lt; &amp; &#60; &nbsp;",
    "1. x\n2) y\n0123456789. z\n1.\n1)",
    "# x\n## y ##\n#",
    "x\n===\ny\n---\n***\n___",
    "| a | b |\n|---|---|\n| c | d |",
    "a\n:-\nb\n:-:\na | b\n- | -",
    "| a |\n|---|---|",
    "a\n:-",
    "a\n===",
    "^a[b]: c",
    " \u00a0 ",
    "*a* **b** _c_ __d__ ~e~ ~~f~~ `g` ``h",
    "cost_in_$ and $x$ or $$y$$",
    "trailing \\\nbackslash\\",
    "\\* \\\\ \\n \\",
    "  leading\n\t\ttabs  \ntrailing   \nx",
    "a\r\nb\rc\n\n\nd\n",
    "\u2028- a\u2029# b\x00\x07\x85c",
    "\u3000- x\n\u00a0# y\n\ufeff1. z\n\u200b",
    "😀 👩‍👩‍👧 🚲",
    "\u200fעברית\u200e \u202eabc\u202c",
    "see https://example.com/a-b?c=d,e and http://x.y/z.",
    "https://example.com/a_b*c* https://x/<b> (https://x/y) https://x/y\nftp://a_b/*c*",
    "www.a_b.com www.example.com/x*y* WWW.x_y.z",
    "a_b@example.com mailto:a_b@c.de xmpp:a_b@c.de",
    "@someone #12 :smile: GH-1",
    "{#id} ==x== ^y^ ++z++ --- ... \"q\" 'r' (c)",
    "--",
    "=",
    ":::note",
]

JS_SPACE = " \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
TRIM = re.compile(f"^[{JS_SPACE}]+|[{JS_SPACE}]+$")


def on_one_line(text: str) -> str:
    """A text as a browser shows it."""
    return TRIM.sub("", re.sub(" +", " ", re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text)))


def in_lines(text: str) -> str:
    """A text as a browser shows it with its line breaks."""
    lines = [on_one_line(line) for line in re.split("\r\n?|\n", text)]
    return "\n".join(lines).strip("\n")


def shown(node: LexborNode) -> str:
    """The text of an element as a browser shows it."""
    text = ""
    for child in node.iter(include_text=True):
        if child.tag == "br":
            text += "\n"
        elif child.tag == "-text":
            text += re.sub("[ \n]+", " ", child.text_content or "")
        else:
            text += shown(child)
    return text


def lines_shown(node: LexborNode) -> str:
    return "\n".join(on_one_line(line) for line in shown(node).split("\n"))


def sheet(
    section: list[dict[str, Any]], left: Items | None = None, **changes: str
) -> dict[str, Any]:
    return {
        "title": "Winter Bike",
        "project": "shop",
        "summary": "1 of 4 done",
        "url": "https://example.com/list/",
        "states": NAMES,
        "gone": "No longer in the list",
        "columns": COLUMNS,
        "sections": [{"title": "Brakes", "url": "https://example.com/brakes/", "items": section}],
        "left": left or {},
    } | changes


def item(facts: Facts, *title: str, id: str = "check-brakes") -> dict[str, Any]:
    """An item whose title is text and code by turns."""
    runs = [{"text": text, "code": n % 2 == 1} for n, text in enumerate(title or ("Check",))]
    url = f"https://example.com/brakes/#{id}"
    return {"id": id, "title": runs, "url": url, "priority": "essential", "facts": facts}


def rendered(markdown: str) -> LexborHTMLParser:
    renderer = MarkdownIt("commonmark").use(gfm_plugin, dollarmath=True)
    return LexborHTMLParser(renderer.render(markdown))


def test_the_markdown_is_as_documented(call: Call) -> None:
    items = [
        item({"state": "done", "day": DAY, "reason": "hidden"}, "Set ", "a`b", " to *1*"),
        item({"note": "one\n\ntwo"}),
        item({"state": "risk", "reason": "too\nold"}),
        item({"state": "na", "note": "- n\n:-"}),
    ]
    left = {"z": {"state": "risk", "reason": "r"}, "b": {"note": "n"}, "a": {}}
    written = sheet(items, left)
    written["sections"].append({"title": "Nothing in it", "url": "x", "items": []})
    url = "https://example.com/brakes/#check-brakes"
    assert call("toMarkdown", written) == (
        "# [Winter Bike](https://example.com/list/) — shop\n"
        "\n"
        "1 of 4 done\n"
        "\n"
        "## [Brakes](https://example.com/brakes/)\n"
        "\n"
        f"- [x] [Set ``a`b`` to \\*1\\*]({url})\n"
        f"- [ ] [Check]({url})\n"
        "  > one \\\n"
        "  >  \\\n"
        "  > two\n"
        f"- [ ] [Check]({url}) (Accepted risk: too old)\n"
        f"- ~~[Check]({url})~~ (Not applicable)\n"
        "  > \\- n \\\n"
        "  > \\:-\n"
        "\n"
        "## No longer in the list\n"
        "\n"
        "- `b` (To do)\n"
        "  > n\n"
        "- `z` (Accepted risk: r)\n"
    )


def test_without_a_name_the_heading_is_the_title(call: Call) -> None:
    written = call("toMarkdown", sheet([item({})], project=""))
    assert written.startswith("# [Winter Bike](https://example.com/list/)\n\n1 of 4 done\n\n## ")


def test_bare_addresses_without_markup_stay_links(call: Call) -> None:
    note = "see https://example.com/a-b?c=d\nand http://x.y"
    tree = rendered(call("toMarkdown", sheet([item({"note": note})])))
    links = [link.attributes["href"] for link in tree.css("blockquote a")]
    assert links == ["https://example.com/a-b?c=d", "http://x.y"]


def test_an_address_with_parentheses_stays_whole(call: Call) -> None:
    address = "https://example.com/a_(b)(c/?x=1&copy;=2#d"
    tree = rendered(call("toMarkdown", sheet([item({})], url=address)))
    [link] = tree.css("h1 a")
    assert link.attributes["href"] == address.replace("&copy;", "&copy;")


hostile = st.lists(
    st.sampled_from(HOSTILE)
    | st.text(max_size=8)
    | st.sampled_from([" ", "\n", "\\", "*", "_", "`"]),
    max_size=4,
).map("".join)
codes = st.text(alphabet="`ab \\*]<&", min_size=1, max_size=8) | st.sampled_from(HOSTILE)
hostile_items = st.builds(
    lambda state, reason, note, title: item(
        {"state": state, "reason": reason, "note": note}, *title
    ),
    st.sampled_from(STATES),
    hostile,
    hostile,
    st.tuples(hostile, codes, hostile.filter(len) | st.just("x"), codes),
)


def check_markdown(written: dict[str, Any], markdown: str) -> None:
    """Everything is shown as it was written, and nothing else is there."""
    tree = rendered(markdown)
    body = tree.body
    assert body is not None
    title = " — ".join(filter(None, (written["title"], written["project"])))
    [heading] = tree.css("h1")
    assert on_one_line(shown(heading)) == on_one_line(title)
    tags = {node.tag for node in body.traverse()} - {"body", "-text"}
    assert tags <= {*("h1", "h2", "p", "ul", "li", "input", "a", "s", "code", "blockquote", "br")}
    assert len(tree.css("h1, h2")) == 1 + len(written["sections"]) + bool(written["left"])
    assert [node.tag for node in body.iter()] == ["h1", "p"] + ["h2", "ul"] * (
        len(written["sections"]) + bool(written["left"])
    )
    all_items = [each for section in written["sections"] for each in section["items"]]
    applicable = [each for each in all_items if each["facts"]["state"] != "na"]
    boxes = tree.css("input")
    assert len(boxes) == len(applicable)
    ticked = [each["facts"]["state"] == "done" for each in applicable]
    assert ["checked" in box.attributes for box in boxes] == ticked
    bullets = tree.css("li")
    left = [
        {"title": [{"text": id, "code": True}], "facts": facts, "left": True}
        for id, facts in sorted(written["left"].items())
    ]
    assert len(bullets) == len(all_items) + len(left)
    for each, bullet in zip([*all_items, *left], bullets, strict=True):
        check_bullet(each, bullet)


def check_bullet(written: dict[str, Any], bullet: LexborNode) -> None:
    state, reason = written["facts"]["state"], written["facts"].get("reason", "")
    expected = "".join(run["text"] for run in written["title"])
    if state in ("na", "risk") or "left" in written:
        why = on_one_line(reason) if state in ("na", "risk") else ""
        expected += f" ({NAMES[state]}: {why})" if why else f" ({NAMES[state]})"
    note = in_lines(written["facts"].get("note", ""))
    quotes = bullet.css("blockquote")
    assert [lines_shown(quote).strip("\n") for quote in quotes] == ([note] if note else [])
    for quote in quotes:
        for link in quote.css("a"):
            assert not (link.attributes["href"] or "").lower().startswith("javascript:")
        quote.decompose()
    assert on_one_line(shown(bullet)) == on_one_line(expected)
    codes = [run["text"] for run in written["title"] if run["code"]]
    codes = [code for code in codes if not re.search(r"\[x\]|\]:", code)]
    assert [on_one_line(shown(node)) for node in bullet.css("code")] == [
        on_one_line(code) for code in codes
    ]
    assert bool(bullet.css("s")) == (state == "na" and "left" not in written)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_it_was_written(call: Call, text: str) -> None:
    """In every place that a reader can write to, and in titles."""
    written = sheet(
        [
            *(item({"state": state, "reason": text, "note": text}) for state in STATES),
            item({"state": "done"}, text, "code", text),
            item({"state": "na", "note": f"a\n{text}\nb"}, "a", text, "b"),
        ],
        left={"gone": {"state": "na", "reason": text, "note": text}},
        project=text,
        title=f"{text} x",
    )
    check_markdown(written, call("toMarkdown", written))


@given(st.lists(hostile_items, min_size=1, max_size=12), hostile, hostile)
@example([item({"state": "risk", "reason": "\\", "note": "\\"}, "\\", "\\")], "\\", "a")
@SOME
def test_any_text_is_shown_as_it_was_written(
    call: Call, items: list[dict[str, Any]], name: str, note: str
) -> None:
    left = {"gone": {"state": "done", "note": note}}
    written = sheet(items, left, project=name, title="T")
    check_markdown(written, call("toMarkdown", written))


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_the_csv_is_as_documented(call: Call) -> None:
    items = [
        item({"state": "done", "day": DAY, "reason": "hidden"}, "Set ", "a", ' to "1"'),
        item({"state": "todo", "day": DAY, "note": "a, b\nc"}),
        item({"state": "risk", "reason": "r"}),
    ]
    url = "https://example.com/brakes/#check-brakes"
    start = "Brakes", "check-brakes"
    text = call("toCsv", sheet(items, {"old": {"state": "na", "day": DAY}, "nothing": {}}))
    assert text.startswith('\ufeff"Section","Id","Title",')
    assert text.endswith("\r\n")
    assert text.count("\r\n") == 5
    assert read_csv(text) == [
        COLUMNS,
        [*start, 'Set a to "1"', "essential", "Done", "", "", DAY, url],
        [*start, "Check", "essential", "To do", "", "a, b\nc", "", url],
        [*start, "Check", "essential", "Accepted risk", "r", "", "", url],
        ["No longer in the list", "old", "", "", "Not applicable", "", "", DAY, ""],
    ]


FORMULA = re.compile(f"[{JS_SPACE}\x00-\x1f]*[=+\\-@＝＋－＠]|[\t\r\n]")


@given(
    st.lists(
        st.text(max_size=10)
        | st.builds(
            str.__add__,
            st.sampled_from(["", " ", "\t", "\r", "\n", "\u3000", "\x00", "'", '"', ";"]),
            st.sampled_from([*"=+-@＝＋－＠", '=HYPERLINK("http://x","y")', "a", ",", '"', "-1"]),
        ),
        min_size=30,
        max_size=30,
    )
)
@SOME
def test_csv_is_read_back_and_no_cell_is_a_formula(call: Call, texts: list[str]) -> None:
    items = [
        item({"state": "na", "reason": reason, "note": note}, title)
        for reason, note, title in zip(texts[::3], texts[1::3], texts[2::3], strict=True)
    ]
    _, *rows = read_csv(call("toCsv", sheet(items)))
    cells = [cell for row in rows for cell in (row[5], row[6], row[2])]
    assert cells == [f"'{text}" if FORMULA.match(text) else text for text in texts]
    assert not any(FORMULA.match(cell) for row in rows for cell in row)
