// @ts-check
/**
 * Projects and the state of their items: pure functions, no page and no storage.
 *
 * One key holds everything of one checklist, whatever the page or language:
 *
 *     checklist:winter-bike = {"version": 2, "rev": 7, "current": "main", "projects": {
 *       "main": {"name": "", "rev": 0, "items": {
 *         "check-brakes": {"rev": 7, "state": "done", "day": "2026-11-20", "seen": "2026-10-01.9f86d081"}}}},
 *       "history": []}
 *
 * Every change has a revision, one more than any seen before. What two tabs stored at
 * the same moment is merged by it, entry by entry, so no clock needs to be right. An
 * entry that was emptied stays, so that its revision can win over an older tick.
 * Ids that the page does not know are kept: they may belong to another version.
 */

/** @typedef {"todo" | "done" | "na" | "risk"} State to do, done, not applicable, accepted risk */
/** @typedef {"ok" | "damaged" | "newer"} Condition of what is stored */
/** @typedef {typeof LOSSES[number]} Loss what kind of change lost something */

/**
 * What is known of one item.
 * @typedef {object} Facts
 * @property {State} [state]
 * @property {string} [day] ISO day on which the state was set
 * @property {string} [seen] what the item said then: `updated` and a hash, with a dot between
 * @property {string} [reason] why it is not applicable, or a risk that is accepted
 * @property {string} [note]
 */
/** @typedef {Readonly<Facts & Revision>} Entry */
/** @typedef {Readonly<Record<string, Entry>>} Entries item id to entry */

/**
 * @typedef {object} Revision
 * @property {number} rev the later one wins
 * @property {number} [origin] what undoing gives back, it gives back as a new revision; this
 *   is the one it had before
 */

/**
 * @typedef {object} Parts
 * @property {string} name empty for the one that is there from the start
 * @property {boolean} [gone] it was deleted
 * @property {Entries} items
 */
/** @typedef {Parts & Revision} Project the revision is that of its name, and of being there */

/**
 * A change that lost something, with what it takes to undo it.
 * @typedef {object} Change
 * @property {string} id tells it from one that another tab made at the same revision
 * @property {number} rev
 * @property {Loss} kind
 * @property {string} project id
 * @property {string} name what the project was called before
 * @property {number} [was] the revision it had before, if it was renamed or deleted
 * @property {Entries} before the entries that were changed; revision 0 where there was none
 * @property {boolean} [undone] kept, or another tab would bring the change back
 */

/**
 * @typedef {object} Store
 * @property {2} version
 * @property {number} rev
 * @property {string} current id of the project that a new page shows
 * @property {Readonly<Record<string, Project>>} projects by id
 * @property {readonly Change[]} history newest first
 */

export const VERSION = 2;
/** @type {readonly State[]} */
export const STATES = ["todo", "done", "na", "risk"];
/** Characters that a text may have, at most. */
export const LIMITS = { name: 80, reason: 500, note: 5000 };

const LOSSES = /** @type {const} */ (["bulk", "reset", "import", "note", "rename", "delete"]);
const FIRST = "main";
/** How many changes can be undone, and how many characters they may take. */
const HISTORY = { length: 10, marks: 40, size: 300_000 };
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * The storage key of a checklist.
 * @param {string} checklist
 */
export const keyOf = (checklist) => `checklist:${checklist}`;

/** @returns {Store} */
export const empty = () => ({
  version: VERSION,
  rev: 0,
  current: FIRST,
  projects: { [FIRST]: { name: "", rev: 0, items: {} } },
  history: [],
});

/**
 * Reads what is stored; never throws.
 *
 * @param {string | null} raw
 * @returns {{condition: Condition, store: Store}} an empty store unless the condition is "ok"
 */
export function parse(raw) {
  if (raw === null) return { condition: "ok", store: empty() };
  /** @type {any} */
  let data;
  try {
    data = JSON.parse(raw);
  } catch {
    return { condition: "damaged", store: empty() };
  }
  if (isRecord(data) && typeof data.version === "number" && data.version > VERSION) {
    return { condition: "newer", store: empty() };
  }
  const store = fromFirst(data) ?? data;
  return isStore(store) ? { condition: "ok", store } : { condition: "damaged", store: empty() };
}

/**
 * What version 1 stored: item id to the day of the tick.
 * @param {any} data
 * @returns {Store | undefined}
 */
