/** The client of a page: what any client can, and a page that does what its module says. */
import { createPageFormatters, ErrorFrame, type N2OError } from '@n2o/shared';
import { Client } from '../client.ts';
import { type ClientChannel, fileChannel } from '../files/client-channel.ts';
import { downloadBlob } from '../files/download.ts';
import type { Uploadable } from '../files/source.ts';
import { type TransferOptions, type Uploaded, upload } from '../files/upload.ts';
import { errorOf } from '../reply.ts';
import { createAfresh } from './afresh.ts';
import { Conversation, OUTLIVED } from './conversation.ts';
import { createCookie } from './cookie.ts';
import { goodbyeOf } from './goodbye.ts';
import { mqttOverWebSocket } from './mqtt/transport.ts';
import { PageRuntime } from './nitro/runtime.ts';
import type { Send } from './nitro/sending.ts';
import type { PageFunction } from './nitro/set.ts';
import { bindUpload } from './nitro/upload.ts';
import { type PageOptions, pageSettings } from './options.ts';
import { showPresence } from './presence.ts';
import { runScript } from './script.ts';
import { n2oWebSocket } from './socket/transport.ts';
import { tokenKeeper } from './token.ts';

declare global {
  interface Window {
    /** The client of the page, where `page.js` has made it. */
    n2o: PageClient;
  }
}

export class PageClient extends Client {
  /** The module of the page. */
  readonly module: string;
  readonly #runtime: PageRuntime;
  readonly #token: { get(): string };
  readonly #ending = new AbortController();
  /** By input: an element that is told again begins anew. */
  readonly #uploads = new WeakMap<Element, AbortController>();
  #files: ClientChannel | undefined;
  readonly #endPresence: () => void;

  /** Does nothing yet, see `start`. @throws N2OError `N2O_CONFIG_OPTION` */
  constructor(options: PageOptions) {
    const { module, transport, url, settings } = pageSettings(options);
    const token = tokenKeeper(module, options.token, options.keep !== 'page');
    const [show, endPresence] = showPresence(options.badge ?? true);
    const report = (error: N2OError) => this.report(error);
    const formatters = createPageFormatters();
    // What happens in a page is written as N2O's pages do, whatever messages look like.
    const format = settings.format ?? 'bert';
    const runtime = new PageRuntime({
      send: (message) => {
        this.send(module, message, { format }).catch(report);
      },
      report,
      upload: (input) => this.#upload(input),
      run: options.scripts ? runScript : undefined,
    });
    const loadAfresh = createAfresh(module, token.get());
    const cookie = createCookie(module);
    const conversation = new Conversation({
      module,
      version: settings.version,
      client: settings.id,
      runtime: options.scripts ? 'script' : 'instructions',
      format,
      formatters,
      timeout: settings.connectTimeout,
      token,
      query: () => location.search.slice(1),
      renewed(next) {
        if (new URL(url).host === location.host) cookie.follow(next);
      },
      follow: (instructions) => cookie.after(() => runtime.follow(instructions)),
      outlived: (error) =>
        cookie.after(() => {
          if (!loadAfresh()) report(error);
        }),
      presence: show,
    });
    const connections =
      transport === 'ws'
        ? n2oWebSocket(settings, url, module)
        : mqttOverWebSocket(settings, url, goodbyeOf(settings, module));
    super({
      settings,
      formatters,
      open: conversation.over(connections),
      watch: (action) => conversation.take(action),
    });
    this.module = module;
    this.#runtime = runtime;
    this.#token = token;
    this.#endPresence = endPresence;
    show('connecting');
    this.on('action', ({ value }) => {
      // What came of a press went wrong: nobody waits for that, and of an outlived page it is told.
      if (value instanceof ErrorFrame && value.code !== OUTLIVED) report(errorOf(value));
    });
    const { signal } = this.#ending;
    window.addEventListener('online', () => this.hurry(), { signal });
  }

  /** The token of the session; empty before it has begun. */
  get token(): string {
    return this.#token.get();
  }

  /** What files travel over between the page and its module: for `upload` and `download`. */
  get files(): ClientChannel {
    this.#files ??= fileChannel(this, this.module);
    return this.#files;
  }

  /** Sends a file to the page's module, on and on until it is there. @throws as `upload` of this package */
  upload(file: Uploadable, options: TransferOptions): Promise<Uploaded> {
    return upload(this.files, file, options);
  }

  /** Fetches a file of the page's session. @throws as `download` of this package */
  download(options: TransferOptions): Promise<Blob> {
    return downloadBlob(this.files, options);
  }

  /**
   * Names a function that the module may call with `page.call(name, …)`. Code runs only in the form
   * of such functions.
   */
  register(name: string, run: PageFunction): void {
    this.#runtime.register(name, run);
  }

  /** Follows instructions that did not come over the connection: those that the page was served with. */
  follow(instructions: unknown): void {
    this.#runtime.follow(instructions);
  }

  override async close(): Promise<void> {
    this.#ending.abort();
    this.#files?.close();
    // The end of the connection is the last that is shown of it.
    await super.close();
    this.#endPresence();
  }

  #upload(input: HTMLInputElement): void {
    this.#uploads.get(input)?.abort();
    const bound = new AbortController();
    this.#uploads.set(input, bound);
    const signal = AbortSignal.any([bound.signal, this.#ending.signal]);
    const send: Send = (file, options) => this.upload(file, options);
    bindUpload(input, send, (error) => this.report(error), signal);
  }
}
