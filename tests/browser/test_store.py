"""The store, called in the browser it runs in: read, changed, undone, merged."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.conftest import ROOT

Store = dict[str, Any]
Call = Callable[..., Any]

EMPTY: Store = {
    "version": 2,
    "rev": 0,
    "current": "main",
    "projects": {"main": {"name": "", "rev": 0, "items": {}}},
    "history": [],
}
ASSETS = ROOT / "checklist/assets"
ADDRESS = "http://store.test/"
DAY = "2026-11-20"
DONE = {"state": "done", "day": DAY, "seen": "2026-10-01.9f86d081"}
FACTS = ("state", "day", "seen", "reason", "note")
EVERYTHING = DONE | {"state": "risk", "reason": "why", "note": "a\n“b”"}


def past(rev: int, kind: str, project: str, **rest: Any) -> dict[str, Any]:
    """A change of the history."""
    change = {"id": str(rev), "rev": rev, "kind": kind, "project": project}
    return {**change, "name": "", "before": {}, **rest}


FULL: Store = {
    "version": 2,
    "rev": 9,
    "current": "p1",
    "projects": {
        "main": {
            "name": "",
            "rev": 4,
            "origin": 0,
            "items": {"a-b": {"rev": 3, **DONE}, "old": {"rev": 4}},
        },
        "p1": {"name": "<b>", "rev": 8, "items": {"a-b": {"rev": 5, "origin": 1, **EVERYTHING}}},
        "p2": {"name": "gone", "rev": 9, "gone": True, "items": {}},
    },
    "history": [
        past(9, "delete", "p2", name="gone", was=2),
        past(8, "rename", "p1", was=1),
        past(7, "reset", "p2", undone=True),
        past(5, "note", "p1", before={"a-b": {"rev": 2, **DONE}}),
        past(3, "bulk", "main", before={"a-b": {"rev": 0}}),
    ],
}
"""A store with one of everything that can be in it."""

TOOLS = r"""
const clone = (value) => JSON.parse(JSON.stringify(value));

// What is equal has the same text, in whatever order its keys are.
const sorted = (record) =>
  Object.fromEntries(Object.keys(record).sort().map((key) => [key, record[key]]));
const canonical = (value) =>
  JSON.stringify(value, (_, each) => (m.isRecord(each) ? sorted(each) : each));

const randomFrom = (seed) => () => {  // mulberry32
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const pickFrom = (random) => (choices) => choices[Math.floor(random() * choices.length)];

// Whether a value has the type `Store`: told here once more, in other words.
const rev = (value) => Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
const text = (value, limit) => typeof value === "string" && value.length <= limit;
const optional = (test) => (value) => value == null || test(value);
const flag = optional((value) => typeof value === "boolean");
const entry = (value) => {
  const fields = {
    rev,
    origin: optional(rev),
    state: optional((state) => ["todo", "done", "na", "risk"].includes(state)),
    day: optional((day) => typeof day === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day)),
    seen: optional((seen) => text(seen, 50)),
    reason: optional((reason) => text(reason, 500)),
    note: optional((note) => text(note, 5000)),
  };
  return m.isRecord(value) && Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    Object.entries(fields).every(([key, test]) => test(value[key]));
};
const entries = (value) => m.isRecord(value) && Object.entries(value).every(([id, each]) =>
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && entry(each));
const project = (value) => m.isRecord(value) && text(value.name, 80) && rev(value.rev) &&
  optional(rev)(value.origin) && flag(value.gone) && entries(value.items);
const kinds = ["bulk", "reset", "import", "note", "rename", "delete"];
const past = (value) => m.isRecord(value) && text(value.id, Infinity) && rev(value.rev) &&
  kinds.includes(value.kind) && flag(value.undone) && text(value.project, Infinity) &&
  text(value.name, 80) && optional(rev)(value.was) && entries(value.before);
const isValid = (value) => m.isRecord(value) && value.version === 2 && rev(value.rev) &&
  text(value.current, Infinity) && m.isRecord(value.projects) &&
  Object.keys(value.projects).length > 0 && Object.values(value.projects).every(project) &&
  Array.isArray(value.history) && value.history.every(past);
