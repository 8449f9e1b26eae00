// @ts-check
/** How the other modules ask the page. */

/**
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {any} an element, so that each caller need not say of which kind, or null
 */
export const seek = (selector, root = document) => root.querySelector(selector);

/**
 * What must be there.
 * @param {string} selector
 * @param {ParentNode} [root]
 */
export function find(selector, root) {
  const found = seek(selector, root);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {NodeListOf<HTMLElement>}
 */
export const all = (root, selector) => root.querySelectorAll(selector);

/**
 * A copy of what a template of the page holds.
 * @param {string} selector
 */
export const copyOf = (selector) => document.importNode(find(selector).content, true).firstElementChild;

/**
 * A wording with its `{placeholders}` filled.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
