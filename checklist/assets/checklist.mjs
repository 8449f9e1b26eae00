// @ts-check
/**
 * Makes the boxes of a page work: ticks are kept in the browser, bars follow
 * them, and so do other open tabs. Everything the script knows comes from the
 * page; without it the page reads and prints as it is.
 */
import { countDone, keyOf, parse, rename, serialize, tick } from "./store.mjs";

/**
 * What the page says about its checklist.
 * @typedef {object} PageData
 * @property {Record<string, string[]>} sections section id to item ids, in order
 * @property {Record<string, string>} aliases former item id to present id
 * @property {{progress: Record<string, string>, blocked: string, damaged: string, newer: string}} text
 */

/** Storage that answers also where there is none, or where asking for it throws. */
class Keeper {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
    /** What would be stored if the browser let us. @type {string | null} */
    this.memory = null;
    this.blocked = false;
  }

  /** @returns {string | null} */
  read() {
    if (this.blocked) return this.memory;
    try {
      return localStorage.getItem(this.key);
    } catch {
      this.blocked = true; // cookies are off, or the page is in a sandbox
      return this.memory;
    }
  }

  /** @param {string} value */
  write(value) {
    this.memory = value;
    this.put(this.key, value);
  }

  /**
   * Keeps what could not be read, so that the next tick does not destroy it.
   * @param {string} value
   */
  putAside(value) {
    let key = `${this.key}:damaged`;
    for (let n = 2; ![null, value].includes(this.get(key)) && n < 10; n++) {
      key = `${this.key}:damaged-${n}`; // an earlier copy is not overwritten
    }
    this.put(key, value);
  }

  /** @param {string} key */
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  put(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      this.blocked = true; // as above, or the quota is used up
    }
  }
}

/** The boxes, bars and notice of one checklist on the page. */
class ChecklistView {
  /**
   * @param {HTMLElement} root
   * @param {PageData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.keeper = new Keeper(keyOf(root.dataset.checklist ?? ""));
    this.plurals = new Intl.PluralRules(document.documentElement.lang || "en");
    /** @type {import("./store.mjs").Ticks} */
    this.ticks = {};
    /** @type {import("./store.mjs").Condition} */
    this.condition = "ok";
  }

  start() {
    this.refresh();
    this.root.addEventListener("change", (event) => {
      const box = event.target;
      if (box instanceof HTMLInputElement && box.dataset.item) this.set(box.dataset.item, box.checked);
    });
    addEventListener("storage", (event) => {
      if (event.key === this.keeper.key || event.key === null) this.refresh();
    });
    // A page that comes back from the back/forward cache has missed the other tabs.
    addEventListener("pageshow", (event) => event.persisted && this.refresh());
    const button = this.root.querySelector("[data-print]");
    if (button instanceof HTMLElement) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
    this.followAlias();
  }

  /** Reads the ticks anew and shows them. */
  refresh() {
    const raw = this.keeper.read();
    const { condition, ticks } = parse(raw);
    if (condition === "damaged" && raw !== null) this.keeper.putAside(raw);
    this.condition = condition;
    this.ticks = rename(ticks, this.data.aliases);
    this.show();
  }

  /**
   * Sets or takes away a tick. Reads first, so that a tick made meanwhile in
   * another tab is not lost.
   *
   * @param {string} id
   * @param {boolean} done
   */
  set(id, done) {
    this.refresh();
    if (this.condition === "newer") return; // not ours to overwrite
    this.condition = "ok";
    this.ticks = tick(this.ticks, id, done, new Date());
    this.keeper.write(serialize(this.ticks));
    this.show();
  }

  show() {
    for (const box of this.root.querySelectorAll("input[data-item]")) {
      if (!(box instanceof HTMLInputElement)) continue;
      box.checked = Object.hasOwn(this.ticks, box.dataset.item ?? "");
      box.closest("[data-entry]")?.classList.toggle("cl-done", box.checked);
    }
    for (const bar of this.root.querySelectorAll("[data-progress]")) {
      if (bar instanceof HTMLElement) this.showProgress(bar);
    }
    this.showNotice();
  }

  /** @param {HTMLElement} bar */
  showProgress(bar) {
    const { sections, text } = this.data;
    const scope = bar.dataset.progress ?? "";
    const ids = scope === "total" ? Object.values(sections).flat() : (sections[scope] ?? []);
    const done = countDone(this.ticks, ids);
    const form = text.progress[this.plurals.select(ids.length)] ?? text.progress.other;
    const state = form.replace("{done}", String(done)).replace("{n}", String(ids.length));
    bar.setAttribute("aria-valuenow", String(done));
    bar.setAttribute("aria-valuetext", state);
    bar.style.setProperty("--cl-done", ids.length ? String(done / ids.length) : "0");
    const label = bar.querySelector(".cl-count");
    if (label) label.textContent = state;
  }

  /** Says why ticks are not kept, or that they could not be read. */
  showNotice() {
    const { text } = this.data;
    const reason = this.keeper.blocked ? "blocked" : this.condition;
    const message = reason === "ok" ? "" : text[reason];
    const notice = this.root.querySelector(".cl-notice");
    if (!(notice instanceof HTMLElement)) return;
    notice.textContent = message;
    notice.hidden = !message;
  }

  /** Leads a link to a former id to the item of today. */
  followAlias() {
    const id = location.hash.slice(1); // ids are ASCII, so there is nothing to decode
    if (Object.hasOwn(this.data.aliases, id)) location.replace(`#${this.data.aliases[id]}`);
  }
}

const root = document.querySelector("[data-checklist]");
const data = document.querySelector("script.cl-data");
if (root instanceof HTMLElement && data) {
  new ChecklistView(root, JSON.parse(data.textContent ?? "")).start();
}
