/** What a host says when it connects, and why a broker may turn it away. */
import { N2OError } from '@n2o/shared';

/** What a CONNECT says. */
export interface Introduction {
  readonly client: string;
  readonly clean: boolean;
  /** Milliseconds without a word after which either side takes the other for dead; whole seconds. */
  readonly keepalive: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A topic whose retained message the broker is to remove when this side is gone without a word. */
  readonly will?: string | undefined;
}

/** CONNACK's return codes [MQTT-3.2.2.3]. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'it does not speak MQTT 3.1.1',
  2: 'it does not accept the client id',
  4: 'user or password are wrong',
  5: 'this host is not authorised',
};

/** Its code for a broker that may accept a connection later. */
const UNAVAILABLE = 3;

/** The error of a return code that is not 0. */
export function refusal(code: number): N2OError {
  if (code === UNAVAILABLE) {
    return new N2OError('N2O_LINK_CONNECT', 'the broker takes nobody in for now (CONNACK 3)');
  }
  const text = `the broker refuses this host: ${REFUSALS[code] ?? code}`;
  return new N2OError('N2O_LINK_REFUSED', text);
}