"""


def serve(route: Route) -> None:
    """The modules without any site around them."""
    name = route.request.url.removeprefix(ADDRESS)
    if name.endswith(".mjs"):
        route.fulfill(path=ASSETS / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>Nothing</title>", content_type="text/html")


@pytest.fixture(name="run", scope="module")
def run_in_page(browser: Browser) -> Iterator[Call]:
    """Runs the body of a function with the module `m` and arguments `args`, all of it as JSON.

    The page is the same for all tests: the module keeps nothing, and a context takes its time.
    """
    context = browser.new_context()
    page = context.new_page()
    page.route(f"{ADDRESS}**", serve)
    page.goto(ADDRESS)

    def run(body: str, *args: Any) -> Any:
        script = f"""async (json) => {{
            const m = await import("./store.mjs");
            {TOOLS}
            const args = JSON.parse(json);
            return JSON.stringify(((args) => {{ {body} }})(args)) ?? "null";
        }}"""
        return json.loads(page.evaluate(script, json.dumps(args)))

    yield run
    context.close()


@pytest.fixture(name="call")
def call_module(run: Call) -> Call:
    def call(name: str, *args: Any) -> Any:
        return run("const [name, ...rest] = args; return m[name](...rest);", name, *args)

    return call


def items_of(store: Store, project: str = "main") -> dict[str, dict[str, Any]]:
    """What is known of each item, without revisions and without those of which nothing is."""
    items = {
        id: {key: fact for key, fact in entry.items() if key in FACTS and fact not in ("", "todo")}
        for id, entry in store["projects"][project]["items"].items()
    }
    return {id: facts for id, facts in items.items() if facts}


# ---- reading


def test_what_is_stored_is_read_again(call: Call) -> None:
    assert call("parse", json.dumps(FULL)) == {"condition": "ok", "store": FULL}


def test_nothing_stored_is_no_fault(call: Call) -> None:
    assert call("parse", None) == {"condition": "ok", "store": EMPTY}


def test_ticks_of_the_first_version_are_taken_over_with_their_days(call: Call) -> None:
    ticks = {"cap-retries": DAY, "no-longer-there": "2020-02-29", "constructor": DAY}
    read = call("parse", json.dumps({"version": 1, "ticks": ticks}))
    assert read["condition"] == "ok"
    assert items_of(read["store"]) == {
        id: {"state": "done", "day": day} for id, day in ticks.items()
    }


def test_ids_that_objects_have_of_their_own_are_ids_like_any_other(run: Call) -> None:
    raw = json.dumps({"version": 1, "ticks": {"constructor": DAY}})
    counts = run(
        """const { items } = m.parse(args[0]).store.projects.main;
        return m.tally(items, ["constructor", "valueof", "toString", "__proto__"]);""",
        raw,
    )
    assert counts == {"todo": 3, "done": 1, "na": 0, "risk": 0}


def test_an_id_that_objects_have_of_their_own_has_no_past(call: Call) -> None:
    changed = call("changeItems", EMPTY, "main", {"constructor": DONE}, "bulk")
    assert changed["history"][0]["before"] == {"constructor": {"rev": 0}}
    assert items_of(changed) == {"constructor": DONE}


@pytest.mark.parametrize(
    "raw",
    [
        *("", "{", "null", "[]", "42", '"ok"', "{}", '{"version": 2}', '{"version": "2"}'),
        *('{"version": 1}', '{"version": 1, "ticks": []}', '{"version": 0, "ticks": {}}'),
        '{"version": 1, "ticks": {"a": true}}',
        '{"version": 1, "ticks": {"a": "yesterday"}}',
        '{"version": 1, "ticks": {"__proto__": "2026-11-20"}}',
        '{"version": 1, "ticks": {"<b>": "2026-11-20"}}',
    ],
)
def test_what_is_no_store_is_damaged_and_read_as_empty(call: Call, raw: str) -> None:
    assert call("parse", raw) == {"condition": "damaged", "store": EMPTY}


@pytest.mark.parametrize("version", [3, 2.5, 1e300])
def test_a_newer_version_is_not_taken_for_damage(call: Call, version: float) -> None:
    raw = json.dumps({"version": version, "projects": "of another kind"})
    assert call("parse", raw) == {"condition": "newer", "store": EMPTY}


MUTATE = r"""
const [raw, hostile] = args;
const places = (value, path = []) => [path, ...(value !== null && typeof value === "object"
  ? Object.entries(value).flatMap(([key, each]) => places(each, [...path, key])) : [])];
