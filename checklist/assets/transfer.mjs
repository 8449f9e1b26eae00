// @ts-check
/**
 * Takes a project out of the browser and brings it back: a JSON file that holds
 * everything, Markdown and CSV for others to read, and a code short enough for a link.
 * Pure functions, no page and no storage.
 */
import { LIMITS, get, isFacts, isId, isRecord, mapValues, only } from "./store.mjs";

/** @typedef {import("./store.mjs").State} State */
/** @typedef {import("./store.mjs").Facts} Facts */
/** @typedef {Readonly<Record<string, Facts>>} Items item id to facts */

const FORMAT = "checklist-project";
const FILE_VERSION = 1;
/** Characters that a file may have, at most. */
const SIZE = 1_000_000;

/**
 * What the facts of an item say: the days go with a state that was set, a reason goes with
 * not applicable and accepted risk, and a text that is empty is none.
 *
 * @param {Facts} [facts]
 */
function said({ state = "todo", day, seen, reason, note } = {}) {
  const isSet = state !== "todo";
  return {
    state,
    day: isSet ? day : undefined,
    seen: isSet ? seen : undefined,
    reason: (isSet && state !== "done" && reason) || undefined,
    note: note || undefined,
  };
}

/** @param {Items} items the ids of those that say something, sorted */
const telling = (items) =>
  Object.keys(items)
    .sort()
    .filter((id) => {
      const { state, note } = said(items[id]);
      return state !== "todo" || note;
    });

/**
 * The file of a project, as `project.schema.json` describes it.
 *
 * @param {string} checklist id
 * @param {string} name of the project
 * @param {Items} items
 * @param {string} day ISO day of the export
 */
