/** The main thread's side of what the services of a worker are built on. */
import type { Logger } from '@n2o/shared';
import { serveStore } from '@n2o/store';
import type { Resources } from '../resources.ts';
import type { Asked, Told } from './resources.ts';
import { ServedBus } from './serve-bus.ts';

export interface ServedResources {
  /** Does what the worker asks. */
  hear(asked: Asked): void;
  /** The worker is gone. */
  end(): void;
}

/** @param say the memory is the worker's afterwards */
export function serveResources(
  { store, bus }: Resources,
  log: Logger,
  say: (told: Told, memory: readonly ArrayBuffer[]) => void,
): ServedResources {
  const served = new ServedBus(bus, (answer, memory) => say({ busSaid: answer }, memory), log);
  let ended = false;
  return {
    hear(asked) {
      if ('bus' in asked) served.hear(asked.bus);
      else {
        void serveStore(store, asked.store, (answer) => {
          if (!ended) say({ storeSaid: answer }, [answer.buffer as ArrayBuffer]);
        });
      }
    },
    end() {
      ended = true;
      served.end();
    },
  };
}
