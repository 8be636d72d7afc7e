/** The session of a client, as its handlers see it: found when it is first asked for. */
import {
  type ClientSession,
  type Identity,
  N2OError,
  type Services,
  type Variables,
} from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';

export class EventSession implements ClientSession {
  readonly #client: string;
  readonly #services: Services;
  readonly #conversations: Conversations;

  constructor(client: string, services: Services, conversations: Conversations) {
    this.#client = client;
    this.#services = services;
    this.#conversations = conversations;
  }

  async identity(): Promise<Identity | undefined> {
    return (await this.#conversations.of(this.#client))?.identity;
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

  async #variables(): Promise<Variables | undefined> {
    const identity = await this.identity();
    return identity && this.#services.sessions.variables(identity.sid);
  }
}
