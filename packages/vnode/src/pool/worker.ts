/** The thread's entry: packed events in, the runtime in the middle, packed outcomes out. */
import { parentPort, workerData } from 'node:worker_threads';
import { createFormatters, N2OError, type Route, reason } from '@n2o/shared';
import { startApplication } from '../application.ts';
import { packEffect } from '../effects/packed.ts';
import type { Control, WorkerSettings } from './control.ts';
import { RemoteKeeping } from './keeping.ts';
import { Marks } from './marks.ts';
import {
  ASKED,
  decodeRoute,
  EVENT,
  GUEST,
  HEAD,
  KEPT,
  OUTCOMES,
  Packer,
  ROUTE,
  readGuest,
  readRecords,
  SETTLED,
  TOLD,
} from './records.ts';
import { type Asked, createRemoteResources, type Told } from './resources.ts';
import { type Outbound, WorkerEvent } from './worker-event.ts';
import { createWorkerLog } from './worker-log.ts';

/** While handlers compute, what is settled leaves after this many milliseconds at the latest. */
const PATIENCE = 0.5;

const settings = workerData as WorkerSettings;
const port = parentPort as NonNullable<typeof parentPort>;
const marks = new Marks(settings.marks);
const packer = new Packer();
const routes = new Map<number, Route>();
const turn = { scheduled: false, since: 0 };
const say = (control: Control) => port.postMessage(control);

const outbound: Outbound = {
  settled({ route, slot }, outcome, bytes) {
    const flags = OUTCOMES.indexOf(outcome);
    if (route.origin === 'http') packer.answer(flags, slot, bytes);
    else packer.record(SETTLED, flags, slot, bytes);
    packed();
  },
};

const keeping = new RemoteKeeping(
  (control) => {
    post();
    say(control);
  },
  (event, outcome, bytes, effect) => {
    const { slot } = event as WorkerEvent;
    packer.pair(KEPT, OUTCOMES.indexOf(outcome), slot, packEffect(effect), bytes);
    packed();
  },
);

/** Something was packed: it leaves when the turn ends, or earlier if that takes long. */
function packed(): void {
  if (!turn.scheduled) {
    turn.scheduled = true;
    turn.since = performance.now();
    setImmediate(flush);
  } else if (packer.isFull || performance.now() - turn.since > PATIENCE) post();
}

function flush(): void {
  turn.scheduled = false;
  post();
}

function post(): void {
  if (packer.size === 0) return;
  const packed = packer.take();
  port.postMessage(packed, [packed.buffer]);
  turn.since = performance.now();
}

const logging = createWorkerLog(say, settings.levels);

/** Asks the main thread for what services are built on, behind what was settled here. */
function ask(asked: Asked, memory: readonly ArrayBuffer[]): void {
  // Somebody waits for the answer, be it while the modules start.
  port.ref();
  if ('store' in asked) {
    packer.record(ASKED, 0, 0, asked.store);
    packed();
  } else {
    post();
    port.postMessage(asked satisfies Control, memory);
  }
}

const resources = settings.resources && createRemoteResources(settings.resources, ask, logging.log);

/** What comes before the modules have started waits, but for what they have asked for: events come later. */
const early: Control[] = [];
const hearEarly = (message: Uint8Array | Control) => {
  if (message instanceof Uint8Array) {
    readRecords(message, (_kind, _flags, _number, start, end) => told(message.slice(start, end)));
  } else if (isTold(message)) resources?.hear(message);
  else early.push(message);
};

/** Given memory of its own: what is read from it may be kept. */
function told(storeSaid: Uint8Array): void {
  resources?.hear({ storeSaid });
}

function isTold(message: Control): message is Told {
  return 'busSaid' in message;
}

try {
  port.on('message', hearEarly);
  // Modules that wait for what never comes end the thread, which says so.
  port.unref();
  const application = await startApplication({
    ...settings,
    formatters: createFormatters(),
    ...logging,
    keeping,
    limits: settings.effects,
    resources,
    observe: {
      enter: (event) => marks.enter((event as WorkerEvent).slot),
      leave: () => marks.leave(),
    },
  });
  const receive = (packed: Uint8Array) => {
    const deliver = (route: Route, flags: number, slot: number, from: number, end: number) => {
      const isAlone = from === HEAD + 4 && end === packed.length;
      const payload = packed.subarray(from, end);
      application.deliver(new WorkerEvent(route, payload, flags, slot, isAlone, outbound));
    };
    readRecords(packed, (kind, flags, number, start, end) => {
      if (kind === EVENT) {
        const route = routes.get(new DataView(packed.buffer, start).getUint32(0, true)) as Route;
        deliver(route, flags, number, start + 4, end);
      } else if (kind === GUEST) {
        const { route, payload } = readGuest(packed, start);
        deliver(route, flags, number, payload, end);
      } else if (kind === TOLD) told(packed.slice(start, end));
      else if (kind === ROUTE) routes.set(number, decodeRoute(packed.subarray(start, end)));
      else routes.delete(number);
    });
  };
  const hear = (message: Uint8Array | Control) => {
    if (message instanceof Uint8Array) receive(message);
    else if (isTold(message)) resources?.hear(message);
    else if ('loaded' in message) keeping.loaded(message.ticket, message.loaded);
    else if ('forget' in message) application.forget(message.forget);
    else if ('levels' in message) logging.dial.turn(message.levels);
    else if ('reload' in message) {
      application.reload().then(
        () => say({ reloaded: {} }),
        (error: N2OError) =>
          say({ reloaded: { failed: { code: error.code, message: error.message } } }),
      );
    } else if ('close' in message) {
      void application.close().finally(() => {
        flush();
        port.close();
        process.exit(0);
      });
    }
  };
  port.on('message', hear);
  port.off('message', hearEarly);
  port.ref();
  for (const message of early.splice(0)) hear(message);
  setInterval(() => {
    marks.beat();
    marks.know(application.known);
  }, settings.pulse).unref();
  say({ ready: true });
} catch (error) {
  const code = error instanceof N2OError ? error.code : 'N2O_WORKER_FAILED';
  say({ failed: code, message: reason(error) });
  port.close();
}
