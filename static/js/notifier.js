/** Shows notifications where only a service worker may: in Android's browsers. It takes no requests and keeps nothing. */

/** @type {any} */
const worker = globalThis;

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(bringToFront(event.notification.data));
});

/** @param {string} event of which it reminded */
async function bringToFront(event) {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ visibilityState }) => visibilityState === 'visible') ?? pages[0];
  if (!page) return worker.clients.openWindow(new URL('../../', worker.location.href).href);
  page.postMessage({ opened: event });
  return page.focus();
}
