/** Shows whether the page is connected: an attribute for styles, an event for scripts, a badge for eyes. */
import type { Presence } from './conversation.ts';

/** The event of the document, a `CustomEvent<Presence>`. */
export const PRESENCE_EVENT = 'n2o-state';

/** The badge's class, to style it by. */
const BADGE = 'n2o-badge';

const TEXTS: Readonly<Record<Presence, string>> = {
  connecting: 'Connecting…',
  online: '',
  offline: 'Offline. Reconnecting…',
};

/** Set one by one as properties, which no policy for styles stands against; a page's `!important` wins. */
const STYLE: Readonly<Record<string, string>> = {
  position: 'fixed',
  right: '1rem',
  bottom: '1rem',
  padding: '.4em .8em',
  'border-radius': '1em',
  background: '#333',
  color: '#fff',
  font: '14px/1.4 system-ui, sans-serif',
  'z-index': '2147483647',
};

/** Milliseconds that a connection may take before the badge speaks of it. */
const PATIENCE = 1_000;

/** Makes what shows it. @returns a function to be told of each change, and one that takes all away */
export function showPresence(withBadge: boolean): [show: (now: Presence) => void, end: () => void] {
  const root = document.documentElement;
  const badge = document.createElement('div');
  badge.className = BADGE;
  // For those who hear a page.
  badge.setAttribute('role', 'status');
  for (const [name, value] of Object.entries(STYLE)) badge.style.setProperty(name, value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: Presence | undefined;

  function show(now: Presence): void {
    if (now === shown) return;
    shown = now;
    root.dataset.n2oState = now;
    clearTimeout(timer);
    if (withBadge) {
      if (now === 'online') badge.remove();
      else timer = setTimeout(speak, badge.isConnected ? 0 : PATIENCE, now);
    }
    document.dispatchEvent(new CustomEvent(PRESENCE_EVENT, { detail: now }));
  }

  function speak(now: Presence): void {
    badge.textContent = TEXTS[now];
    document.body?.append(badge);
  }

  return [
    show,
    () => {
      clearTimeout(timer);
      badge.remove();
    },
  ];
}