export function toJson(checklist, name, items, day) {
  const entries = telling(items).map((id) => [id, said(items[id])]);
  const file = { format: FORMAT, version: FILE_VERSION, checklist, exported: day, name, items: Object.fromEntries(entries) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads the file of a project; never throws.
 *
 * @param {string} text
 * @param {string} checklist id
 * @returns {{name: string, items: Record<string, Facts>} | {fault: "damaged" | "foreign" | "older" | "newer" | "other" | "large", checklist?: string}}
 *   what the file holds, or why it cannot be used; `other` has the id of the other
 *   checklist, if it is one
 */
export function fromJson(text, checklist) {
  if (text.length > SIZE) return { fault: "large" };
  /** @type {any} */
  let data;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return { fault: "damaged" };
  }
  if (!isRecord(data) || data.format !== FORMAT) return { fault: "foreign" };
  const { format, version, checklist: other, exported, name, items, ...rest } = data;
  if (typeof version !== "number" || typeof other !== "string") return { fault: "damaged" };
  if (version !== FILE_VERSION) return { fault: version < FILE_VERSION ? "older" : "newer" };
  if (other !== checklist) return { fault: "other", ...(isId(other) && { checklist: other }) };
  const isWhole =
    typeof exported === "string" &&
    isFacts({ day: exported }) &&
    typeof name === "string" &&
    name.length <= LIMITS.name &&
    isRecord(items) &&
    Object.entries(items).every(([id, facts]) => isId(id) && isFacts(facts)) &&
    Object.keys(rest).length === 0;
  return isWhole ? { name, items: /** @type {Record<string, Facts>} */ (items) } : { fault: "damaged" };
}

/** @typedef {"" | "added" | "changed" | "removed"} Difference of a text */

/**
 * @param {string | undefined} before
 * @param {string | undefined} after
 * @returns {Difference}
 */
function difference(before, after) {
  if (before === after) return "";
  if (!before) return "added";
  return after ? "changed" : "removed";
}

/**
 * What becomes different for the reader where one replaces the other, by id.
 *
 * @param {Items} before
 * @param {Items} after
 * @returns {{id: string, from: State, to: State, note: Difference, reason: Difference}[]}
 */
export function compare(before, after) {
  return Object.keys({ ...before, ...after })
    .sort()
    .map((id) => {
      const [old, now] = [said(get(before, id)), said(get(after, id))];
      return { id, from: old.state, to: now.state, note: difference(old.note, now.note), reason: difference(old.reason, now.reason) };
    })
    .filter(({ from, to, note, reason }) => from !== to || note || reason);
}

/**
 * A project with a file merged into it.
 *
 * - An item that only one of them has is as it is there.
 * - A state of the file wins, with its days and its reason. To do is no state in this
 *   sense: merging never unticks.
 * - If both have the same state, the days of the project stay, so that nothing changes
 *   that `compare` does not tell.
 * - A text of the file wins. One that the file lacks stays; a reason only with its state.
 *
 * @param {Items} before the project
 * @param {Items} after the file
 * @returns {Record<string, Facts>}
 */
export function merged(before, after) {
  const won = mapValues(after, (facts, id) => {
    const old = only(get(before, id));
    const { state, day, seen, reason, note } = said(facts);
    const stays = state === "todo" || state === old.state;
    return {
      ...(stays ? old : { state, day, seen }),
      reason: reason ?? (stays ? old.reason : undefined),
      note: note ?? old.note,
    };
  });
  return { ...mapValues(before, (facts) => only(facts)), ...won };
}

/**
 * Everything that is exported for others to read, in the language of the page.
 * @typedef {object} Sheet
 * @property {string} title of the checklist
 * @property {string} project name, may be empty
 * @property {string} summary how much is done
 * @property {string} url of the list
 * @property {Record<State, string>} states their names
 * @property {string} gone heading for items that the checklist no longer has
 * @property {string[]} columns 9 headings of the CSV: section, id, title, priority, state, reason, note, day, address
 * @property {SheetSection[]} sections
 * @property {Items} left items that the checklist no longer has
 */
/** @typedef {{title: string, url: string, items: SheetItem[]}} SheetSection */
/** @typedef {{id: string, title: Run[], url: string, priority: string, facts: Facts}} SheetItem */
/** @typedef {{text: string, code: boolean}} Run part of a title */

const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]+/g;
/** An address that needs no escape, or else what means something anywhere in a line. */
const MARKUP = /(https?:\/\/[a-z\d./?=%,:+-]+(?= |$))|www\.|:(?=\/\/)|[\\`*_[\]<&~|$#^]/gi;

/**
 * Text as Markdown that shows just this text within a line. GFM reads no escapes in an
 * address that it makes a link of; one that would need any is kept from becoming a link.
 *
 * @param {string} text
 */
const inline = (text) => text.replace(CONTROL, " ").replace(MARKUP, (match, url) => url ?? match.replace(/.$/, "\\$&"));

/**
 * Text as a line of Markdown that begins no heading, list, quote or table and underlines nothing.
 * @param {string} text
 */
const oneLine = (text) => inline(text).trim().replace(/^(?=[+=:>-])|^\d+(?=[.)]( |$))/, "$&\\");

/**
 * Text as a code span, right for any number of backticks in it.
 * @param {string} text
 */
function codeSpan(text) {
  if (/\[x]|]:/i.test(text)) return inline(text); // a tick or a definition, even in code
  const code = text.replace(CONTROL, " ");
  const lengths = code.match(/`+/g)?.map((run) => run.length) ?? [];
  const fence = "`".repeat(1 + Math.max(0, ...lengths));
  const pad = /^[` ]|[` ]$/.test(code) && /[^ ]/.test(code) ? " " : "";
  return fence + pad + code + pad + fence;
}

/**
 * @param {string} label Markdown
 * @param {string} url may be empty
 */
const link = (label, url) => (url ? `[${label}](${url.replace(/[\\()<>&]/g, "\\$&")})` : label);

/**
 * The note, within the bullet of its item. All its lines are one paragraph, with breaks,
 * so that none of them begins anything.
 * @param {string} [note]
 */
function quote(note = "") {
  const lines = note.split(/\r\n?|\n/).map(oneLine).join("\n").trim();
  return lines && "\n" + lines.replace(/^/gm, "  > ").replaceAll("\n", " \\\n");
}

