/** A vnode of a host on one side, and on the other a broker that says what the test makes it say. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createFormatters } from '@n2o/shared';
import { onTestFinished } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { TestLink } from '../../../../test/support/link.ts';
import { packet } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { Answers } from '../../src/link/answers.ts';
import { createLinkCounters, type LinkCounters } from '../../src/link/counters.ts';
import { readEndpoint } from '../../src/link/endpoint.ts';
import { SendLimit } from '../../src/link/send-limit.ts';
import { limitsOf } from '../../src/link/settings.ts';
import { Tenure } from '../../src/link/tenure.ts';
import type { VnodeLimits } from '../../src/link/vnode-link.ts';

export interface Scripted {
  readonly tenure: Tenure;
  /** Where the events go. */
  readonly link: TestLink;
  readonly counters: LinkCounters;
  /** The broker's side of the next connection, its SUBSCRIBE granted. */
  accept(sessionPresent?: boolean): Promise<Peer>;
}

export interface ScriptedOptions {
  readonly limits?: Partial<VnodeLimits>;
  readonly packetLimit?: number;
  readonly fresh?: () => Promise<void>;
}

/** Vnode 3 of a host, that connects at once. */
export async function startVnode(options: ScriptedOptions = {}): Promise<Scripted> {
  const waiting: Socket[] = [];
  let wake = () => {};
  const server = createServer((socket) => {
    waiting.push(socket);
    wake();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const endpoint = readEndpoint(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const link = new TestLink();
  const counters = createLinkCounters();
  const { limits, packetLimit = 10_000, fresh = () => Promise.resolve() } = options;
  const takes = () => Promise.resolve(undefined);
  const limit = new SendLimit(64 * 1024, { takes, log: SILENT });
  const tenure = new Tenure(3, 1, {
    host: link,
    answers: new Answers(counters, createFormatters(), SILENT, limit),
    counters,
    limits: limitsOf(limits),
    limit,
    line: { endpoint, keepalive: 10_000, connectTimeout: 1_000, packetLimit },
    log: SILENT,
    grace: 1_000,
    fresh,
    fenced: async () => {},
    changed() {},
  });
  onTestFinished(() => tenure.lose());
  tenure.confirm();
  return {
    tenure,
    link,
    counters,
    async accept(sessionPresent = true) {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const peer = new Peer(waiting.shift() as Socket);
      onTestFinished(() => peer.drop());
      const connect = await peer.next();
      if (!connect.startsWith('CONNECT')) throw new Error(`${connect} instead of CONNECT`);
      peer.say(packet(0x20, sessionPresent ? 1 : 0, 0));
      const { messageId = 0 } = await peer.nextPacket();
      peer.say(packet(0x90, messageId >> 8, messageId & 0xff, 1));
      return peer;
    },
  };
}
