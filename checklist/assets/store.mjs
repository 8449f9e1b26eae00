// @ts-check
/**
 * Ticks and how they are kept: pure functions, no page and no storage.
 *
 * One key holds the ticks of one checklist, whatever the page or language:
 *
 *     checklist:winter-bike = {"version": 1, "ticks": {"check-brakes": "2026-11-20"}}
 *
 * A tick is the day it was made. Ids that the page does not know are kept: they
 * may belong to another version of the checklist.
 */

/** @typedef {Readonly<Record<string, string>>} Ticks item id to ISO day */
/** @typedef {"ok" | "damaged" | "newer"} Condition of what is stored */

export const VERSION = 1;

/**
 * The storage key of a checklist.
 * @param {string} checklist
 */
export const keyOf = (checklist) => `checklist:${checklist}`;

/**
 * Reads what is stored; never throws.
 *
 * @param {string | null} raw
 * @returns {{condition: Condition, ticks: Ticks}} no ticks unless the condition is "ok"
 */
export function parse(raw) {
  if (raw === null) return { condition: "ok", ticks: {} };
  /** @type {unknown} */
  let data;
  try {
    data = JSON.parse(raw);
  } catch {
    return { condition: "damaged", ticks: {} };
  }
  if (!isRecord(data)) return { condition: "damaged", ticks: {} };
  if (typeof data.version === "number" && data.version > VERSION) {
    return { condition: "newer", ticks: {} };
  }
  const { version, ticks } = data;
  if (version !== VERSION || !isRecord(ticks)) return { condition: "damaged", ticks: {} };
  const entries = Object.entries(ticks);
  if (!entries.every(([, day]) => typeof day === "string")) {
    return { condition: "damaged", ticks: {} };
  }
  return { condition: "ok", ticks: /** @type {Ticks} */ (Object.fromEntries(entries)) };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What to store for the ticks.
 * @param {Ticks} ticks
 */
export const serialize = (ticks) => JSON.stringify({ version: VERSION, ticks });

/**
 * The ticks with one set or taken away.
 *
 * @param {Ticks} ticks
 * @param {string} id
 * @param {boolean} done
 * @param {Date} now
 * @returns {Ticks}
 */
export function tick(ticks, id, done, now) {
  const { [id]: _, ...others } = ticks;
  return done ? { ...others, [id]: now.toISOString().slice(0, 10) } : others;
}

/**
 * The ticks under the present ids.
 *
 * @param {Ticks} ticks
 * @param {Readonly<Record<string, string>>} aliases former id to present id
 * @returns {Ticks}
 */
export function rename(ticks, aliases) {
  /** @type {Record<string, string>} */
  const renamed = {};
  for (const [id, day] of Object.entries(ticks)) {
    const present = Object.hasOwn(aliases, id) ? aliases[id] : id;
    if (present === id || !Object.hasOwn(ticks, present)) renamed[present] = day;
  }
  return renamed;
}

/**
 * How many of the items are done.
 *
 * @param {Ticks} ticks
 * @param {readonly string[]} ids
 */
export const countDone = (ticks, ids) => ids.filter((id) => Object.hasOwn(ticks, id)).length;
