/** Starts the client of the page that loads it, as the page says, and leaves it there as `n2o`. */
import type { PageOptions } from './options.ts';
import { PageClient } from './page-client.ts';

// What a script of the page takes from `n2o.js` would be another copy: its tuples are none to this client.
export {
  Atom,
  atom,
  binary,
  connect,
  download,
  downloadBlob,
  N2OError,
  PageClient,
  RpcError,
  Tuple,
  textOf,
  tuple,
  upload,
} from './index.ts';

/** What the page says: attributes of the element that names the module, and of its address. */
function optionsOf(element: HTMLElement): PageOptions {
  const { module, token, transport, url, format, badge, runtime } = element.dataset;
  const asked = new URLSearchParams(location.search).get('transport') ?? transport;
  return {
    module: module ?? '',
    ...(token && { token }),
    ...(url && { url }),
    transport: asked === 'mqtt' ? 'mqtt' : 'ws',
    ...((format === 'json' || format === 'bert') && { format }),
    badge: badge !== 'off',
    scripts: runtime === 'script',
  };
}

const element = document.querySelector<HTMLElement>('[data-module]');
if (element) {
  const client = new PageClient(optionsOf(element));
  window.n2o = client;
  client.on('error', (error) => {
    document.dispatchEvent(new CustomEvent('n2o-error', { detail: error }));
    // biome-ignore lint/suspicious/noConsole: where those who write a page look first
    console.warn(`${error.code}: ${error.message}`);
  });
  const wired = document.getElementById('n2o-actions')?.textContent;
  if (wired) client.follow(wired);
  document.dispatchEvent(new CustomEvent('n2o-ready', { detail: client }));
  // It goes on trying by itself; what is in the way is told as `error`.
  client.start(true).catch(() => {});
}
