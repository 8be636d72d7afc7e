/** What can be said of a page's connection, and what is said where nothing is. */
import { N2OError } from '@n2o/shared';
import type { ClientOptions, Settings } from '../settings.ts';
import { isLevel, settingsOf } from '../settings.ts';

/** Options of a page, beside those of any client. */
export interface PageOptions extends Omit<ClientOptions, 'tls' | 'vnodes'> {
  /** The module of the page. */
  readonly module: string;
  /** N2O's WebSocket at `/ws/<module>`, or MQTT over WebSocket at `/mqtt`. Default `ws`. */
  readonly transport?: 'ws' | 'mqtt';
  /** `ws[s]://` or `http[s]://`, also relative to the page. Default: the transport's path on the page's own host. */
  readonly url?: string;
  /** Of a session that is to go on. Default: the one that is kept, else none. */
  readonly token?: string;
  /** Where the token is kept: until the page is left, or as long as its tab is open. Default `tab`. */
  readonly keep?: 'page' | 'tab';
  /** Actions come as JavaScript, which is run. Default false. */
  readonly scripts?: boolean;
  /** Shows a badge while there is no connection. Default true. */
  readonly badge?: boolean;
}

/** A page's options that were checked, with defaults filled in. */
export interface PageSettings {
  readonly module: string;
  readonly transport: 'ws' | 'mqtt';
  readonly url: string;
  readonly settings: Settings;
}

/** @throws N2OError `N2O_CONFIG_OPTION` */
export function pageSettings(options: PageOptions): PageSettings {
  const { module, transport = 'ws' } = options;
  if (!isLevel(module)) {
    throw new N2OError('N2O_CONFIG_OPTION', `module: expected one topic level, got "${module}"`);
  }
  if (transport !== 'ws' && transport !== 'mqtt') {
    throw new N2OError('N2O_CONFIG_OPTION', `transport: expected ws or mqtt, got "${transport}"`);
  }
  const url = addressOf(options.url ?? (transport === 'ws' ? socketPath(module) : '/mqtt'));
  const isSocket = transport === 'ws';
  const settings: Settings = {
    ...settingsOf(url, options),
    peer: isSocket ? 'socket' : 'n2o',
    only: isSocket ? module : undefined,
  };
  return { module, transport, url, settings };
}

function socketPath(module: string): string {
  return `/ws/${encodeURIComponent(module)}`;
}

function addressOf(url: string): string {
  const parsed = new URL(url, document.baseURI);
  parsed.protocol = parsed.protocol.replace('http', 'ws');
  parsed.hash = '';
  return parsed.href;
}