function fromFirst(data) {
  if (!isRecord(data) || data.version !== 1 || !isRecord(data.ticks)) return undefined;
  const items = mapValues(data.ticks, (day) => ({ rev: 1, state: "done", day }));
  return { ...empty(), rev: 1, projects: { [FIRST]: { name: "", rev: 0, items: /** @type {any} */ (items) } } };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @param {number} [limit]
 */
const isText = (value, limit = Infinity) => typeof value === "string" && value.length <= limit;
/** @param {unknown} value */
const isRev = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 52; // leaves room to count on

/**
 * Whether what was read from outside is the facts of an item, with nothing else in it.
 * @param {unknown} value
 * @returns {value is Facts}
 */
export function isFacts(value) {
  if (!isRecord(value)) return false;
  const { state, day, seen, reason, note, ...rest } = value;
  return (
    (state === undefined || STATES.includes(/** @type {State} */ (state))) &&
    (day === undefined || (isText(day) && DAY.test(String(day)))) &&
    (seen === undefined || isText(seen, 50)) &&
    (reason === undefined || isText(reason, LIMITS.reason)) &&
    (note === undefined || isText(note, LIMITS.note)) &&
    Object.keys(rest).length === 0
  );
}

/** @param {string} id */
export const isId = (id) => ID.test(id) && id.length <= 200;

/** @param {unknown} value */
function isEntries(value) {
  return (
    isRecord(value) &&
    Object.entries(value).every(([id, entry]) => {
      if (!isId(id) || !isRecord(entry)) return false;
      const { rev, origin = 0, ...facts } = entry;
      return isRev(rev) && isRev(origin) && isFacts(facts);
    })
  );
}

/** @param {unknown} value */
const isFlag = (value) => value === undefined || typeof value === "boolean";

/** @param {any} value */
const isProject = (value) =>
  isRecord(value) && isText(value.name, LIMITS.name) && isRev(value.rev) && isRev(value.origin ?? 0) && isFlag(value.gone) && isEntries(value.items);

/** @param {any} value */
const isChange = (value) =>
  isRecord(value) && LOSSES.some((loss) => loss === value.kind) && isText(value.id) && isText(value.project) && isText(value.name, LIMITS.name) && isRev(value.rev) && isRev(value.was ?? 0) && isFlag(value.undone) && isEntries(value.before);

/**
 * @param {any} data
 * @returns {data is Store}
 */
function isStore(data) {
  if (!isRecord(data) || data.version !== VERSION || !isRev(data.rev) || !isText(data.current)) return false;
  const { projects, history } = data;
  return isRecord(projects) && Object.keys(projects).length > 0 && Object.values(projects).every(isProject) && Array.isArray(history) && history.every(isChange);
}

/**
 * Like a map over the values; safe with any key, `__proto__` too.
 * @template V, W
 * @param {Readonly<Record<string, V>>} record
 * @param {(value: V, key: string) => W} change
 * @returns {Record<string, W>}
 */
export function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/**
 * The value of a key that the record itself has.
 * @template V
 * @param {Readonly<Record<string, V>>} record
 * @param {string} key
 * @returns {V | undefined}
 */
export const get = (record, key) => (Object.hasOwn(record, key) ? record[key] : undefined);

/**
 * One store of two, with the later revision of each part; the order does not matter.
 *
 * @param {Store} one
 * @param {Store} other
 * @returns {Store}
 */
export function merge(one, other) {
  const history = Object.values(union(byId(one.history), byId(other.history), (a, b) => (a.undone === b.undone ? later(a, b) : a.undone ? a : b)));
  return {
    ...later(one, other),
    projects: union(one.projects, other.projects, (a, b) => ({ ...later(a, b), items: union(a.items, b.items, later) })),
    history: trimmed(history),
  };
}

/**
 * @template {{rev: number}} T
 * @param {T} a
 * @param {T} b
 */
function later(a, b) {
  if (a.rev !== b.rev) return a.rev > b.rev ? a : b;
  return JSON.stringify(a) > JSON.stringify(b) ? a : b; // any rule will do that both tabs follow
}

/**
 * @template V
 * @param {Readonly<Record<string, V>>} one
 * @param {Readonly<Record<string, V>>} other
 * @param {(a: V, b: V) => V} choose
 */
function union(one, other, choose) {
  return { ...other, ...mapValues(one, (value, key) => (Object.hasOwn(other, key) ? choose(value, other[key]) : value)) };
}

/** @param {readonly Change[]} history */
const byId = (history) => Object.fromEntries(history.map((change) => [change.id, change]));

/** @param {readonly Change[]} history */
function trimmed(history) {
  const sorted = [...history].sort((a, b) => b.rev - a.rev || (a.id < b.id ? 1 : -1));
  const live = sorted.filter(({ undone }) => !undone).slice(0, HISTORY.length);
  // Marks of what was undone take no place from what can be, but none must outlive its use.
  const oldest = live.length < HISTORY.length ? 0 : live[live.length - 1].rev;
  const kept = sorted.filter((change) => (change.undone ? change.rev >= oldest : live.includes(change))).slice(0, HISTORY.marks);
  while (kept.length > 1 && JSON.stringify(kept).length > HISTORY.size) kept.pop();
  return kept;
}

/**
 * What is said of items, under their present ids. What stands under a present id wins.
 *
 * @template V
 * @param {Readonly<Record<string, V>>} items
 * @param {Readonly<Record<string, string>>} aliases former id to present id
 * @returns {Record<string, V>}
 */
export function renamed(items, aliases) {
  const present = Object.entries(items).filter(([id]) => !Object.hasOwn(aliases, id));
  const former = Object.entries(aliases).filter(([id]) => Object.hasOwn(items, id));
  return Object.fromEntries([...former.map(([id, now]) => /** @type {const} */ ([now, items[id]])), ...present]);
}

/**
 * The store with an entry under the present id of each item that has a former one. What is
 * stored under former ids stays: another tab may not know the new name.
 *
 * @param {Store} store
 * @param {Readonly<Record<string, string>>} aliases former id to present id
 * @returns {Store}
 */
export function adopt(store, aliases) {
  if (Object.keys(aliases).length === 0) return store;
  return { ...store, projects: mapValues(store.projects, (project) => ({ ...project, items: { ...project.items, ...renamed(project.items, aliases) } })) };
}

/**
 * Changes items of a project.
 *
 * @param {Store} store
 * @param {string} project id
 * @param {Readonly<Record<string, Facts & {origin?: number}>>} changes item id to the facts that change
 * @param {Loss} [loss] set if something is lost; the change can then be undone
 * @returns {Store}
 */
export function changeItems(store, project, changes, loss) {
  const { name, items } = store.projects[project];
  const rev = store.rev + 1;
  const before = mapValues(changes, (_, id) => get(items, id) ?? { rev: 0 });
  const after = mapValues(changes, (facts, id) => ({ ...get(items, id), origin: undefined, ...facts, rev }));
  const changed = withProject(store, project, { items: { ...items, ...after } });
  return loss ? remember(changed, { rev, kind: loss, project, name, before }) : changed;
}

/**
 * Every fact of an item, so that a change to it leaves nothing of what was there.
 * @param {Facts} [facts]
 * @returns {Facts}
 */
export const only = ({ state = "todo", day, seen, reason, note } = {}) => ({ state, day, seen, reason, note });

/**
 * @param {Store} store
 * @param {string} id
 * @param {Partial<Project>} parts
 * @returns {Store}
 */
function withProject(store, id, parts) {
  const project = { name: "", rev: 0, items: {}, ...get(store.projects, id), ...parts };
  return { ...store, rev: store.rev + 1, projects: { ...store.projects, [id]: project } };
}

/**
 * @param {Store} store
 * @param {Omit<Change, "id">} change
 * @returns {Store}
 */
function remember(store, change) {
  const id = [change.rev, change.kind, change.project, Object.keys(change.before)[0]].join(" ");
  return { ...store, history: trimmed([{ id, ...change }, ...store.history]) };
}

/**
 * The changes that can be undone, newest first.
 * @param {Store} store
 */
export const undoable = ({ history }) => history.filter(({ undone }) => !undone);

/**
 * Forgets everything about the items of a project, or makes it exactly what is given.
 *
 * @param {Store} store
 * @param {string} project id
 * @param {Loss} loss
 * @param {Readonly<Record<string, Facts>>} [items]
 * @returns {Store}
 */
export function replace(store, project, loss, items = {}) {
  const old = mapValues(store.projects[project].items, () => only());
  return changeItems(store, project, { ...old, ...mapValues(items, only) }, loss);
}

/**
 * Adds a project and makes it the current one.
 *
 * @param {Store} store
 * @param {string} id
 * @param {string} name
 * @param {Readonly<Record<string, Facts>>} [items]
 * @returns {Store}
 */
export function addProject(store, id, name, items = {}) {
  const rev = store.rev + 1;
  const entries = mapValues(items, (facts) => ({ ...only(facts), rev }));
  return { ...withProject(store, id, { name: name.slice(0, LIMITS.name), rev, items: entries }), current: id };
}

/**
 * @param {Store} store
 * @param {string} id
 * @returns {Store}
 */
export const choose = (store, id) => ({ ...store, rev: store.rev + 1, current: id });

/**
 * @param {Store} store
 * @param {string} id
 * @param {string} name
 * @returns {Store}
 */
export function renameProject(store, id, name) {
  return withMark(store, id, "rename", { name: name.slice(0, LIMITS.name) });
}

/**
 * Deletes a project; another one becomes the current one.
 *
 * @param {Store} store
 * @param {string} id
 * @returns {Store}
 */
export function removeProject(store, id) {
  const removed = withMark(store, id, "delete", { gone: true });
  const [next] = present(removed);
  return next ? { ...removed, current: next } : addProject(removed, `${FIRST}-${removed.rev}`, "");
}

/**
 * @param {Store} store
 * @param {string} project id
 * @param {Loss} kind
 * @param {Partial<Parts>} parts
 * @returns {Store}
 */
function withMark(store, project, kind, parts) {
  const { name, ...old } = store.projects[project];
  const rev = store.rev + 1;
  const changed = withProject(store, project, { ...parts, rev, origin: undefined });
  return remember(changed, { rev, kind, project, name, was: originOf(old), before: {} });
}

/** @param {Revision} part */
const originOf = ({ rev, origin = rev }) => origin;

/**
 * Undoes one change of the history. What was changed again since is left as it is.
 *
 * @param {Store} store
 * @param {string} [id] of the change
 * @param {Readonly<Record<string, string>>} [aliases] former id to present id
 * @returns {Store}
 */
export function undo(store, id, aliases = {}) {
  const change = undoable(store).find((each) => each.id === id);
  if (!change) return store;
  const { rev, kind, project, name, was, before } = change;
  const history = store.history.map((each) => (each === change ? { ...each, before: {}, undone: true } : each));
  const target = get(store.projects, project);
  if (!target) return { ...store, history };
  const untouched = Object.entries(renamed(before, aliases)).filter(([id]) => originOf(get(target.items, id) ?? { rev: -1 }) === rev);
  const entries = mapValues(Object.fromEntries(untouched), (entry) => ({ ...only(entry), origin: originOf(entry) }));
  const isMarked = was !== undefined && originOf(target) === rev;
  if (!isMarked && untouched.length === 0) return store; // it waits until what came later is undone
  const undoing = changeItems({ ...store, history }, project, entries);
  if (!isMarked) return undoing;
  const parts = kind === "delete" ? { gone: false } : { name };
  const there = withProject(undoing, project, { ...parts, rev: undoing.rev + 1, origin: was });
  return kind === "delete" ? { ...there, current: project } : there;
}

/**
 * Ids of the projects that are there, by name; never none.
 * @param {Store} store
 */
export function projectIds(store) {
  const ids = present(store);
  if (ids.length === 0) return Object.keys(store.projects).slice(0, 1); // two tabs deleted one each
  return ids.sort((a, b) => store.projects[a].name.localeCompare(store.projects[b].name));
}

/** @param {Store} store */
const present = ({ projects }) => Object.keys(projects).filter((id) => !projects[id].gone);

/**
 * The state of an item.
 * @param {Entries} items
 * @param {string} id
 * @returns {State}
 */
export const stateOf = (items, id) => get(items, id)?.state ?? "todo";

/** @typedef {Record<State, number>} Tally how many items are in each state */

/**
 * @param {Entries} items
 * @param {Iterable<string>} ids
 * @returns {Tally}
 */
export function tally(items, ids) {
  const counts = { todo: 0, done: 0, na: 0, risk: 0 };
  for (const id of ids) counts[stateOf(items, id)]++;
  return counts;
}

/**
 * How many items a progress is measured against: what is not applicable does not count.
 * @param {Tally} tally
 */
export const countable = ({ todo, done, risk }) => todo + done + risk;

/**
 * Whether an item says something else in substance than when its state was set. If the
 * checklist gives the day of the last change of substance, that decides; a hash that differs
 * alone may be a slip mended, unless the state was set on that very day or before.
 *
 * @param {Facts | undefined} facts
 * @param {string} now `updated` and hash of the item, as in `seen`
 */
export function isChanged(facts, now) {
  const { state = "todo", day = "", seen = "" } = facts ?? {};
  if (state === "todo" || !(day || seen)) return false;
  const [updated, hash] = now.split(".");
  const [before, old] = seen.split(".");
  if (!old) return Boolean(updated) && day < updated; // ticked in the days of version 1
  if (updated && updated !== before) return true;
  return hash !== old && (!updated || day <= updated);
}
