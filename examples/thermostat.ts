/**
 * A thermostat per device: the device reports, the owner sets, both over MQTT.
 *
 *   mosquitto_rr -V mqttv311 -i dev1 -t events/1//thermostat/dev1 -e actions/1/thermostat/dev1 -m '{"set":21.5}'
 *   npx n2o call thermostat '{"measured":19}'
 */
import { type Context, defineModule } from 'n2o';

interface Report {
  /** Degrees Celsius that the owner wants. */
  set?: number;
  /** Degrees Celsius that the device measures. */
  measured?: number;
}

interface State {
  target: number;
  measured: number | null;
  heating: boolean;
}

const LOWEST = 5;
const HIGHEST = 30;

/** By device. Lives in one worker: a device's events always come to the same one. */
const devices = new Map<string, State>();

function stateOf(device: string): State {
  const state = devices.get(device) ?? { target: 20, measured: null, heating: false };
  devices.set(device, state);
  return state;
}

export default defineModule({
  event(report: Report, context: Context) {
    const state = stateOf(context.client);
    if (typeof report.set === 'number') {
      state.target = Math.min(HIGHEST, Math.max(LOWEST, report.set));
    }
    if (typeof report.measured === 'number') state.measured = report.measured;
    state.heating = state.measured !== null && state.measured < state.target;
    return state;
  },

  methods: {
    /** The state of the calling device. */
    state(_params: undefined, context: Context): State {
      return stateOf(context.client);
    },
    /** Sets the target, in degrees Celsius; the answer is what it was set to. */
    setTarget({ celsius }: { celsius: number }, context: Context): { target: number } {
      const state = stateOf(context.client);
      state.target = Math.min(HIGHEST, Math.max(LOWEST, celsius));
      return { target: state.target };
    },
  },

  terminate() {
    devices.clear();
  },
});