const own = { enumerable: true, configurable: true, writable: true };  // `__proto__` too
const define = (target, key, value) => Object.defineProperty(target, key, { ...own, value });
const at = (root, path) => path.reduce((value, key) => value[key], root);
const texts = new Set();
for (const path of places(JSON.parse(raw))) {
  for (const value of hostile) {
    if (path.length === 0) { texts.add(JSON.stringify(value)); continue; }
    const root = JSON.parse(raw);
    define(at(root, path.slice(0, -1)), path.at(-1), value);
    texts.add(JSON.stringify(root));
  }
  const inner = at(JSON.parse(raw), path);
  if (m.isRecord(inner)) {
    for (const key of ["__proto__", "constructor", "toString", "", "A", "a".repeat(300)]) {
      for (const value of [...Object.values(inner).slice(0, 1), ...hostile]) {
        const root = JSON.parse(raw);
        define(at(root, path), key, value);
        texts.add(JSON.stringify(root));
      }
    }
  }
  if (path.length) {  // something is missing
    const root = JSON.parse(raw);
    delete at(root, path.slice(0, -1))[path.at(-1)];
    texts.add(JSON.stringify(root));
  }
}
const random = randomFrom(5);
for (let n = 0; n < 3000; n++) {  // a character lost, doubled or another
  const place = Math.floor(random() * raw.length);
  const put = ["", raw[place].repeat(2), '"', "{", "}", "0", ",", "\\", "\u0000", "\ud800"];
  texts.add(raw.slice(0, place) + pickFrom(random)(put) + raw.slice(place + 1));
}
"""

HOSTILE: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        1.5,
        1e300,
        2**53 - 1,
        2**53,
        "",
        "main",
        "__proto__",
        "constructor",
    ),
    *("toString", "<img src=x onerror=alert(1)>", "x" * 81, "x" * 501, "x" * 5001, [], [[]], {}),
    *([{}], {"a": {}}, {"a": {"rev": 1, "state": "doing"}}, {"rev": 1, "name": "", "items": {}}),
]


def test_a_hostile_store_is_read_as_a_valid_one_or_as_damaged(run: Call) -> None:
    counts, wrong = run(
        MUTATE
        + """
        const counts = { ok: 0, damaged: 0, newer: 0 };
        const wrong = [];
        for (const text of texts) {
          const { condition, store } = m.parse(text);
          counts[condition]++;
          const isEmpty = canonical(store) === canonical(m.empty());
          if (condition === "ok" ? !isValid(store) : !isEmpty) wrong.push(text);
        }
        return [counts, wrong.slice(0, 5)];""",
        json.dumps(FULL),
        HOSTILE,
    )
    assert wrong == []
    assert counts["ok"] > 100
    assert counts["damaged"] > 2000
    assert counts["newer"] > 0


def test_whatever_is_done_with_a_hostile_store_can_be_read_again(run: Call) -> None:
    wrong = run(
        MUTATE
        + """
        const wrong = [];
        const aliases = { "a-b": "c-d", "old": "constructor" };
        const full = JSON.parse(raw);
        for (const text of texts) {
          const { condition, store } = m.parse(text);
          if (condition !== "ok") continue;
          const [id] = m.projectIds(store);
          const actions = {
            change: () => m.changeItems(store, id, { "a-b": { state: "done" } }, "bulk"),
            replace: () => m.replace(store, id, "reset"),
            rename: () => m.renameProject(store, id, "other"),
            remove: () => m.removeProject(store, id),
            add: () => m.addProject(store, "p9", "new", store.projects[id].items),
            choose: () => m.choose(store, id),
            adopt: () => m.adopt(store, aliases),
            merge: () => m.merge(store, full),
            undo: () => store.history.reduce((each, { id }) => m.undo(each, id, aliases), store),
          };
          for (const [name, action] of Object.entries(actions)) {
            let after = "it throws";
            try {
              after = m.parse(JSON.stringify(action())).condition;
            } catch {}
            if (after !== "ok") wrong.push([name, after, text]);
          }
        }
        return wrong.slice(0, 5);""",
        json.dumps(FULL),
        HOSTILE,
    )
    assert wrong == []


# ---- changing


def test_a_change_touches_only_what_it_names(call: Call) -> None:
    after = call("changeItems", FULL, "p1", {"a-b": {"note": "new"}, "c": {"state": "na"}})
    assert items_of(after, "p1") == {"a-b": EVERYTHING | {"note": "new"}, "c": {"state": "na"}}
    assert after["projects"]["p1"]["items"]["c"]["rev"] == after["rev"] == 10
    assert after["projects"]["main"] == FULL["projects"]["main"]
    assert after["history"] == FULL["history"]


def test_no_function_changes_what_it_is_given(run: Call) -> None:
    assert run(
        """const freeze = (value) => {
          for (const each of Object.values(value)) if (typeof each === "object") freeze(each);
          return Object.freeze(value);
        };
        const store = freeze(args[0]);
        m.changeItems(store, "p1", { "a-b": { note: "" } }, "note");
        m.replace(store, "p1", "import", { c: { state: "na" } });
        m.renameProject(store, "p1", "other");
        m.removeProject(store, "p1");
        m.addProject(store, "p9", "new", store.projects.p1.items);
        m.projectIds(store);
        m.merge(store, store);
        m.adopt(store, { "a-b": "c" });
        for (const { id } of store.history) m.undo(store, id);
        return true;""",
        FULL,
    )


def test_the_last_project_to_be_deleted_leaves_an_empty_one(call: Call) -> None:
    after = call("removeProject", EMPTY, "main")
    (left,) = call("projectIds", after)
    assert left != "main"
    assert after["current"] == left
    assert after["projects"][left] == {"name": "", "rev": after["rev"], "items": {}}


def test_projects_stand_in_the_order_of_their_names(run: Call) -> None:
    names = run(
        """let store = m.empty();
        for (const name of ["shop", "Abo", "étage", "billing"])
          store = m.addProject(store, `p-${name}`, name);
        return m.projectIds(store).map((id) => store.projects[id].name);"""
    )
    assert names == ["", "Abo", "billing", "étage", "shop"]


# ---- undoing


def lossy(call: Call, store: Store = FULL) -> dict[str, Store]:
    """The store after each kind of change that loses something."""
    return {
        "bulk": call("changeItems", store, "main", {"a-b": {"state": "na"}, "c": DONE}, "bulk"),
        "note": call("changeItems", store, "p1", {"a-b": {"reason": "", "note": ""}}, "note"),
        "reset": call("replace", store, "p1", "reset"),
        "import": call("replace", store, "main", "import", {"a-b": EVERYTHING, "d": DONE}),
        "rename": call("renameProject", store, "p1", "billing"),
        "delete": call("removeProject", store, "p1"),
    }


def shape(store: Store) -> dict[str, Any]:
    """What a reader sees of a store: the projects that are there, their names and items."""
    return {
        id: (project["name"], items_of(store, id))
        for id, project in store["projects"].items()
        if not project.get("gone")
    }


def test_every_change_that_loses_something_can_be_undone(call: Call) -> None:
    for kind, changed in lossy(call).items():
        last, *earlier = call("undoable", changed)
        assert last["kind"] == kind
        assert earlier == call("undoable", FULL)
        assert shape(changed) != shape(FULL), kind
        undone = call("undo", changed, last["id"])
        assert shape(undone) == shape(FULL), kind
        assert call("undoable", undone) == earlier, kind
        assert undone["rev"] > changed["rev"], "or another tab would win with what was undone"
        assert call("undo", undone, last["id"]) == undone


def test_changes_can_be_undone_in_any_order(call: Call) -> None:
    store = call("addProject", EMPTY, "p1", "shop", {"a": DONE, "b": EVERYTHING, "c": DONE})
    before = shape(store)
    store = call("changeItems", store, "p1", {"a": {"state": "todo"}}, "bulk")
    store = call("changeItems", store, "p1", {"b": {"note": "", "reason": ""}}, "note")
    store = call("renameProject", store, "p1", "billing")
    ids = [change["id"] for change in store["history"]]
    assert len(set(ids)) == 3
    for order in itertools.permutations(ids):
        undone = store
        for id in order:
            undone = call("undo", undone, id)
        assert shape(undone) == before, order
        assert call("undoable", undone) == []


def test_changes_of_the_same_things_are_undone_one_after_the_other(call: Call) -> None:
    store = call("addProject", EMPTY, "p1", "shop", {"a": EVERYTHING, "b": DONE})
    steps: list[tuple[Any, ...]] = [
        ("changeItems", "p1", {"a": {"note": ""}}, "note"),
        ("changeItems", "p1", {"a": {"state": "done"}, "c": DONE}, "bulk"),
        ("renameProject", "p1", "billing"),
        ("replace", "p1", "reset"),
        ("renameProject", "p1", "third"),
        ("removeProject", "p1"),
    ]
    shapes = []
    for name, *args in steps:
        shapes.append(shape(store))
        store = call(name, store, *args)
    for before in reversed(shapes):
        store = call("undo", store, call("undoable", store)[0]["id"])
        assert shape(store) == before
    assert call("undoable", store) == []


def test_what_was_changed_again_since_is_not_undone(call: Call) -> None:
    store = call("addProject", EMPTY, "p1", "shop", {"a": DONE, "b": DONE})
    cleared = call("replace", store, "p1", "reset")
    later = call("changeItems", cleared, "p1", {"a": {"state": "na", "reason": "later"}})
    undone = call("undo", later, cleared["history"][0]["id"])
    items = items_of(undone, "p1")
    assert items["a"] == {"state": "na", "reason": "later"}
    assert items["b"] == DONE
    renamed = call("renameProject", call("renameProject", store, "p1", "second"), "p1", "third")
    assert call("undo", renamed, renamed["history"][1]["id"])["projects"]["p1"]["name"] == "third"


def test_what_was_changed_again_after_an_undo_is_not_undone(call: Call) -> None:
    store = call("addProject", EMPTY, "p1", "shop", {"a": EVERYTHING})
    store = call("changeItems", store, "p1", {"a": {"note": ""}}, "note")
    store = call("renameProject", store, "p1", "billing")
    older = [change["id"] for change in call("undoable", store)]
    store = call("renameProject", call("replace", store, "p1", "reset"), "p1", "third")
    for change in call("undoable", store)[:2]:
        store = call("undo", store, change["id"])
    store = call("changeItems", store, "p1", {"a": {"state": "done"}})
    store = call("renameProject", store, "p1", "fourth")
    before = shape(store)
    for id in older:
        store = call("undo", store, id)
    assert shape(store) == before


def test_an_undo_of_what_is_not_in_the_history_does_nothing(call: Call) -> None:
    assert call("undo", FULL, "never-done") == FULL
    without = FULL | {"history": [FULL["history"][0] | {"project": "never-there"}]}
    assert shape(call("undo", without, "9")) == shape(FULL)


def test_the_last_ten_changes_are_kept(run: Call) -> None:
    history = run(
        """let store = m.empty();
        for (let n = 1; n <= 12; n++)
          store = m.changeItems(store, "main", { [`i${n}`]: { note: "" } }, "note");
        return store.history.map(({ before }) => Object.keys(before)[0]);"""
    )
    assert history == [f"i{n}" for n in range(12, 2, -1)]


def test_the_history_of_many_long_notes_does_not_fill_the_storage(run: Call) -> None:
    lengths = run(
        """const note = "x".repeat(5000);
        let store = m.empty();
        const lengths = [];
        for (let n = 1; n <= 10; n++) {
          const items = {};
          for (let at = 0; at < 15; at++) items[`i${n}-${at}`] = { note };
          store = m.replace(m.changeItems(store, "main", items), "main", "reset");
          lengths.push([store.history.length, JSON.stringify(store.history).length]);
        }
        return lengths;"""
    )
    assert [count for count, _ in lengths[:3]] == [1, 2, 3]
    assert all(size < 310_000 for _, size in lengths)
    assert lengths[-1][0] < 10


def test_a_change_too_large_for_the_history_can_still_be_undone(run: Call) -> None:
    back = run(
        """const note = "x".repeat(5000);
        const items = {};
        for (let at = 0; at < 100; at++) items[`i${at}`] = { note };
        const full = m.changeItems(m.empty(), "main", items);
        const cleared = m.replace(full, "main", "reset");
        const { items: back } = m.undo(cleared, cleared.history[0].id).projects.main;
        return Object.values(back).filter((each) => each.note === note).length;"""
    )
    assert back == 100


# ---- former ids


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"old": DONE}, DONE),
        ({"old": EVERYTHING}, EVERYTHING),
        ({"old": DONE, "new": EVERYTHING}, EVERYTHING),
        ({"new": EVERYTHING, "old": DONE}, EVERYTHING),
        ({"other": DONE}, None),
    ],
)
def test_what_stands_under_the_present_id_wins(
    call: Call, items: dict[str, Any], expected: Any
) -> None:
    store = call("addProject", EMPTY, "p1", "shop", items)
    adopted = call("adopt", store, {"old": "new"})
    assert items_of(adopted, "p1").get("new") == expected
    assert call("adopt", adopted, {"old": "new"}) == adopted


def test_a_change_under_a_former_id_is_undone_under_the_present_one(call: Call) -> None:
    store = call("addProject", EMPTY, "p1", "shop", {"old": EVERYTHING})
    store = call("changeItems", store, "p1", {"old": {"note": ""}}, "note")
    adopted = call("adopt", store, {"old": "new"})
    undone = call("undo", adopted, store["history"][0]["id"], {"old": "new"})
    assert items_of(undone, "p1")["new"] == EVERYTHING


# ---- merging

RANDOM = r"""
const [seed] = args;
const random = randomFrom(seed);
const pick = pickFrom(random);
const ids = ["a", "b-c", "constructor", "d"];
const facts = () => ({
  state: pick(["todo", "done", "na", "risk"]), note: pick([undefined, "", "x", "y"]),
  day: pick([undefined, "2026-11-20", "2001-01-01"]),
});
const number = () => Math.floor(random() * 4);
const anyItems = () => Object.fromEntries(ids.filter(() => random() < 0.5)
  .map((id) => [id, clone({ ...facts(), rev: number() })]));

