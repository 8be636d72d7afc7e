/** The brokers that this suite runs against: one kind for each store. */
import { createBroker, type Limits } from '@n2o/broker';
import { expect, onTestFinished } from 'vitest';
import { startBroker } from '../support/broker.ts';
import { type ConnectOptions, connect } from '../support/packets.ts';
import { Peer } from '../support/peer.ts';
import { type Apart, startApart } from './apart.ts';
import { gateTo } from './gate.ts';
import { openPlace, type Place, places } from './places.ts';
import { slow } from './slow-store.ts';

/** How a client of this suite connects. */
export interface Joining extends ConnectOptions {
  /** Acknowledges all it gets by itself, from the first packet on. */
  readonly acknowledges?: boolean;
}

/** How clients come to a broker, wherever it listens at that time. */
export interface Meeting {
  /** Opens a connection and says nothing. */
  open(): Promise<Peer>;
  /** Connects a client for which the broker has no session. */
  join(client: string, how?: Joining): Promise<Peer>;
  /** Connects a client whose session the broker has kept. */
  back(client: string, how?: Joining): Promise<Peer>;
}

/** A broker, and clients for it. */
export interface Stage extends Meeting {
  /** `host:port` of MQTT over WebSocket, as of now. */
  readonly http: string;
  /** Ends the broker in good order, and starts another one on the same store. */
  restart(): Promise<void>;
  /** From now on nothing that the store is asked to keep is kept, nor refused. */
  stall(): void;
  /** Ends the broker as it stands, without what is not kept, and starts another one on the same store. */
  crash(): Promise<void>;
}

export interface StageOptions {
  readonly limits?: Partial<Limits>;
  /** Milliseconds that the store takes at most to begin what it is asked for, and again to end it. */
  readonly latency?: number | undefined;
}

/** One way of running the broker. */
export interface Kind {
  readonly name: string;
  /** Whether what was promised outlives the broker. */
  readonly durable: boolean;
  /** Starts a broker in this process, on a store of its own; both are gone with the test. */
  start(options?: StageOptions): Promise<Stage>;
  /** Starts a broker in another process, on a store of its own; both are gone with the test. */
  startApart(): Promise<Apart & Meeting>;
}

/** All kinds. To be called where a test file begins. */
export function stages(): readonly Kind[] {
  return places().map(({ name, durable, find }) => ({
    name,
    durable,
    start: async (options) => setStage(await find(), options),
    startApart: async () => {
      const apart = await startApart(await find());
      return Object.assign(
        apart,
        meeting(() => apart.mqtt),
      );
    },
  }));
}

async function setStage(place: Place, { limits = {}, latency }: StageOptions = {}): Promise<Stage> {
  const begin = async () => {
    const gate = gateTo(await openPlace(place));
    const store = latency === undefined ? gate.store : slow(gate.store, latency);
    return { gate, store, started: await startBroker(createBroker, { limits, store }) };
  };
  let running = await begin();
  const end = async (patience?: number) => {
    await running.started.broker.close(patience);
    await running.store.close();
  };
  onTestFinished(() => end(0));
  return {
    ...meeting(() => running.started.mqtt),
    get http() {
      return running.started.http;
    },
    async restart() {
      await end();
      running = await begin();
    },
    stall: () => running.gate.shut(),
    async crash() {
      running.gate.shut();
      await end(0);
      running = await begin();
    },
  };
}

function meeting(address: () => string): Meeting {
  const open = () => Peer.dial(address());
  const enter = async (client: string, how: Joining, answer: string) => {
    const peer = await open();
    peer.acknowledges = how.acknowledges ?? false;
    peer.say(connect(client, how));
    expect(await peer.next()).toBe(answer);
    return peer;
  };
  return {
    open,
    join: (client, how = {}) => enter(client, how, 'CONNACK 0'),
    back: (client, how = {}) => enter(client, { clean: false, ...how }, 'CONNACK 0 present'),
  };
}
