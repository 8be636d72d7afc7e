/** The state of a module for a client, as one event sees and changes it. */
import { type Formatter, type ModuleDefinition, N2OError, type State } from '@n2o/shared';

export class EventState implements State<unknown> {
  readonly #app: ModuleDefinition;
  readonly #json: Formatter;
  readonly #limit: number;
  #value: Uint8Array | undefined;
  #isOpen = true;
  /** Whether the event knows what is kept, so that what it says may rest on it. */
  isRead = false;
  isSet = false;

  /**
   * @param kept  what was there before the event
   * @param limit bytes that may be kept
   */
  constructor(app: ModuleDefinition, kept: Uint8Array | undefined, json: Formatter, limit: number) {
    this.#app = app;
    this.#value = kept;
    this.#json = json;
    this.#limit = limit;
  }

  /** What is to be kept; `undefined` for nothing. */
  get bytes(): Uint8Array | undefined {
    return this.#value;
  }

  get(): unknown {
    this.#check();
    this.isRead = true;
    // Read anew each time: who changes what he was given changes nothing here.
    return this.#value === undefined ? this.#app.state?.() : this.#json.decode(this.#value);
  }

  set(value: unknown): void {
    this.#check();
    this.#value = value === undefined ? undefined : this.#write(value);
    this.isSet = true;
  }

  mark(): () => void {
    const { isSet } = this;
    const value = this.#value;
    return () => {
      if (!this.#isOpen) return;
      this.isSet = isSet;
      this.#value = value;
    };
  }

  /** The event has ended. */
  close(): void {
    this.#isOpen = false;
  }

  #write(value: unknown): Uint8Array {
    const bytes = this.#json.encode(value);
    if (bytes.length > this.#limit) {
      const text = `the state has ${bytes.length} bytes, of at most ${this.#limit}`;
      throw new N2OError('N2O_STATE_LIMIT', text);
    }
    return new Uint8Array(bytes); // what is encoded is a part of a larger piece of memory
  }

  #check(): void {
    if (!this.#isOpen) throw new N2OError('N2O_STATE_CLOSED');
  }
}
