// @ts-check
/**
 * What the frame around a page needs for keys and screen readers, where
 * Material's script falls short of it. The templates are in `theme/partials/`.
 */
import { all, seek } from "./dom.mjs";

/** Nothing is hidden in a drawer or behind a button from this width on. */
const wide = matchMedia("(min-width: 60em)");

/**
 * Whether the focus goes from within an element to another place of the page.
 * @param {FocusEvent} event
 * @param {HTMLElement} element
 */
function leaves(event, element) {
  return event.relatedTarget instanceof Node && !element.contains(event.relatedTarget);
}

/** The drawer closes when a link in it was followed, or the focus goes on. */
function watchDrawer() {
  /** @type {HTMLElement | null} */
  const drawer = seek("#__nav");
  if (!drawer?.hidePopover) return;
  drawer.addEventListener("focusout", (event) => leaves(event, drawer) && drawer.hidePopover());
  drawer.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a")) drawer.hidePopover();
  });
}

/** Each button presses the radio button that Material put behind the next one. */
function watchPalette() {
  const inputs = [...all(document, "[data-md-component=palette] input")];
  for (const [index, input] of inputs.entries()) {
    const button = input.nextElementSibling;
    const next = inputs[(index + 1) % inputs.length];
    button?.addEventListener("click", () => {
      next.click();
      if (next.nextElementSibling instanceof HTMLElement) next.nextElementSibling.focus();
    });
    // Material would press it as well.
    button?.addEventListener("keydown", (event) => event.stopPropagation());
  }
}

/** The menu of languages: a button opens it, or the pointer; Escape closes it. */
function watchLanguages() {
  /** @type {HTMLElement | null} */
  const button = seek(".md-select > [aria-expanded]");
  const menu = button?.parentElement;
  if (!button || !menu) return;
  /** @param {boolean} open */
  const expand = (open) => button.setAttribute("aria-expanded", String(open));
  button.addEventListener("click", () => expand(button.getAttribute("aria-expanded") === "false"));
  menu.addEventListener("focusout", (event) => leaves(event, menu) && expand(false));
  menu.addEventListener("pointerleave", () => menu.classList.remove("cl-dismissed"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (menu.contains(document.activeElement)) button.focus();
    menu.classList.toggle("cl-dismissed", menu.matches(":hover"));
    expand(false);
  });
  // Filters and a shared list stay when the language changes, also in a new tab.
  const carry = () => {
    for (const link of menu.querySelectorAll("a")) {
      link.search = location.search;
      link.hash = location.hash;
    }
  };
  for (const type of ["pointerover", "focusin", "click"]) menu.addEventListener(type, carry);
}

/** The search: keys reach all that is in it, and the way out leads back. */
function watchSearch() {
  /** @type {HTMLElement | null} */
  const search = seek("[data-md-component=search]");
  const field = search && seek("input", search);
  const state = seek("#__search");
  const opener = seek(".cl-open-search");
  if (!search || !field || !(state instanceof HTMLInputElement)) return;
  const close = () => state.checked && state.click();
  // On a phone, passing by would open it.
  const arrange = () => (field.tabIndex = wide.matches || state.checked ? 0 : -1);
  arrange();
  wide.addEventListener("change", arrange);
  state.addEventListener("change", () => {
    arrange();
    if (!state.checked && !wide.matches && search.contains(document.activeElement)) opener?.focus();
  });
  opener?.addEventListener("click", () => field.focus());
  seek(".cl-close-search", search)?.addEventListener("click", close);
  search.addEventListener("focusout", (event) => leaves(event, search) && close());
  search.addEventListener("keydown", (event) => {
    // Material closes at Tab, and takes keys away from the buttons.
    const pressed = event.target instanceof HTMLButtonElement && event.key !== "Escape";
    if (event.key === "Tab" || pressed) event.stopPropagation();
  });
  watchResults(seek("ol", search));
}

/**
 * Results can be reached by Tab, and their titles are no headings of the page.
 * @param {HTMLElement | null} list
 */
function watchResults(list) {
  if (!list) return;
  new MutationObserver(() => {
    for (const each of all(list, "[tabindex]")) each.removeAttribute("tabindex");
    for (const each of all(list, "h1, h2")) each.role = "presentation";
  }).observe(list, { childList: true });
}

/**
 * Code that is wider than its block has a name, and can be scrolled by key.
 * @param {string} name
 */
function watchCode(name) {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const code of all(document, "pre > code")) {
    const caption = code.closest("figure")?.querySelector("figcaption")?.textContent;
    code.role = "group";
    code.ariaLabel = caption ? `${name}: ${caption}` : name;
    observer.observe(code);
  }
  // A landmark for a single button is too much.
  for (const bar of all(document, ".md-code__nav")) bar.role = "presentation";
}

/** The folder of the site, which is what its service worker has to do with. */
const site = new URL("../../", import.meta.url);
const worker = `${site}sw.js`;

/** Keeps the site for reading without a network; looks for a new build at every page. */
async function keepOffline() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  try {
    const registration = await serviceWorker.register(worker, { updateViaCache: "none" });
    if (registration.active) await registration.update();
  } catch {
    if (!navigator.onLine) return;
    // A site that has no worker any more? An old build must not stay for ever.
    const { ok, status, headers } = await fetch(worker, { cache: "no-cache" });
    const gone = ok ? !headers.get("Content-Type")?.includes("javascript") : status === 404;
    if (gone && (await forgetOffline())) location.reload();
  }
}

/**
 * Takes away what a build with a worker has left at this address.
 * @returns {Promise<boolean>} whether this page came from it
 */
async function forgetOffline() {
  const { serviceWorker } = navigator;
  const registration = await serviceWorker.getRegistration(site);
  if (registration?.active?.scriptURL === worker) await registration.unregister();
  for (const name of await caches.keys()) {
    const build = name.lastIndexOf(":") + 1;
    if (name.slice(0, build) === `checklist:${site.pathname}:`) await caches.delete(name);
  }
  return serviceWorker.controller?.scriptURL === worker;
}

watchDrawer();
watchPalette();
watchLanguages();
watchSearch();
// Material says here that something was copied.
seek(".md-dialog__inner")?.setAttribute("role", "status");
// Last of all, because Material sets some of this itself, and not for touch screens.
addEventListener("load", () => {
  const { code, worker: offline } = seek("script[data-code]").dataset;
  watchCode(code);
  // Without secure context, in a sandbox or with cookies off there is no offline, and no harm.
  (offline === undefined ? forgetOffline : keepOffline)().catch(() => {});
});
