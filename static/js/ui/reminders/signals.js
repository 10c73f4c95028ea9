/** Reaches a person who looks elsewhere: by the system's notifications, and by a sound. */

import { notifyByWorker } from './android.js';

/** @returns {'granted'|'denied'|'default'|'missing'} whether this browser lets us */
export function permission() {
  return 'Notification' in globalThis ? Notification.permission : 'missing';
}

/** @returns {Promise<string>} what the person answered */
export async function askPermission() {
  return permission() === 'default' ? Notification.requestPermission() : permission();
}

/**
 * Shows a notification; the page shows the same in any case.
 * @param {{key: string, title: string, body: string, event: string, open: () => void}} parts `event` is what it opens
 * @returns {() => void} how to take it away again
 */
export function notify({ key, title, body, event, open }) {
  if (permission() !== 'granted') return () => {};
  try {
    const notification = new Notification(title, { body, tag: key, icon: 'static/icon.svg' });
    notification.onclick = () => {
      window.focus();
      notification.close();
      open();
    };
    return () => notification.close();
  } catch {
    return notifyByWorker({ key, title, body, event });
  }
}

/** Two soft notes. A page that nobody has touched yet may not sound; it stays silent. */
export async function chime() {
  if (!('AudioContext' in globalThis)) return;
  const audio = new AudioContext();
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  if (audio.state === 'running') [659, 880].forEach((pitch, index) => note(audio, pitch, index * 0.18));
  setTimeout(() => void audio.close(), 1500);
}

/** @param {AudioContext} audio @param {number} pitch Hz @param {number} delay s */
function note(audio, pitch, delay) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  const at = audio.currentTime + delay;
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.7);
}