/**
 * The sections, and one for the items that the checklist no longer has; these have no address.
 * @param {Sheet} sheet
 */
function everything({ sections, gone, left }) {
  const items = telling(left).map((id) => ({ id, title: [], url: "", priority: "", facts: left[id] }));
  return [...sections, { title: gone, url: "", items }].filter((section) => section.items.length);
}

/**
 * A project as a task list in GitHub Flavored Markdown. What is not applicable has no box,
 * so that GitHub does not count it. Text that the reader wrote is shown as it was written.
 * (Mentions, numbers of issues and names of emoji are found in the rendered text, by GitHub
 * alone; Markdown has no escape for them.)
 *
 * @param {Sheet} sheet
 */
export function toMarkdown(sheet) {
  /** @param {SheetItem} item */
  const bullet = ({ id, title, url, facts }) => {
    const { state, reason = "", note } = said(facts);
    const label = link(title.map(({ text, code }) => (code ? codeSpan : inline)(text)).join(""), url);
    const task = state === "na" ? `~~${label}~~` : `[${state === "done" ? "x" : " "}] ${label}`;
    const told = ` (${[sheet.states[state], reason].map(oneLine).filter(Boolean).join(": ")})`;
    const isPlain = url && (state === "todo" || state === "done");
    return "- " + (url ? task : codeSpan(id)) + (isPlain ? "" : told) + quote(note);
  };
  const heading = link(inline(sheet.title), sheet.url) + (sheet.project && " — " + inline(sheet.project));
  const parts = everything(sheet).flatMap(({ title, url, items }) => ["## " + link(inline(title), url), items.map(bullet).join("\n")]);
  return ["# " + heading, oneLine(sheet.summary), ...parts].join("\n\n") + "\n";
}

/**
 * A field of CSV. Spreadsheets take some beginnings for a formula; an apostrophe makes it text.
 * @param {string} text
 */
const field = (text) => `"${text.replace(/^(?=[\s\0-\x1f]*[=+\-@＝＋－＠]|[\t\r\n])/, "'").replaceAll('"', '""')}"`;

/**
 * A project as CSV (RFC 4180), which spreadsheets read as UTF-8 for its byte order mark.
 * @param {Sheet} sheet
 */
export function toCsv(sheet) {
  const rows = everything(sheet).flatMap((section) =>
    section.items.map(({ id, title, url, priority, facts }) => {
      const { state, reason = "", note = "", day = "" } = said(facts);
      return [section.title, id, title.map(({ text }) => text).join(""), priority, sheet.states[state], reason, note, day, url];
    }),
  );
  return "\uFEFF" + [sheet.columns, ...rows].map((row) => row.map(field).join() + "\r\n").join("");
}

/*
 * The code of a share link: the digit of the version, bits in base64url, a checksum.
 *
 *     4 bits         size of the hashes below, less 20
 *     Rice, k = 6    number of items that are not to do
 *     and for each of them, by hash:
 *     Rice           hash of the id, less the one before, less 1
 *     1 or 2 bits    0 done, 10 not applicable, 11 accepted risk
 *     up to 5 bits   0, to fill the last digit
 *     6 digits       32 bits over the checklist's id, the version and the bits
 *
 * A Rice code of k is the number without its last k bits in unary, a 0, and the k bits. Items
 * are named by a hash, never by position, so that a link outlives changes of the list. There
 * is just one code for one content, and whatever else is refused.
 */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = LETTERS + LETTERS.toLowerCase() + "0123456789-_";
const MIN_SIZE = 20;
const MAX_SIZE = 32;
const COUNT_RICE = 6;
/** @type {Partial<Record<State, string>>} */
const STATE_BITS = { done: "0", na: "10", risk: "11" };

/**
 * FNV-1a. Where just one character is another, all 32 bits are never the same.
 * @param {string} text
 * @param {number} [size] how many of the 32 bits
 */
function hashOf(text, size = MAX_SIZE) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> (MAX_SIZE - size);
}

/**
 * The last bits of a number.
 * @param {number} number
 * @param {number} size
 */
