// @ts-check
/**
 * The items of a page: status, reason and note of each, the bars and charts that follow
 * them, and the keys.
 */
import { all, copyOf, fill, find, seek } from "./dom.mjs";
import { Session } from "./session.mjs";
import { countable, get, isChanged, only, stateOf, tally, undoable } from "./store.mjs";

/** @typedef {import("./store.mjs").Facts} Facts */
/** @typedef {import("./store.mjs").State} State */
/** @typedef {Record<string, string>} Forms plural category to wording */

/**
 * An item on the page.
 * @typedef {object} Row
 * @property {string} id
 * @property {HTMLElement} element
 * @property {HTMLInputElement} box
 * @property {string} section id
 */

/** The items, bars and notices of one checklist on the page. */
export class View {
  /**
   * @param {HTMLElement} root
   * @param {{aliases: Record<string, string>, text: any}} data
   */
  constructor(root, { aliases, text }) {
    this.root = root;
    this.text = text;
    this.plurals = new Intl.PluralRules(document.documentElement.lang || "en");
    this.session = new Session(root.dataset.checklist ?? "", aliases);
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** Ids of what each bar or chart counts. @type {Record<string, string[]>} */
    this.groups = {};
    for (const element of all(root, "[data-entry]")) {
      const { entry: id = "", section = "" } = element.dataset;
      this.rows.set(id, { id, element, section, box: find("input[data-item]", element) });
      for (const group of groupsOf(element)) (this.groups[group] ??= []).push(id);
    }
    // Looked for once: there may be thousands of rows to look through.
    this.gauges = [...all(root, "[data-gauge]")];
    this.names = [...all(root, "[data-project]")];
    /** What each row shows, so that only what changed is touched. @type {Map<string, Facts>} */
    this.drawn = new Map();
    this.shared = false;
    /** @type {HTMLFormElement | null} */
    this.panel = null;
    /** Writes what is being typed. */
    this.save = () => {};
    /** @type {Record<string, (row: Row) => void>} */
    this.keys = {
      j: (row) => this.move(row, 1),
      k: (row) => this.move(row, -1),
      x: (row) => row.box.click(),
      e: (row) => this.toggle(row),
      u: () => this.undo(),
    };
    /** The last change that lost something, as far as was told. */
    this.last = undoable(this.session.store)[0];
  }

