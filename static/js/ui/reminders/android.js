/** Notifications by a service worker, for browsers in which a page itself may show none: Android's. */

const SCRIPT = 'static/vendor/notifier.js';

/** What opens when a notification is touched, by its key. @type {Map<string, () => void>} */
const openers = new Map();
/** @type {Promise<ServiceWorkerRegistration>|null} */
let registered = null;

/**
 * @param {{key: string, title: string, body: string, open: () => void}} parts
 * @returns {() => void} how to take it away again
 */
export function notifyByWorker({ key, title, body, open }) {
  if (!('serviceWorker' in navigator)) return () => {};
  openers.set(key, open);
  registered ??= register();
  const shown = registered.then((registration) => registration.showNotification(title, { body, tag: key, icon: new URL('static/icon.svg', document.baseURI).href }));
  shown.catch(() => openers.delete(key)); // the card on the page says it all the same
  return () => {
    openers.delete(key);
    void shown.then(() => takeAway(key), () => {});
  };
}

/** It never controls the page: its scope is the folder that it lies in. */
async function register() {
  navigator.serviceWorker.addEventListener('message', ({ data }) => openers.get(data.opened)?.());
  navigator.serviceWorker.startMessages();
  const registration = await navigator.serviceWorker.register(SCRIPT);
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker.state !== 'activated')
    await new Promise((resolve) => worker.addEventListener('statechange', () => worker.state === 'activated' && resolve(undefined)));
  return registration;
}

/** @param {string} key */
async function takeAway(key) {
  const registration = await registered;
  for (const notification of await registration.getNotifications({ tag: key })) notification.close();
}
