/** Clients that ask in numbers, and look whether every number is answered, in its order. */
import { vnodeOf } from '@n2o/shared';
import type { MqttClient } from 'mqtt';
import type { Mosquitto } from './mosquitto.ts';

export interface LoadOptions {
  readonly clients: number;
  /** Requests that a client has under way. */
  readonly window: number;
  readonly module: string;
  readonly vnodes: number;
}

/** What was seen. */
export interface Seen {
  /** Requests, all of which were answered. */
  requests: number;
  /** Answers that came again. */
  repeated: number;
  /** Answers that came before an earlier one had ever come. */
  disorders: number;
}

export interface Load {
  readonly seen: Readonly<Seen>;
  /** Resolves when so many more requests are answered. */
  answered(count: number): Promise<void>;
  /** Asks nothing more; resolves when all that was asked is answered. */
  stop(): Promise<Seen>;
}

/** Lets clients ask, each the next as soon as one is answered. */
export async function startLoad(
  broker: Mosquitto,
  { clients, window, module, vnodes }: LoadOptions,
): Promise<Load> {
  const seen: Seen = { requests: 0, repeated: 0, disorders: 0 };
  const waiting = new Set<() => void>();
  let answers = 0;
  let stopped = false;
  let open = 0;
  const begin = async (client: MqttClient, id: string) => {
    let asked = 0;
    let last = 0;
    const topic = `events/1/${vnodeOf(id, vnodes)}/${module}/${id}`;
    const ask = () => {
      open++;
      seen.requests++;
      client.publish(topic, `${++asked}`, { qos: 1 });
    };
    client.on('message', (_, payload) => {
      const number = Number(payload.toString());
      if (number <= last) {
        seen.repeated++;
        return;
      }
      if (number !== last + 1) seen.disorders++;
      open -= number - last;
      answers += number - last;
      last = number;
      while (!stopped && asked - last < window) ask();
      for (const wake of waiting) wake();
    });
    await client.subscribeAsync(`actions/1/${module}/${id}`, { qos: 1 });
    for (let i = 0; i < window; i++) ask();
  };
  await Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      const clientId = `dev${i}`;
      await begin(await broker.connect({ clientId, clean: false }), clientId);
    }),
  );
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        if (!holds()) return;
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
      wake();
    });
  return {
    seen,
    answered(count) {
      const goal = answers + count;
      return until(() => answers >= goal);
    },
    async stop() {
      stopped = true;
      await until(() => open === 0);
      return seen;
    },
  };
}