const binary = (number, size) => ((number % 2 ** size) + 2 ** size).toString(2).slice(1);

/** @param {string} bits */
const digitsOf = (bits) => bits.replace(/.{1,6}/g, (each) => DIGITS[parseInt(each.padEnd(6, "0"), 2)]);

/**
 * @param {string} checklist
 * @param {string} code without the checksum
 */
const checksum = (checklist, code) => digitsOf(binary(hashOf(`${checklist} ${code}`), MAX_SIZE));

/**
 * The best k for the differences of so many hashes.
 * @param {number} size of the hashes
 * @param {number} count
 */
const riceOf = (size, count) => Math.max(0, size + Math.clz32(count) - 32);

/**
 * @param {number} number
 * @param {number} k
 */
const rice = (number, k) => "1".repeat(number / 2 ** k) + "0" + binary(number, k);

/**
 * The states of a project as a code of few characters `A-Za-z0-9_-`.
 *
 * @param {string} checklist id
 * @param {Readonly<Record<string, State>>} states by item id
 * @param {Iterable<string>} ids of the page, best with the former ones, so that all are
 *   told apart; others are left out
 */
export function encodeShare(checklist, states, ids) {
  const all = [...new Set(ids)];
  let size = Math.min(MAX_SIZE, Math.max(MIN_SIZE, Math.ceil(2 * Math.log2(all.length) + 8)));
  while (size < MAX_SIZE && new Set(all.map((id) => hashOf(id, size))).size < all.length) size++;
  const named = new Map(all.map((id) => [hashOf(id, size), STATE_BITS[get(states, id) ?? "todo"]]));
  const entries = [...named].filter(([, bits]) => bits).sort(([a], [b]) => a - b);
  const k = riceOf(size, entries.length);
  let last = -1;
  let bits = binary(size - MIN_SIZE, 4) + rice(entries.length, COUNT_RICE);
  for (const [hash, state] of entries) {
    bits += rice(hash - last - 1, k) + state;
    last = hash;
  }
  const code = "1" + digitsOf(bits);
  return code + checksum(checklist, code);
}

/**
 * Reads the code of a share link; never throws.
 *
 * @param {string} code
 * @param {string} checklist id
 * @param {Iterable<string>} known ids and former ids of the page
 * @returns {{states: Record<string, State>, unknown: number} | {fault: "damaged" | "newer"}}
 *   the states of the items that are known (the others are to do), and how many are not
 */
export function decodeShare(code, checklist, known) {
  if (/^[2-9]/.test(code)) return { fault: "newer" };
  const body = code.slice(0, -6);
  if (!/^1[\w-]+$/.test(body) || code.slice(-6) !== checksum(checklist, body)) return { fault: "damaged" };
  const bits = body.slice(1).replace(/./g, (digit) => binary(DIGITS.indexOf(digit), 6));
  let at = 0;
  /** @param {number} length */
  const take = (length) => parseInt(`0${bits.slice(at, (at += length))}`, 2);
  /** @param {number} k */
  const takeRice = (k) => {
    const zero = bits.indexOf("0", at);
    const high = zero - at;
    at = zero < 0 ? Infinity : zero + 1;
    return high * 2 ** k + take(k);
  };
  const size = MIN_SIZE + take(4);
  const count = takeRice(COUNT_RICE);
  const k = riceOf(size, count);
  const ids = new Map();
  for (const id of new Set(known)) ids.set(hashOf(id, size), ids.has(hashOf(id, size)) ? undefined : id);
  /** @type {[string, State][]} */
  const states = [];
  let hash = -1;
  let read = 0;
  for (; read < count && at <= bits.length; read++) {
    hash += takeRice(k) + 1;
    const state = take(1) ? (take(1) ? "risk" : "na") : "done";
    const id = ids.get(hash);
    if (id) states.push([id, state]);
  }
  const isWhole = at <= bits.length && /^0{0,5}$/.test(bits.slice(at)) && size <= MAX_SIZE && hash < 2 ** size;
  return isWhole ? { states: Object.fromEntries(states), unknown: read - states.length } : { fault: "damaged" };
}
