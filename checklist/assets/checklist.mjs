// @ts-check
/**
 * Makes a page and its checklist work. Everything the script knows comes from the page;
 * without it the page reads and prints as it is.
 *
 *     dom       how all of them ask the page
 *     frame     menus, search and drawer of any page; use without a network
 *     store     projects and their items: pure functions
 *     transfer  exports, imports and shared links: pure functions
 *     session   the project shown, in step with storage and other tabs
 *     view      the items of a page
 *     filter    what of them is shown
 *     tools     the dialogs of the list
 */
import "./frame.mjs";
import { Tools } from "./tools.mjs";
import { View } from "./view.mjs";

const root = document.querySelector("[data-checklist]");
const data = document.querySelector("script.cl-data");
if (root instanceof HTMLElement && data) {
  const view = new View(root, JSON.parse(data.textContent ?? ""));
  view.start();
  if (root.querySelector(".cl-tools")) new Tools(view).start();
}
