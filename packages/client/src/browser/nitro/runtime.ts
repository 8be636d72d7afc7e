/** Follows instructions: what a server tells a page to do, as data and without `eval`. */
import { type Instruction, N2OError, reason } from '@n2o/shared';
import { plain } from '../../plain.ts';
import { Bindings } from './bindings.ts';
import { insert } from './insert.ts';
import { dataOf, linkedOf, postback } from './postback.ts';
import { bindingOf, instructionsOf } from './read.ts';
import { type PageFunction, setAttribute, setProperty, setStyle } from './set.ts';
import { go } from './visit.ts';

export interface RuntimeOptions {
  /** Sends what happens in the page to its module. */
  send(message: unknown): void;
  /** Told what went wrong: the instructions that follow are followed all the same. */
  report(error: N2OError): void;
  /** Makes a file input send what the user picks. */
  upload(input: HTMLInputElement): void;
  /** Runs code; refused where it is left out. */
  run?: ((code: string) => void) | undefined;
}

export class PageRuntime {
  readonly #options: RuntimeOptions;
  readonly #bindings: Bindings;
  readonly #functions = new Map<string, PageFunction>();

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#bindings = new Bindings((target, pickle, values) =>
      options.send(postback(target, pickle, linkedOf(values))),
    );
  }

  /** Gives a function the name that `call` instructions use, or code; one of that name before is replaced. */
  register(name: string, run: PageFunction): void {
    this.#functions.set(name, run);
    if (!this.#options.run) return;
    Object.defineProperty(window, name, { value: run, configurable: true, writable: true });
  }

  /** Follows instructions as they came: in whichever format, or code where that is allowed. */
  follow(what: unknown): void {
    const { run, report } = this.#options;
    this.#bindings.nextBatch();
    const told = plain(what);
    if (told === '' || told === undefined || told === null) return;
    if (run && typeof told === 'string' && !told.startsWith('[[')) {
      this.#try(() => run(told));
      return;
    }
    const instructions = instructionsOf(told);
    if (instructions instanceof N2OError) report(instructions);
    else for (const instruction of instructions) this.#try(() => this.#do(instruction));
  }

  #do(instruction: Instruction): void {
    switch (instruction[0]) {
      case 'update':
      case 'fill':
      case 'top':
      case 'bottom':
      case 'before':
      case 'after':
        insert(instruction[0], element(instruction[1]), instruction[2]);
        break;
      case 'remove':
        // It may be gone already.
        document.getElementById(instruction[1])?.remove();
        break;
      case 'on':
        this.#bindings.add(element(instruction[1]), instruction[2], bindingOf(instruction[3]));
        break;
      case 'api':
        this.#define(instruction[1], instruction[2]);
        break;
      case 'set':
        setProperty(element(instruction[1]), instruction[2], instruction[3]);
        break;
      case 'attribute':
        setAttribute(element(instruction[1]), instruction[2], instruction[3]);
        break;
      case 'class':
        element(instruction[1]).classList.toggle(instruction[2], instruction[3]);
        break;
      case 'style':
        setStyle(element(instruction[1]), instruction[2], instruction[3]);
        break;
      case 'focus':
        (element(instruction[1]) as HTMLElement).focus();
        break;
      case 'redirect':
        go(instruction[1]);
        break;
      case 'alert':
        window.alert(instruction[1]);
        break;
      case 'confirm':
        if (window.confirm(instruction[1]) && instruction[2]) {
          this.#options.send(postback('', instruction[2], []));
        }
        break;
      case 'upload':
        this.#options.upload(element(instruction[1]) as HTMLInputElement);
        break;
      case 'call':
        this.#call(instruction[1], instruction.slice(2));
        break;
      case 'script':
        this.#script(instruction[1]);
        break;
      default:
        throw new N2OError(
          'N2O_FORMAT_DECODE',
          `there is no instruction ${String(instruction[0])}`,
        );
    }
  }

  #call(name: string, given: readonly unknown[]): void {
    const run = this.#functions.get(name);
    if (!run) throw new N2OError('N2O_PAGE_INSTRUCTION', `no function "${name}" is registered`);
    run(...given);
  }

  #script(code: string): void {
    const { run } = this.#options;
    if (!run) throw new N2OError('N2O_PAGE_SCRIPT', 'code came, and this page runs none');
    run(code);
  }

  /** As N2O does, on the document; what is there by itself stays. */
  #define(name: string, pickle: string): void {
    const send = (data: unknown) => this.#options.send(postback('document', pickle, dataOf(data)));
    if (name in document && !Object.hasOwn(document, name)) {
      throw new N2OError('N2O_PAGE_NAME', `the document has a "${name}" of its own`);
    }
    Object.defineProperty(document, name, { value: send, configurable: true });
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      const isOurs = error instanceof N2OError;
      this.#options.report(
        isOurs ? error : new N2OError('N2O_PAGE_INSTRUCTION', reason(error), { cause: error }),
      );
    }
  }
}

function element(id: string): Element {
  const found = document.getElementById(id);
  if (!found) throw new N2OError('N2O_PAGE_INSTRUCTION', `the page has no element "${id}"`);
  return found;
}
