/** Notifications by a service worker, for browsers in which a page itself may show none: Android's. */

const SCRIPT = 'static/vendor/notifier.js';

/**
 * @param {{key: string, title: string, body: string, event: string}} parts `event` is what a touch opens
 * @returns {() => void} how to take it away again
 */
export function notifyByWorker({ key, title, body, event }) {
  const options = { body, tag: key, data: event, icon: new URL('static/icon.svg', document.baseURI).href };
  const shown = ready().then((registration) => registration.showNotification(title, options).then(() => registration));
  shown.catch(() => {}); // the card on the page says it all the same
  return () => void shown.then((registration) => takeAway(registration, key)).catch(() => {});
}

/** Hears of a touch in every page: the one that comes to the front may not be the one that notified. @param {(event: string) => void} open @param {AbortSignal} signal */
export function whenTouched(open, signal) {
  navigator.serviceWorker?.addEventListener('message', ({ data }) => open(data.opened), { signal });
  navigator.serviceWorker?.startMessages();
}

/** Registers the worker, unless it is. It never controls the page: its scope is the folder that it lies in. */
async function ready() {
  const registration = await navigator.serviceWorker.register(SCRIPT);
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker.state !== 'activated')
    await new Promise((resolve) => worker.addEventListener('statechange', () => worker.state === 'activated' && resolve(undefined)));
  return registration;
}

/** @param {ServiceWorkerRegistration} registration @param {string} key */
async function takeAway(registration, key) {
  for (const notification of await registration.getNotifications({ tag: key })) notification.close();
}