// Any store at all; there are few revisions, so that many are the same.
const anyProject = () => ({
  name: pick(["", "x", "y"]), rev: number(), gone: pick([undefined, true]), items: anyItems(),
});
const anyChange = () => ({
  id: pick(["1", "2", "3", "4"]), rev: number(), kind: pick(kinds), project: pick(["main", "p1"]),
  name: pick(["", "x"]), before: anyItems(), undone: pick([undefined, true]),
});
const anyStore = () => clone({
  version: 2,
  rev: number(),
  current: pick(["main", "p1", "nowhere"]),
  projects: Object.fromEntries(["main", "p1", "__proto__"]
    .filter((id) => id === "main" || random() < 0.6).map((id) => [id, anyProject()])),
  history: Array.from({ length: pick([0, 1, 3]) }, anyChange),
});

// What a reader may do next in a tab.
const step = (store) => {
  const project = pick(m.projectIds(store));
  const { items } = store.projects[project];
  const some = { [pick(ids)]: facts(), [pick(ids)]: facts() };
  return clone(pick([
    () => m.changeItems(store, project, { [pick(ids)]: facts() }),
    () => m.changeItems(store, project, some, pick(["bulk", "note"])),
    () => m.replace(store, project, "reset"),
    () => m.renameProject(store, project, pick(["x", "y", ""])),
    () => m.addProject(store, `p${Math.floor(random() * 1e6)}`, pick(["x", "y"]), items),
    () => m.removeProject(store, project),
    () => m.choose(store, project),
    () => m.undo(store, pick([...store.history, {}]).id),
  ])());
};
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_a_merge_does_not_matter(run: Call, seed: int) -> None:
    wrong = run(
        RANDOM
        + """
        const wrong = {};
        const expect = (name, one, other, ...stores) => {
          if (canonical(one) !== canonical(other)) wrong[name] ??= stores;
        };
        for (let n = 0; n < 2000; n++) {
          const [a, b] = [anyStore(), anyStore()];
          const both = m.merge(a, b);
          if (!isValid(clone(both))) wrong.invalid ??= [a, b];
          expect("commutative", both, m.merge(b, a), a, b);
          expect("idempotent", m.merge(both, both), both, a, b);
          expect("nothing new", m.merge(both, a), both, a, b);
        }
        return wrong;""",
        seed,
    )
    assert wrong == {}


