// @ts-check
/**
 * Keeps the site for a reader without a network, always one whole build of it.
 * Every file is held against the hash that the build gave it, so a deploy in
 * progress, or a host that rewrites pages, means no worker rather than a mix.
 * `offline.py` makes the site's worker of this text; ADR 5 has the reasons.
 */

/**
 * Addresses below the scope, with the hash of what is there.
 * @typedef {Record<string, string>} Files
 */

/**
 * What the build knows: its name, what all pages share, the pages of each language.
 * @type {{build: string, shared: Files, pages: Files[]}}
 */
const { build, shared, pages } = JSON.parse("SITE");

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { clients, registration } = worker;
const { scope } = registration;

/** What the names of our caches begin with; others on the origin are not ours to touch. */
const family = `checklist:${new URL(scope).pathname}:`;
const cacheName = family + build;

/** @type {Map<string | undefined, string>} */
const hashes = new Map(Object.entries(Object.assign({}, shared, ...pages)));

/**
 * Asks the server, because what the browser keeps beside us may be of any build.
 * @type {RequestInit}
 */
const anew = { cache: "no-cache" };

/**
 * Stands in the place of a page until the next build is there and has taken over, or must not.
 * Tells it to more than once, because Chromium does not hear it while the old worker is busy.
 * If it takes too long, the page comes without a worker.
 */
const handOver = `<meta name=color-scheme content="light dark"><script type=module>
const { serviceWorker } = navigator;
const it = await serviceWorker.ready;
const reload = () => location.reload();
const leave = () => it.unregister().then(reload);
const isComing = () => it.installing ?? it.waiting;
serviceWorker.oncontrollerchange = reload;
serviceWorker.onmessage = ({ data }) =>
data ? setInterval(() => it.waiting?.postMessage(1), 300) : reload();
serviceWorker.controller.postMessage(0);
isComing() ?? it.update().then(() => isComing() ?? leave(), leave);
setTimeout(leave, 5000);
</script>`;

/**
 * Whether the next build may take over. From the question on, no page of this one is given out.
 * @type {Promise<boolean> | undefined}
 */
let leaving;

/** Settles when every page that was given out is one of the windows. @type {Promise<any>} */
let arrived = Promise.resolve();

/**
 * @param {string} address
 * @returns {string | undefined} as the build writes it; filters live in the query
 */
const pathOf = (address) =>
  address.startsWith(scope)
    ? address.slice(scope.length).replace(/[?#].*/, "").replace(/(^|\/)index\.html$/, "$1")
    : undefined;

/** @param {string} body */
const html = (body) => new Response(body, { headers: { "Content-Type": "text/html" } });

/** Whether there is one window of this build at most. */
const isAlone = async () => (await clients.matchAll({ type: "window" })).length < 2;

/** Caches of other builds of this site. */
async function others() {
  const names = await caches.keys();
  return names.filter((name) => name !== cacheName && name.slice(0, -build.length) === family);
}

/** @param {string} path */
const kept = (path) => caches.match(scope + path, { cacheName });

/**
 * @param {string} path
 * @returns {Promise<Response | undefined>} nothing if the server has another build
 */
async function load(path) {
  const url = scope + path;
  for (const ask of [() => caches.match(url), () => fetch(url, anew)]) {
    const answer = await ask();
    if (!answer) continue;
    // A server in trouble says nothing about its build.
    if (answer.status > 404) throw new Error(answer.statusText);
    const body = await answer.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body), 0, 6);
    if (btoa(String.fromCharCode(...digest)) !== hashes.get(path)) continue;
    // Not the answer itself: one that was redirected may not open a page, and what browsers keep
    // of it for themselves must not get into a page of the next build.
    const headers = new Headers(answer.headers);
    headers.set("Cache-Control", "no-cache");
    return new Response(body, { headers });
  }
}

/**
 * Puts what is missing into the cache, a few at a time.
 * @param {Files} files
 */
async function keep(files) {
  const cache = await caches.open(cacheName);
  const there = new Set((await cache.keys()).map(({ url }) => pathOf(url)));
  const missing = Object.keys(files).filter((path) => !there.has(path));
  const line = async () => {
    for (let path; (path = missing.pop()) !== undefined; ) {
      const response = await load(path);
      if (!response) throw new Error(`${path} is of another build`);
      await cache.put(scope + path, response);
    }
  };
  try {
    await Promise.all([line(), line(), line(), line()]);
  } finally {
    missing.length = 0; // one fault is enough for all lines
  }
}

/** Keeps the languages that are open, or were kept of an earlier build. */
async function install() {
  /** @type {Readonly<{url: string}[]>[]} */
  const seen = [await clients.matchAll({ includeUncontrolled: true })];
  for (const name of await others()) seen.push(await (await caches.open(name)).keys());
  const paths = new Set(seen.flat().map(({ url }) => pathOf(url)));
  const visited = pages.filter((each) => Object.keys(each).some((path) => paths.has(path)));
  try {
    await keep(Object.assign({}, shared, ...visited));
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

/**
 * @param {FetchEvent} event
 * @param {string} path
 */
async function page(event, path) {
  if ((registration.waiting && (await isAlone())) || leaving) return html(handOver);
  arrived = Promise.all([arrived, clients.get(event.resultingClientId)]);
  const response = (await kept(path)) ?? (await load(path));
  if (!response) {
    if (await isAlone()) return html(handOver);
    // Other tabs stay with this build, so the page comes without a worker, but with fresh parts.
    await Promise.allSettled(Object.keys(shared).map((each) => fetch(scope + each, anew)));
    await registration.unregister();
    return html("<script>location.reload()</script>");
  }
  const language = pages.find((each) => each[path]) ?? {};
  event.waitUntil(keep(language).catch(() => {})); // the next page tries again
  return response;
}

/**
 * @param {FetchEvent} event
 * @param {string} path
 */
async function part(event, path) {
  const client = await clients.get(event.clientId);
  // A page that this build does not have gets nothing of it either.
  if (client && !hashes.has(pathOf(client.url))) return fetch(event.request, anew);
  return (await kept(path)) ?? (await load(path)) ?? Response.error();
}

/** @param {Client} client */
async function leave(client) {
  const done = await (leaving ??= arrived.then(isAlone));
  if (!done) leaving = undefined;
  client.postMessage(done);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));

worker.addEventListener("activate", (event) => {
  event.waitUntil(others().then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

worker.addEventListener("message", (event) => {
  event.waitUntil(event.data ? worker.skipWaiting() : leave(/** @type {Client} */ (event.source)));
});

worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = pathOf(url);
  if (method !== "GET" || path === undefined || !hashes.has(path)) return;
  event.respondWith(mode === "navigate" ? page(event, path) : part(event, path));
});
