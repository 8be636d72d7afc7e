/** Between a value and a publication: the topics and formats of one client. */
import {
  actionsTopic,
  DEFAULT_MODULE,
  eventsTopic,
  type Format,
  type Formatters,
  type Message,
  N2OError,
  parseActions,
} from '@n2o/shared';
import type { Arrival } from './arrivals.ts';
import type { Publication } from './outbox.ts';
import { isLevel, type Settings, withoutBroker } from './settings.ts';

/** An action that was read. */
export interface Opened {
  readonly module: string;
  readonly payload: Uint8Array;
  /** An error when the payload is not well formed. */
  readonly message: Message | N2OError;
}

export class Envelopes {
  readonly #settings: Settings;
  readonly #formatters: Formatters;

  constructor(settings: Settings, formatters: Formatters) {
    this.#settings = settings;
    this.#formatters = formatters;
  }

  /** The filter of all actions of this client. */
  get actions(): string {
    return actionsTopic(this.#settings.version, '+', this.#settings.id);
  }

  /**
   * The event that carries a message to a module.
   *
   * @throws N2OError `N2O_TOPIC_NAME`, `N2O_FORMAT_ENCODE`, `N2O_CLIENT_TRANSPORT`
   */
  seal(module: string, message: unknown, format: Format, qos: 0 | 1 | 2): Publication {
    if (!isLevel(module)) {
      throw new N2OError('N2O_TOPIC_NAME', `"${module}" cannot be the name of a module`);
    }
    const { id, node, only, version } = this.#settings;
    if (only !== undefined && module !== only) throw withoutBroker(`modules but "${only}"`);
    return {
      topic: eventsTopic(version, node, module, id),
      payload: this.#formatters[format].encode(message),
      qos,
      retain: false,
    };
  }

  /** Reads an action; `undefined` when it is none, or not for this client. */
  open({ topic, payload }: Arrival): Opened | undefined {
    const { id, version } = this.#settings;
    const address = parseActions(topic);
    if (address?.client !== id || address.version !== version) return undefined;
    return { module: address.module || DEFAULT_MODULE, payload, message: this.#read(payload) };
  }

  #read(payload: Uint8Array): Message | N2OError {
    try {
      return this.#formatters.decode(payload);
    } catch (error) {
      if (error instanceof N2OError) return error;
      throw error;
    }
  }
}

/** How a message is written when nobody says: so that the module sees the value that was given. */
export function formatOf(message: unknown): Format {
  if (typeof message === 'string') return 'text';
  return message instanceof Uint8Array ? 'binary' : 'json';
}
