/** The session of a client, as its handlers see it: found when it is first asked for. */
import {
  type ClientSession,
  type Format,
  type Identity,
  N2OError,
  type Route,
  type Services,
  type Variables,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import { renewed } from '../protocols/init.ts';

export class EventSession implements ClientSession {
  readonly #route: Route;
  readonly #services: Services;
  readonly #conversations: Conversations;

  #identity: Identity | undefined;

  constructor(route: Route, services: Services, conversations: Conversations) {
    this.#route = route;
    this.#services = services;
    this.#conversations = conversations;
  }

  async identity(): Promise<Identity | undefined> {
    const believed = await this.believed();
    if (believed === undefined) return undefined;
    const found = await this.#services.sessions.find(believed.token);
    if (found !== undefined) this.#identity = found;
    return found;
  }

  async believed(): Promise<Identity | undefined> {
    this.#identity ??=
      (await this.#conversations.of(this.#route))?.identity ?? (await this.#shown());
    return this.#identity;
  }

  /** As far as it was found already. The runtime's, not the handlers'. */
  get known(): Identity | undefined {
    return this.#identity;
  }

  adopt(identity: Identity): void {
    this.#identity = identity;
  }

  async renew(): Promise<Identity> {
    const identity = await this.believed();
    if (identity === undefined) throw new N2OError('N2O_SESSION_NONE');
    const next = await this.#services.sessions.renew(identity.sid);
    const conversation = await this.#conversations.of(this.#route);
    if (conversation !== undefined) {
      await this.#conversations.begin(this.#route, { ...conversation, identity: next });
    }
    this.#identity = next;
    // Whatever becomes of this event: the token that the client has leads nowhere any more.
    if (conversation !== undefined) await this.#tell(next, conversation.format);
    return next;
  }

  async #tell({ token }: Identity, written: Format): Promise<void> {
    const format = written === 'json' ? 'json' : 'bert';
    await this.#services.mq.action(this.#route, renewed(token), { format });
  }

  async get<Value>(name: string): Promise<Value | undefined> {
    return (await this.#variables())?.get(name);
  }

  async set(name: string, value: unknown): Promise<void> {
    const variables = await this.#variables();
    if (variables === undefined) throw new N2OError('N2O_SESSION_NONE');
    await variables.set(name, value);
  }

  async delete(name: string): Promise<void> {
    await (await this.#variables())?.delete(name);
  }

  async clear(): Promise<void> {
    await (await this.#variables())?.clear();
  }

  /** Whom the token leads to that came with the event itself: in its topic, or with its connection. */
  async #shown(): Promise<Identity | undefined> {
    const { token } = this.#route;
    return token === '' ? undefined : this.#services.sessions.find(token);
  }

  async #variables(): Promise<Variables | undefined> {
    const identity = await this.believed();
    return identity && this.#services.sessions.variables(identity.sid, identity);
  }
}
