// @ts-check
/**
 * Narrows the list down. What is chosen stands in the page's query, so that it can be
 * kept as a bookmark and sent to others.
 */
import { all, find } from "./dom.mjs";
import { get, isChanged, tally } from "./store.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {import("./view.mjs").Row} Row */

/** Small letters without accents, so that "reintento" finds "Reintentó". @param {string} text */
const folded = (text) => (/[^\0-\x7f]/.test(text) ? text.normalize("NFD").replace(/\p{Mn}/gu, "").normalize("NFC") : text).toLowerCase();

export class Filter {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {HTMLFormElement} */
    this.form = find("#_filters", view.root);
    // Not `form.elements`: a scope of that name would be in its place.
    /** @type {any[]} */
    this.fields = [...all(view.root, "[name=q], #_filters [name]")];
    this.groups = [...all(view.root, "[data-group]")];
    /** @type {string[]} */
    this.words = [];
    /** What can be found in a row, made when it is first asked for. @type {Map<string, string>} */
    this.texts = new Map();
    /** Names of fields to the values chosen; of a field without any, all will do. @type {Map<string, string[]>} */
    this.chosen = new Map();
    this.hidden = 0;
    /** What the filter was last applied to. @type {unknown[]} */
    this.applied = [];
  }

  start() {
    this.read();
    // Not on the form, because the field for text stands outside of it.
    this.view.root.addEventListener("input", ({ target }) => target instanceof Element && "form" in target && target.form === this.form && this.change());
    // Thousands of texts take their time, so they are read in pieces before the first letter.
    find("[name=q]", this.view.root).addEventListener("focus", () => this.prepare(this.view.rows.values()), { once: true });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("popstate", () => this.read());
    // Someone follows a link to an item that is filtered out.
    addEventListener("hashchange", () => this.reveal());
    this.reveal();
    this.view.session.watch(() => this.follow());
  }

  /** An item that was ticked stays; when much has changed, what is shown is chosen anew. */
  follow() {
    const { shared, project, store } = this.view.session;
    const [last] = store.history;
    const now = [shared ?? project, last?.id, last?.undone];
    if (now.every((each, at) => each === this.applied[at])) return this.tell(true);
    this.applied = now;
    this.apply();
  }

  /** @param {Iterable<Row>} rows goes on where it was left */
  prepare(rows) {
    const end = performance.now() + 8;
    for (const row of rows) {
      this.textOf(row);
      if (performance.now() > end) {
        setTimeout(() => this.prepare(rows));
        return;
      }
    }
  }

  /** From the address to the form. */
  read() {
    const query = new URLSearchParams(location.search);
    for (const field of this.fields) {
      const value = query.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value.split(",").includes(field.value);
      else field.value = value;
      if (field.selectedIndex === -1) field.value = ""; // it has no such option
    }
    this.apply();
  }

  /** From the form to the address. */
  change() {
    this.apply();
    const query = new URLSearchParams(location.search);
    for (const { name } of this.fields) query.delete(name);
    for (const [name, values] of this.chosen) query.set(name, values.join(","));
    const search = query.size ? `?${query}`.replaceAll("%2C", ",") : "";
    const hash = this.isHidden ? "" : location.hash; // or a reload would show it again
    history.replaceState(null, "", location.pathname + search + hash);
  }

  clear() {
    for (const field of this.fields) {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    this.change();
  }

  /** Hides what was not chosen. */
  apply() {
    this.chosen = new Map();
    for (const [name, value] of new FormData(this.form)) {
      if (value) this.chosen.set(name, [...(this.chosen.get(name) ?? []), String(value)]);
    }
    this.words = folded(this.chosen.get("q")?.[0] ?? "").split(/\s+/).filter(Boolean);
    this.hidden = 0;
    const { items } = this.view.session; // not for each row, because it asks the browser
    const filled = new Set();
    for (const row of this.view.rows.values()) {
      const hidden = !this.matches(row, get(items, row.id));
      if (row.element.hidden !== hidden) row.element.hidden = hidden;
      if (hidden) this.hidden++;
      else filled.add(row.section);
    }
    for (const group of this.groups) group.hidden = !filled.has(group.dataset.group);
    this.tell();
  }

  /**
   * Whether an item has one of the values chosen in each field.
   * @param {Row} row
   * @param {import("./store.mjs").Facts} [facts]
   */
  matches(row, facts) {
    for (const [name, chosen] of this.chosen) {
      const values = name === "q" ? undefined : valuesOf(name, row, facts);
      if (values && !chosen.some((value) => values.includes(value))) return false;
    }
    return this.contains(row, facts);
  }

  /**
   * @param {Row} row
   * @param {import("./store.mjs").Facts} [facts]
   */
  contains(row, { note = "", reason = "" } = {}) {
    if (this.words.length === 0) return true;
    const text = this.textOf(row);
    const own = note || reason ? [text, folded(note), folded(reason)].join(" ") : text;
    return this.words.every((word) => own.includes(word));
  }

  /** @param {Row} row */
  textOf({ id, element }) {
    let text = this.texts.get(id);
    if (text === undefined) {
      text = folded([id, ...[...all(element, "label, .cl-why")].map((each) => each.textContent)].join(" "));
      this.texts.set(id, text);
    }
    return text;
  }

  /** Ids of the items that are not hidden. */
  get shown() {
    return [...this.view.rows.values()].filter(({ element }) => !element.hidden).map(({ id }) => id);
  }

  /**
   * Says how many are hidden, and how far those are that are not.
   * @param {boolean} [ticked] whether nothing else has changed
   */
  tell(ticked) {
    const { view, hidden } = this;
    const line = find(".cl-shown", view.root);
    const shown = () => view.text.shown.replace("{progress}", () => view.progress(tally(view.session.items, this.shown)));
    const said = this.chosen.size ? `${shown()} · ${view.count(view.text.hidden, hidden)}` : "";
    const status = find("[role=status]", line);
    if (status.textContent === said) return;
    status.ariaLive = ticked ? "off" : "polite"; // a tick is told by the view
    status.textContent = said;
    find("button", line).toggleAttribute("hidden", !said);
    const count = [...this.chosen.keys()].filter((name) => name !== "q").length;
    find("[data-count]", view.root).textContent = count ? `(${count})` : "";
  }

  /** What the address leads to. */
  get target() {
    return document.getElementById(location.hash.slice(1));
  }

  /** Whether that is filtered out. */
  get isHidden() {
    return Boolean(this.target?.closest(".cl-group[hidden], .cl-row[hidden]"));
  }

  /** Shows all if the item of the address is hidden. */
  reveal() {
    if (!this.isHidden) return;
    this.clear();
    this.target?.scrollIntoView();
  }
}

/**
 * What an item has for a field; nothing if it has all there is.
 * @param {string} name of the field
 * @param {Row} row
 * @param {import("./store.mjs").Facts} [facts]
 * @returns {unknown[] | undefined}
 */
function valuesOf(name, { element, section }, facts) {
  const { dataset } = element;
  if (name === "state") return [facts?.state ?? "todo", isChanged(facts, dataset.seen ?? "") && "changed"];
  if (name === "section") return [section];
  if (name === "priority") return [dataset.priority];
  if (name === "top") return ["top" in dataset && "1"];
  return element.getAttribute(`data-in-${name}`)?.split(" "); // an item that names no value of a scope is for everyone
}
