/** Pages and resources: requests of HTTP become events of the module that they name. */
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createBert, type ErrorCode, httpTopic, REQUEST_HEADERS, writeRequest } from '@n2o/shared';
import type { Core } from '../core.ts';
import { Address } from '../routing/address.ts';
import { ClientLoad } from '../routing/load.ts';
import { Bodies, EMPTY } from './body.ts';
import { Exchange, type ExchangeParts } from './exchange.ts';
import { isOwnPage, isWelcome } from './origin.ts';
import { METHODS, type Place } from './place.ts';
import { respondError } from './respond.ts';
import type { Web } from './web.ts';

const VERSION = '1';

export class Pages {
  readonly #core: Core;
  readonly #web: Web;
  readonly #bodies: Bodies;
  readonly #bert = createBert();
  readonly #parts: ExchangeParts;
  /** What the ids of its clients begin with: nobody else has such. */
  readonly #name = `http-${randomBytes(16).toString('base64url')}`;
  #requests = 0;
  #closing = false;

  constructor(core: Core, web: Web) {
    this.#core = core;
    this.#web = web;
    this.#bodies = new Bodies(web.maxBody);
    this.#parts = {
      deadlines: core.deadlines,
      bert: this.#bert,
      onFault: (why) => core.log.error({ why }, 'a module answered what HTTP cannot say'),
    };
  }

  /** Takes no more requests. */
  stop(): void {
    this.#closing = true;
  }

  /** Answers a request for a page or resource. */
  answer(place: Place, path: string, request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', headers } = request;
    const refused = this.#refuse(place, method, headers);
    if (refused) {
      if (refused === 'N2O_HTTP_METHOD')
        response.setHeader('allow', METHODS[place.kind].join(', '));
      respondError(response, refused);
    } else if (method === 'OPTIONS') {
      response.writeHead(204, ['allow', METHODS[place.kind].join(', ')]);
      response.end();
    } else if (method === 'GET' || method === 'HEAD') {
      this.#ask(place, path, request, EMPTY, response);
    } else {
      this.#bodies.read(request, (body, tooMuch) => {
        if (!tooMuch) this.#ask(place, path, request, body, response);
        // Node reads what is left of the body and drops it: who still sends would not get to see
        // the answer on a connection that is closed.
        else respondError(response, tooMuch);
      });
    }
  }

  #refuse({ kind }: Place, method: string, headers: IncomingHttpHeaders): ErrorCode | undefined {
    if (this.#closing) return 'N2O_HOST_CLOSED';
    if (!METHODS[kind].includes(method)) return 'N2O_HTTP_METHOD';
    if (kind === 'session' && !isOwnPage(headers)) return 'N2O_HTTP_ORIGIN';
    const changes = method === 'POST' || method === 'PUT' || method === 'DELETE';
    return changes && !isWelcome(headers, this.#web.origins) ? 'N2O_HTTP_ORIGIN' : undefined;
  }

  #ask(
    { kind, resource, id }: Place,
    path: string,
    { method = 'GET', url = '', headers, socket }: IncomingMessage,
    body: Uint8Array,
    response: ServerResponse,
  ): void {
    const { events, vnodes } = this.#core;
    // No two requests share a client: they do not wait for each other, and leave nothing behind.
    const number = this.#requests++;
    const client = `${this.#name}-${number}`;
    const mark = url.indexOf('?');
    const payload = this.#bert.encode(
      // Named one by one: an object that was spread takes much longer to make and to read.
      writeRequest({
        kind,
        scheme: schemeOf(socket, headers),
        method,
        path,
        query: mark < 0 ? '' : url.slice(mark + 1),
        headers: pick(headers),
        body,
        resource,
        id,
      }),
    );
    // Nobody has to find it: in turn is the fairest way to spread them, and no hash the fastest.
    const load = new ClientLoad(client, (number % vnodes) + 1);
    const full = events.windows.fullFor(load, payload.length);
    if (full) {
      this.#core.counters.busyEvents++;
      respondError(response, full);
      return;
    }
    const exchange = new Exchange(this.#parts, response, kind === 'app', this.#web.deadline);
    events.ask(load, exchange, addressOf(resource, load), payload);
  }
}

function addressOf(module: string, { client, vnode }: ClientLoad): Address {
  const route = {
    client,
    module,
    version: VERSION,
    vnode,
    user: '',
    token: '',
    origin: 'http',
  } as const;
  return new Address(route, () => Buffer.from(httpTopic(VERSION, vnode, module, client)));
}

/** A proxy that has ended TLS says so; who says it without one harms nobody but itself. */
function schemeOf(socket: object, headers: IncomingHttpHeaders): 'http' | 'https' {
  if ('encrypted' in socket) return 'https';
  const said = headers['x-forwarded-proto'];
  if (said === undefined) return 'http';
  return `${said}`.split(',', 1)[0]?.trim() === 'https' ? 'https' : 'http';
}

/** The headers that modules get. */
function pick(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const picked = new Map<string, string>();
  for (const name of REQUEST_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') picked.set(name, value);
  }
  return picked;
}
