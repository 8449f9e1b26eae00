// @ts-check
/**
 * What stands above the list: the filter, projects, and the ways in and out of the
 * browser. The dialogs are in the page; here is what their buttons do.
 */
import { all, fill, find } from "./dom.mjs";
import { Filter } from "./filter.mjs";
import { addProject, get, mapValues, only, projectIds, removeProject, renameProject, renamed, replace, stateOf, tally, undoable } from "./store.mjs";
import { compare, decodeShare, encodeShare, fromJson, merged, toCsv, toJson, toMarkdown } from "./transfer.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {import("./store.mjs").Facts} Facts */

const SHARE = "#share=";
/** Not `crypto.randomUUID`, which only secure pages have. */
const newId = () => `p${Math.random().toString(36).slice(2, 10)}`;
const today = () => new Date().toISOString().slice(0, 10);

export class Tools {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.session = view.session;
    this.root = view.root;
    this.filter = new Filter(view);
    this.dialogs = [...this.root.querySelectorAll("dialog")];
    /** What the chosen file holds. @type {{name: string, items: Record<string, Facts>} | null} */
    this.file = null;
    /** Why the chosen file cannot be read. */
    this.fault = "";
    /** @type {Record<string, () => void>} */
    this.actions = {
      filters: () => this.toggleFilters(),
      "show-all": () => this.showAll(),
      new: () => this.add(this.typed() || this.view.text.unnamed),
      rename: () => this.withName((name) => this.session.update((store, id) => renameProject(store, id, name))),
      duplicate: () => this.add(this.typed() || fill(this.view.text.copyOf, { name: this.view.name }), this.session.items),
      delete: () => this.closing(() => this.session.update(removeProject)),
      "tick-shown": () => this.closing(() => this.tickShown()),
      reset: () => this.closing(() => this.session.update((store, id) => replace(store, id, "reset"))),
      json: () => this.save("json", "application/json", this.json()),
      markdown: () => this.save("md", "text/markdown", toMarkdown(this.sheet())),
      csv: () => this.save("csv", "text/csv", toCsv(this.sheet())),
      "copy-markdown": () => this.copy(toMarkdown(this.sheet())),
      "copy-link": () => this.copy(this.link()),
      import: () => this.takeIn(),
      "copy-shared": () => this.copyShared(),
      "leave-shared": () => this.leaveShared(),
    };
  }

  start() {
    const { root } = this;
    root.addEventListener("click", ({ target }) => {
      if (!(target instanceof Element)) return;
      const action = target.closest("[data-do]")?.getAttribute("data-do") ?? "";
      get(this.actions, action)?.();
      const id = target.closest("[data-open]")?.getAttribute("data-open");
      if (id) this.open(id);
    });
    this.view.keys["?"] = () => this.open("_keys");
    find("#_projects [data-do=name]", root).addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.actions.new();
    });
    const file = find("#_transfer [type=file]", root);
    file.addEventListener("change", () => this.choose(file.files[0]));
    find("[data-import-options]", root).addEventListener("change", () => this.drawImport());
    addEventListener("hashchange", () => this.readLink());
    this.readLink();
    this.filter.start();
    this.session.watch(() => this.drawDialogs());
  }

  /** @param {string} id */
  open(id) {
    this.view.close(); // it belongs to the project shown now
    find(`#${id}`, this.root).showModal();
    this.drawDialogs();
  }

  /** @param {() => void} action that leads back to the list */
  closing(action) {
    for (const dialog of this.root.querySelectorAll("dialog")) dialog.close();
    action();
  }

  toggleFilters() {
    const hidden = find("#_filters", this.root).toggleAttribute("hidden");
    find("[data-do=filters]", this.root).ariaExpanded = String(!hidden);
  }

  showAll() {
    this.filter.clear();
    this.focusList();
  }

  /** Leads the focus to what stands before the list, because the button pressed is hidden now. */
  focusList() {
    find("[name=q]", this.root).focus();
  }

  get nameField() {
    return find("#_projects [name=name]", this.root);
  }

  /** The name that was typed; the field is empty then. */
  typed() {
    const name = this.nameField.value.trim();
    this.nameField.value = "";
    return name;
  }

  /** @param {(name: string) => void} action */
  withName(action) {
    const name = this.typed();
    if (name) action(name);
    else this.nameField.focus();
  }

  /**
   * @param {string} name
   * @param {Readonly<Record<string, Facts>>} [items]
   */
  add(name, items) {
    this.session.update((store) => addProject(store, newId(), name, items));
  }

  tickShown() {
    const { items } = this.session;
    const open = this.filter.shown.filter((id) => stateOf(items, id) === "todo");
    const facts = open.map((id) => [id, this.view.dated(id, { state: "done" })]);
    if (open.length) this.session.change(Object.fromEntries(facts), "bulk");
  }

  drawDialogs() {
    if (!this.dialogs.some(({ open }) => open)) return;
    this.drawProjects();
    this.drawHistory();
    find("[data-forgetful]", this.root).toggleAttribute("hidden", !this.session.forgetful);
    find("[data-link]", this.root).value = this.link();
    this.drawImport();
  }

  drawProjects() {
    const { session, view } = this;
    const { projects } = session.store;
    const choices = projectIds(session.store).map((id) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "project", checked: id === session.project });
      radio.addEventListener("change", () => session.choose(id));
      label.append(radio, ` ${projects[id].name || view.text.unnamed}`);
      return label;
    });
    const field = find("[data-projects]", this.root);
    const focused = field.contains(document.activeElement);
    field.replaceChildren(find("legend", field), ...choices);
    if (focused) find("input:checked", field).focus();
  }

  drawHistory() {
    const { session, view } = this;
    const list = find("[data-history]", this.root);
    const focused = list.contains(document.activeElement);
    const entries = undoable(session.store).map((change) => {
      const entry = document.createElement("li");
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "cl-button", textContent: find("[data-do=undo]", this.root).textContent });
      button.addEventListener("click", () => session.undo(change.id));
      entry.append(`${view.loss(change)} `, button);
      return entry;
    });
    list.replaceChildren(...(entries.length ? entries : [list.dataset.none ?? ""]));
    if (focused) (list.querySelector("button") ?? this.nameField).focus();
  }

  /** Entries of what is shown, without those under former ids. */
  get items() {
    return renamed(this.session.items, this.session.aliases);
  }

  /** What an export calls the project. */
  get name() {
    return this.session.shared ? this.view.name : this.session.name;
  }

  json() {
    return toJson(this.root.dataset.checklist ?? "", this.name, this.items, today());
  }

  /**
   * Everything that an export says, read off the page.
   * @returns {import("./transfer.mjs").Sheet}
   */
  sheet() {
    const { view, session } = this;
    const { items } = session;
    const { text, rows, groups } = view;
    /** @param {string} id */
    const item = (id) => {
      const { element } = /** @type {import("./view.mjs").Row} */ (rows.get(id));
      const title = runs(find("label", element));
      const priority = find(".cl-priority", element).textContent;
      return { id, title, url: find(".cl-details", element).href, priority, facts: get(items, id) ?? {} };
    };
    const sections = [...all(this.root, "[data-group]")].map((group) => {
      const { textContent: title, href: url } = find("h2 a", group);
      return { title, url, items: groups[group.dataset.group ?? ""].map(item) };
    });
    const known = new Set(this.ids);
    const left = Object.entries(items).filter(([id]) => !known.has(id));
    return {
      title: find("h1", this.root).textContent,
      project: this.name,
      summary: view.progress(tally(items, rows.keys())),
      url: location.origin + location.pathname,
      states: text.states,
      gone: text.gone,
      columns: text.columns,
      sections,
      left: Object.fromEntries(left),
    };
  }

  /**
   * Lets the browser save a file.
   * @param {string} ending
   * @param {string} type
   * @param {string} content
   */
  save(ending, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
    const project = this.name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40);
    link.download = `${[this.root.dataset.checklist, project, today()].filter(Boolean).join("-")}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // when the browser has surely begun to read it
  }

  /** @param {string} text */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!this.copyByHand(text)) return; // the page is not secure, or the reader has forbidden it
    }
    const copied = find("[data-copied]", this.root);
    copied.textContent = "";
    requestAnimationFrame(() => (copied.textContent = this.view.text.copied)); // said again at a second copy too
  }

  /** @param {string} text */
  copyByHand(text) {
    const pressed = /** @type {HTMLElement | null} */ (document.activeElement);
    const area = document.createElement("textarea");
    area.value = text;
    find("dialog[open]", this.root).append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    pressed?.focus();
    return copied;
  }

  /** @param {File | undefined} file */
  async choose(file) {
    this.file = null;
    this.fault = "";
    if (file) {
      // What is far too large is not even read.
      const text = file.size > 4_000_000 ? " ".repeat(1_000_001) : await file.text().catch(() => "");
      const read = fromJson(text, this.root.dataset.checklist ?? "");
      if ("fault" in read) this.fault = this.view.text.faults[read.fault];
      else this.file = { name: read.name, items: renamed(read.items, this.session.aliases) };
    }
    this.drawImport();
  }

  /** How a file comes in: "merge", "replace", or "new" for a project of its own. */
  get mode() {
    return find("[name=mode]:checked", this.root).value;
  }

  /**
   * What an import makes of a project.
   * @param {Readonly<Record<string, Facts>>} items of the project
   */
  imported(items) {
    const file = this.file?.items ?? {};
    return this.mode === "merge" ? merged(items, file) : file;
  }

  /** Shows what an import would change, or why there can be none. */
  drawImport() {
    const { file, fault } = this;
    const { text, rows } = this.view;
    const target = find("[data-import]", this.root);
    const options = find("[data-import-options]", this.root);
    options.toggleAttribute("hidden", !file);
    if (!file) return target.replaceChildren(fault);
    const before = this.mode === "new" ? {} : this.items;
    const changes = compare(before, this.imported(before));
    const arrow = document.documentElement.dir === "rtl" ? "←" : "→";
    const list = document.createElement("ul");
    for (const { id, from, to, note, reason } of changes) {
      const title = rows.get(id)?.element.querySelector("label")?.textContent ?? id;
      const state = from === to ? "" : [text.states[from], arrow, text.states[to]].join(" ");
      const entry = document.createElement("li");
      const changed = [state, text.note[note], text.reason[reason]].filter(Boolean).join(" · ");
      entry.textContent = fill(text.inSection, { section: title, progress: changed });
      list.append(entry);
    }
    target.replaceChildren(changes.length ? this.view.count(text.changes, changes.length) : text.same, list);
    find("[data-do=import]", options).toggleAttribute("disabled", !changes.length && this.mode !== "new");
  }

  takeIn() {
    const { file } = this;
    if (!file) return;
    this.closing(() => {
      if (this.mode === "new") this.add(file.name || this.view.text.imported, file.items);
      else this.session.update((store, id) => replace(store, id, "import", this.imported(renamed(store.projects[id].items, this.session.aliases))));
    });
    this.file = null;
    find("#_transfer [type=file]", this.root).value = "";
    this.drawImport();
  }

  /** Present and former ids of all items. */
  get ids() {
    return [...this.view.rows.keys(), ...Object.keys(this.session.aliases)];
  }

  link() {
    const { items } = this;
    const states = mapValues(items, (_, id) => stateOf(items, id));
    const code = encodeShare(this.root.dataset.checklist ?? "", states, this.ids);
    return `${location.origin}${location.pathname}${SHARE}${code}`;
  }

  /** Shows a list that someone shared, if the address holds one. */
  readLink() {
    const { view, session } = this;
    const isShared = location.hash.startsWith(SHARE);
    // A shared list stays while the reader follows links within the page.
    if (!isShared && (!session.shared || this.filter.target)) return;
    const read = isShared ? decodeShare(location.hash.slice(SHARE.length), this.root.dataset.checklist ?? "", this.ids) : null;
    const banner = find(".cl-shared-banner", this.root);
    const isGood = read && "states" in read;
    banner.hidden = !read;
    if (read) {
      const unknown = isGood && read.unknown ? ` ${view.count(view.text.unknown, read.unknown)}` : "";
      find("[role=status]", banner).textContent = isGood ? view.text.shared + unknown : view.text.shareFaults[read.fault];
      find("[data-do=copy-shared]", banner).toggleAttribute("hidden", !isGood);
    }
    view.close();
    session.show(isGood ? renamed(read.states, session.aliases) : null);
  }

  copyShared() {
    const facts = Object.entries(this.session.shared ?? {}).map(([id, { state }]) => [id, this.view.dated(id, only({ state }))]);
    this.leaveShared();
    this.add(this.view.text.sharedName, Object.fromEntries(facts));
  }

  leaveShared() {
    history.replaceState(null, "", location.pathname + location.search);
    this.readLink();
    find(".cl-shared-banner", this.root).hidden = true;
    this.focusList();
  }
}

/**
 * A title as runs of text and code.
 * @param {Element} label
 * @returns {import("./transfer.mjs").Run[]}
 */
function runs(label) {
  return [...label.childNodes].flatMap((node) => {
    if (node instanceof Element && node.localName !== "code" && node.children.length) return runs(node);
    return [{ text: node.textContent ?? "", code: node.nodeName === "CODE" }];
  });
}