  start() {
    for (const gauge of this.gauges) this.drawGauge(gauge);
    this.session.watch(() => this.draw());
    const { root } = this;
    root.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.dataset.item) this.set(target.dataset.item, target.checked ? "done" : "todo");
    });
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    // A phone may end the page any time after it was left.
    for (const type of ["pagehide", "visibilitychange"]) addEventListener(type, () => this.save());
    this.followAlias();
  }

  /**
   * A number of things in words.
   * @param {Forms} forms
   * @param {number} n
   * @param {Record<string, string | number>} [values]
   */
  count(forms, n, values) {
    return fill(forms[this.plurals.select(n)] ?? forms.other, { n, ...values });
  }

  /**
   * Progress in words; says what it counts.
   * @param {import("./store.mjs").Tally} counts
   */
  progress(counts) {
    const { text } = this;
    const of = countable(counts);
    const parts = [of ? this.count(text.progress, of, { done: counts.done }) : text.nothing];
    if (counts.risk) parts.push(this.count(text.risk, counts.risk));
    if (counts.na) parts.push(this.count(text.na, counts.na));
    return parts.join(" · ");
  }

  /** The project's name as the page shows it. */
  get name() {
    return this.session.shared ? this.text.sharedName : this.session.name || this.text.unnamed;
  }

  /**
   * @param {string} id
   * @param {State} state
   */
  set(id, state) {
    this.hush();
    const { box, section } = /** @type {Row} */ (this.rows.get(id));
    this.session.change({ [id]: this.dated(id, { state }) });
    box.checked = stateOf(this.session.items, id) === "done"; // also if nothing could be changed
    this.say(section);
  }

  /**
   * Facts with the day, and with what the item says today.
   * @param {string} id
   * @param {Facts} facts
   * @returns {Facts}
   */
  dated(id, facts) {
    return { ...facts, day: new Date().toISOString().slice(0, 10), seen: this.rows.get(id)?.element.dataset.seen };
  }

  /**
   * Says aloud how far a section is, or the page.
   * @param {string} [section] id
   */
  say(section) {
    const bar = find(section ? `.cl-progress[data-gauge="${section}"]` : ".cl-progress", this.root);
    const values = { section: bar.ariaLabel, progress: bar.ariaValueText };
    find(".cl-live", this.root).textContent = fill(this.text.inSection, values);
  }

  draw() {
    const { session, root } = this;
    const { items } = session;
    const shared = Boolean(session.shared);
    /** @type {Set<string | undefined>} */
    const touched = new Set();
    for (const row of this.rows.values()) {
      const facts = get(items, row.id);
      if (facts !== this.drawn.get(row.id)) {
        this.drawRow(row, facts);
        for (const group of groupsOf(row.element)) touched.add(group);
      }
      if (shared !== this.shared) row.box.disabled = shared;
    }
    this.shared = shared;
    root.classList.toggle("cl-shared", shared);
    for (const gauge of this.gauges) if (touched.has(gauge.dataset.gauge)) this.drawGauge(gauge);
    for (const each of this.names) if (each.textContent !== this.name) each.textContent = this.name;
    this.drawNotice();
    this.drawToast();
  }

  /**
   * @param {Row} row
   * @param {Facts | undefined} facts
   */
  drawRow(row, facts) {
    const { id, element, box } = row;
    if (facts) this.drawn.set(id, facts);
    else this.drawn.delete(id);
    const state = facts?.state ?? "todo";
    box.checked = state === "done";
    element.dataset.state = state;
    element.querySelector(":scope > .cl-mine")?.remove();
    const lines = this.lines(row, facts);
    if (lines.length === 0) return;
    const mine = document.createElement("div");
    mine.className = "cl-mine";
    mine.append(...lines);
    // Below the panel, or its buttons would move away from under the pointer.
    (seek(":scope > .cl-panel", element) ?? find(":scope > .cl-head", element)).after(mine);
  }

  /**
   * What the reader has said of an item, and what happened to it since.
   * @param {Row} row
   * @param {Facts | undefined} facts
   */
  lines({ id, element, box }, facts) {
    const { text } = this;
    const lines = [];
    const { state = "todo", reason, note } = facts ?? {};
    if (state === "na" || state === "risk") {
      lines.push(paragraph(`cl-${state}`, reason ? fill(text.reasoned, { state: text.states[state], reason }) : text.states[state]));
    }
    if (note) lines.push(paragraph("cl-note", note));
    if (isChanged(facts, element.dataset.seen ?? "")) {
      const changed = copyOf(".cl-changed-template");
      const link = find("a", changed);
      link.setAttribute("href", seek(".cl-details", element)?.getAttribute("href") ?? `#${id}`);
      find("button", changed).addEventListener("click", () => {
        this.session.change({ [id]: this.dated(id, {}) });
        box.focus(); // the button is gone
      });
      lines.push(changed);
    }
    return lines;
  }

  /**
   * A bar or chart.
   * @param {HTMLElement} gauge
   */
  drawGauge(gauge) {
    const counts = tally(this.session.items, this.groups[gauge.dataset.gauge ?? ""] ?? []);
    const state = this.progress(counts);
    const isBar = gauge.role === "progressbar";
    if (state === (isBar ? gauge.ariaValueText : gauge.ariaLabel)) return;
    const { done, risk } = counts;
    const of = countable(counts);
    gauge.style.setProperty("--cl-done", String(done / (of || 1)));
    gauge.style.setProperty("--cl-risk", String(risk / (of || 1)));
    if (isBar) Object.assign(gauge, { ariaValueText: state, ariaValueMax: of, ariaValueNow: done });
    else gauge.ariaLabel = state;
    // It is in the ring, and beside the other charts.
    const number = seek(".cl-count, .cl-number", gauge) ?? gauge.nextElementSibling;
    number.textContent = isBar ? state : of ? `${done}/${of}` : "–";
  }

  /** Says why ticks are not kept, or that they could not be read. */
  drawNotice() {
    const { condition, keeper } = this.session;
    const reason = keeper.blocked ? "blocked" : condition;
    const message = reason === "ok" ? "" : this.text[reason];
    const notice = find(".cl-notice", this.root);
    if (notice.textContent === message) return;
    notice.textContent = message;
    notice.hidden = !message;
  }

  /** Offers to undo what has just lost something. */
  drawToast() {
    const [change] = undoable(this.session.store);
    if (change?.id === this.last?.id) return;
    const toast = find(".cl-toast", this.root);
    const isNew = change && change.rev > (this.last?.rev ?? 0);
    this.last = change;
    toast.hidden = !isNew;
    find("[role=status]", toast).textContent = isNew ? this.loss(change) : "";
  }

  /**
   * What a change lost, in words.
   * @param {import("./store.mjs").Change} change
   */
  loss({ kind, name }) {
    return fill(this.text.losses[kind] ?? kind, { project: name || this.text.unnamed });
  }

  /** Takes the offer away; the history still has it. */
  hush() {
    const toast = find(".cl-toast", this.root);
    const focused = toast.contains(document.activeElement);
    toast.hidden = true;
    if (focused) find("[data-open], input[data-item]", this.root).focus();
  }

  /** Undoes the last change that lost something. */
  undo() {
    this.close(); // what it shows may be what is undone
    this.session.undo();
    this.hush();
    this.say();
  }

  /** @param {Event} event */
  click({ target }) {
    if (!(target instanceof Element)) return;
    const row = this.rowOf(target);
    if (row && target.closest(".cl-more")) this.toggle(row);
    const action = target.closest("[data-do]")?.getAttribute("data-do");
    if (action === "undo") this.undo();
    if (action === "hush") this.hush();
    if (target.closest("[data-print]")) print();
  }

  /** @param {Element} element */
  rowOf(element) {
    return this.rows.get(element.closest("[data-entry]")?.getAttribute("data-entry") ?? "");
  }

  /**
   * Keys that work while the focus is on an item, and nowhere else.
   * @param {KeyboardEvent} event
   */
  key(event) {
    const { target, key, code } = event;
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const row = this.rowOf(target);
    if (key === "Escape" && row && this.panel && row.element.contains(this.panel)) return this.close();
    if (!row || target.matches("input:not([type=checkbox]), textarea")) return;
    // With Korean letters switched on, the key says "ㅓ" where its place says "KeyJ".
    const action = get(this.keys, key) ?? get(this.keys, /[^ -~]|../.test(key) ? code.slice(3).toLowerCase() : "");
    if (!action) return;
    event.preventDefault();
    action(row);
  }

  /**
   * Leads the focus to the next item that is shown.
   * @param {Row} from
   * @param {1 | -1} step
   */
  move(from, step) {
    const shown = [...this.rows.values()].filter(({ element }) => element === from.element || element.checkVisibility());
    shown[shown.indexOf(from) + step]?.box.focus();
  }

  /**
   * Opens the panel of an item, or closes it.
   * @param {Row} row
   */
  toggle(row) {
    const open = this.panel && row.element.contains(this.panel);
    this.close();
    if (open || !this.session.writable) return;
    const panel = /** @type {HTMLFormElement} */ (copyOf(".cl-panel-template"));
    this.panel = panel;
    /** @type {any} its fields, by name */
    const { state, reason, note } = panel.elements;
    const facts = only(get(this.session.items, row.id));
    state.value = facts.state;
    for (const field of [reason, note]) {
      field.defaultValue = get(facts, field.name) ?? "";
      field.defaultValue = field.value; // without the line breaks that a field does not keep
    }
    const arrange = () => (reason.parentElement.hidden = !["na", "risk"].includes(state.value));
    arrange();
    this.save = () => {
      for (const field of [reason, note]) this.saveText(row.id, field);
    };
    panel.addEventListener("change", ({ target }) => {
      arrange();
      if (target === reason || target === note) this.save();
      else this.set(row.id, state.value);
    });
    panel.addEventListener("submit", (event) => {
      event.preventDefault();
      this.close();
    });
    find(":scope > .cl-head", row.element).after(panel);
    find(".cl-more", row.element).setAttribute("aria-expanded", "true");
    find("input:checked", panel).focus();
  }

  /**
   * Keeps what was typed. What was not touched may have been changed in another tab.
   * @param {string} id
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   */
  saveText(id, field) {
    const { value, defaultValue } = field;
    if (value === defaultValue) return;
    field.defaultValue = value;
    const stored = String(get(get(this.session.items, id) ?? {}, field.name) ?? "");
    this.session.change({ [id]: { [field.name]: value.trim() } }, value.startsWith(stored) ? undefined : "note");
  }

  close() {
    const { panel } = this;
    if (!panel) return;
    this.save();
    this.save = () => {};
    this.panel = null;
    const button = find(".cl-more", panel.parentElement ?? undefined);
    const focused = panel.contains(document.activeElement);
    button.setAttribute("aria-expanded", "false");
    panel.remove();
    if (focused) button.focus();
  }

  /** Leads a link to a former id to the item of today. */
  followAlias() {
    const present = get(this.session.aliases, location.hash.slice(1)); // ids are ASCII, so there is nothing to decode
    if (present) location.replace(`#${present}`);
  }
}

/**
 * What bars and charts count an item.
 * @param {HTMLElement} element
 */
const groupsOf = ({ dataset: { section, priority } }) => ["total", String(section), `priority ${priority}`];

/**
 * A paragraph of plain text.
 * @param {string} name
 * @param {string} text
 */
function paragraph(name, text) {
  const element = document.createElement("p");
  Object.assign(element, { className: name, dir: "auto", textContent: text });
  return element;
}