def test_a_store_merged_with_itself_is_what_it_was(call: Call) -> None:
    assert call("merge", FULL, FULL) == FULL
    assert call("merge", FULL, EMPTY) == FULL
    assert call("merge", EMPTY, FULL) == FULL


@pytest.mark.parametrize("seed", [3, 4])
def test_tabs_that_merge_in_any_order_agree_in_the_end(run: Call, seed: int) -> None:
    wrong = run(
        RANDOM
        + """
        for (let n = 0; n < 150; n++) {
          let tabs = Array.from({ length: 3 }, () => m.empty());
          for (let at = 0; at < 12; at++) {
            const tab = Math.floor(random() * 3);
            tabs[tab] = random() < 0.6 ? step(tabs[tab]) : clone(m.merge(tabs[tab], pick(tabs)));
          }
          const before = tabs;
          for (let round = 0; round < 3; round++)
            tabs = tabs.map((tab) => tabs.reduce(m.merge, tab));
          const [one, ...others] = tabs.map((tab) => canonical(clone(tab)));
          if (others.some((other) => other !== one)) return before;
        }
        return null;""",
        seed,
    )
    assert wrong is None


def test_the_last_change_of_every_item_survives_a_merge(run: Call) -> None:
    wrong = run(
        RANDOM
        + """
        for (let n = 0; n < 500; n++) {
          const stores = [anyStore(), anyStore(), anyStore()];
          const { projects } = stores.reduce(m.merge);
          for (const [id, project] of Object.entries(projects)) {
            const known = stores.map((each) => m.get(each.projects, id)?.items ?? {});
            for (const [item, { rev }] of Object.entries(project.items)) {
              const revs = known.flatMap((items) => m.get(items, item)?.rev ?? []);
              if (rev !== Math.max(...revs)) return stores;
            }
          }
          const known = new Set(stores.flatMap((each) => Object.keys(each.projects)));
          if (known.size !== Object.keys(projects).length) return stores;
        }
        return null;""",
        6,
    )
    assert wrong is None


def test_two_changes_of_the_same_moment_can_both_be_undone(call: Call) -> None:
    notes = {"a": {"note": "first"}, "b": {"note": "second"}}
    start = call("addProject", EMPTY, "p1", "shop", notes)
    one = call("changeItems", start, "p1", {"a": {"note": ""}}, "note")
    other = call("changeItems", start, "p1", {"b": {"note": ""}}, "note")
    both = call("merge", one, other)
    changes = call("undoable", both)
    assert len(changes) == 2
    for change in changes:
        both = call("undo", both, change["id"])
    assert items_of(both, "p1") == notes


def test_what_was_undone_does_not_come_back_from_another_tab(call: Call) -> None:
    for kind, changed in lossy(call).items():
        undone = call("undo", changed, changed["history"][0]["id"])
        for merged in (call("merge", undone, changed), call("merge", changed, undone)):
            assert call("undoable", merged) == call("undoable", FULL), kind
            assert shape(merged) == shape(FULL), kind
