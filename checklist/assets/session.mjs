// @ts-check
/**
 * What the reader works on: the project shown, kept in the browser and in step with
 * other tabs. Knows storage, but nothing of the page.
 */
import { adopt, changeItems, choose, empty, get, keyOf, mapValues, merge, parse, projectIds, undo, undoable } from "./store.mjs";

/** @typedef {import("./store.mjs").Store} Store */
/** @typedef {import("./store.mjs").Facts} Facts */
/** @typedef {import("./store.mjs").Loss} Loss */

/** Storage that answers also where there is none, or where asking for it throws. */
class Keeper {
  /**
   * @param {string} key
   * @param {"localStorage" | "sessionStorage"} area
   */
  constructor(key, area = "localStorage") {
    this.key = key;
    this.area = area;
    /** What would be stored if the browser let us. @type {string | null} */
    this.memory = null;
    this.blocked = false;
  }

  /** @returns {string | null} */
  read() {
    try {
      const stored = window[this.area].getItem(this.key);
      return stored ?? (this.blocked ? this.memory : null);
    } catch {
      this.blocked = true; // cookies are off, or the page is in a sandbox
      return this.memory;
    }
  }

  /** @param {string} value */
  write(value) {
    this.memory = value;
    this.blocked = !this.put(this.key, value); // as above, or the quota is used up
  }

  /**
   * Keeps what could not be read, so that the next tick does not destroy it.
   * @param {string} value
   */
  putAside(value) {
    let key = `${this.key}:damaged`;
    for (let n = 2; ![null, value].includes(window[this.area].getItem(key)) && n < 10; n++) {
      key = `${this.key}:damaged-${n}`; // an earlier copy is not overwritten
    }
    if (!this.put(key, value)) this.blocked = true;
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  put(key, value) {
    try {
      window[this.area].setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }
}

export class Session {
  /**
   * @param {string} checklist id
   * @param {Readonly<Record<string, string>>} aliases former item id to present id
   */
  constructor(checklist, aliases) {
    this.aliases = aliases;
    this.keeper = new Keeper(keyOf(checklist));
    /** The project of this tab, so that two tabs can show two projects. */
    this.tab = new Keeper(keyOf(checklist), "sessionStorage");
    this.store = empty();
    /** @type {import("./store.mjs").Condition} */
    this.condition = "ok";
    /** What was read last, so that it need not be read twice. @type {string | null | undefined} */
    this.raw = undefined;
    /** Items of a list that someone shared; nothing can be changed meanwhile. @type {import("./store.mjs").Entries | null} */
    this.shared = null;
    /** Whether the browser was asked to keep what is stored. */
    this.asked = false;
    /** Whether the browser may delete what is stored. */
    this.forgetful = true;
    /** @type {(() => void)[]} */
    this.watchers = [];
    this.refresh();
    /** Id of the project that this tab shows, whatever another one chooses. */
    this.own = this.tab.read() ?? this.store.current;
    navigator.storage?.persisted?.().then((kept) => (this.forgetful = !kept)).catch(() => {});
    addEventListener("storage", ({ key, newValue }) => {
      if (key === this.keeper.key || key === null) this.follow(newValue);
    });
    // A page that comes back from the back/forward cache has missed the other tabs.
    addEventListener("pageshow", ({ persisted }) => persisted && this.follow(this.keeper.read()));
  }

  /** Id of the project shown. */
  get project() {
    const ids = projectIds(this.store);
    return [this.own, this.store.current].find((id) => ids.includes(id)) ?? ids[0];
  }

  /** Name of the project shown; empty for the first one. */
  get name() {
    return this.store.projects[this.project].name;
  }

  /** Entries of what is shown. */
  get items() {
    return this.shared ?? this.store.projects[this.project].items;
  }

  get writable() {
    return !this.shared && this.condition !== "newer";
  }

  /** @param {() => void} watcher called after every change of what is shown */
  watch(watcher) {
    this.watchers.push(watcher);
    watcher();
  }

  notify() {
    for (const watcher of this.watchers) watcher();
  }

  /**
   * Takes in what is stored. What this tab knows and another has overwritten is kept.
   * @param {string | null} [raw]
   */
  refresh(raw = this.keeper.read()) {
    if (raw === this.raw) return;
    const first = this.raw === undefined || raw === null; // nothing to keep: just opened, or storage was emptied
    this.raw = raw;
    const { condition, store } = parse(raw);
    if (condition === "damaged" && raw !== null) this.keeper.putAside(raw);
    this.condition = condition;
    const read = adopt(store, this.aliases);
    this.store = first || condition === "newer" ? read : merge(this.store, read);
  }

  /**
   * As above, after another tab has written. What it has overwritten is put back.
   * @param {string | null} raw what it wrote, over which this tab may have written since
   */
  follow(raw) {
    const written = this.keeper.memory;
    this.refresh(raw);
    this.refresh();
    const text = JSON.stringify(this.store);
    // Once only, or two tabs that disagree would go on for ever.
    if (this.raw !== null && this.condition === "ok" && text !== this.raw && text !== written) this.write(text);
    this.notify();
  }

  /** @param {string} text */
  write(text) {
    this.keeper.write(text);
    if (this.keeper.blocked && this.store.history.length) {
      // Better to forget what could be undone, all but what was just done, than what was ticked.
      const { rev, history } = this.store;
      this.store = { ...this.store, history: history.filter((change) => change.rev === rev) };
      this.keeper.write(JSON.stringify(this.store));
    }
    this.raw = this.keeper.memory;
  }

  /**
   * Changes the store. Reads first, so that what another tab has written is not lost.
   *
   * @param {(store: Store, project: string) => Store} changed
   */
  update(changed) {
    const seen = this.project; // even if another tab has just deleted it
    this.refresh();
    const project = get(this.store.projects, seen) ? seen : this.project; // storage was emptied
    if (this.writable) {
      this.condition = "ok";
      const { current } = this.store;
      this.store = changed(this.store, project);
      if (this.store.current !== current) this.own = this.store.current;
      this.tab.write(this.own);
      this.write(JSON.stringify(this.store));
      this.keep();
    }
    this.notify();
  }

  /**
   * Changes items of the project shown.
   *
   * @param {Readonly<Record<string, Facts>>} changes
   * @param {Loss} [loss]
   */
  change(changes, loss) {
    this.update((store, project) => changeItems(store, project, changes, loss));
  }

  /** Asks the browser once not to delete what is stored; from a click or key, as some want. */
  async keep() {
    if (this.asked) return;
    this.asked = true;
    this.forgetful = !(await navigator.storage?.persist?.().catch(() => false));
    this.notify();
  }

  /** @param {string} project id */
  choose(project) {
    this.own = project;
    this.update((store) => choose(store, project));
  }

  /** @param {string} [id] of the change to undo; the last one if left out */
  undo(id = undoable(this.store)[0]?.id) {
    this.update((store) => undo(store, id, this.aliases));
  }

  /** @param {Readonly<Record<string, import("./store.mjs").State>> | null} states of a shared list, or null for one's own project */
  show(states) {
    this.shared = states && mapValues(states, (state) => ({ state, rev: 0 }));
    this.notify();
  }
}
