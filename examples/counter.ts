/** Remote procedures: JSON-RPC 2.0 over MQTT, typed for clients by `typeof` this module. */
import { type Context, defineModule } from 'n2o';

const counts = new Map<string, number>();

export default defineModule({
  methods: {
    /** Adds to the caller's count; the answer is the new count. */
    add({ by = 1 }: { by?: number }, { client }: Context): number {
      const count = (counts.get(client) ?? 0) + by;
      counts.set(client, count);
      return count;
    },
    /** The caller's count. */
    value(_params: undefined, { client }: Context): number {
      return counts.get(client) ?? 0;
    },
  },
});
