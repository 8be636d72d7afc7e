/** N2O's own browser files in a page, in the order in which they need each other. */
import { attribute, inline, literal } from './embed.ts';

const FILES = ['utf8', 'ieee754', 'bert', 'heart', 'n2o', 'nitro', 'ftp'];
const MQTT_FILES = [...FILES, 'paho-mqtt', 'mq'];

export interface OriginalParts {
  /** Address of the folder of the files. */
  readonly browserFiles: string;
  readonly token: string;
  readonly transport: 'websocket' | 'mqtt';
}

/**
 * The end of a page: the files, then what main has wired, which uses them. Beforehand they want the
 * port in a variable, and the token in the one storage or the other, depending on file and revision.
 * `mq.js` connects by itself, `n2o.js` when it is told to.
 */
export function originalScripts(
  { browserFiles, token, transport }: OriginalParts,
  todo: string,
): string {
  const given = `var port=location.port;localStorage.token=sessionStorage.token=${literal(token)};`;
  const mqtt = transport === 'mqtt';
  const files = (mqtt ? MQTT_FILES : FILES).map(
    (name) => `<script src="${attribute(browserFiles)}/${name}.js"></script>`,
  );
  return inline(given) + files.join('') + inline(todo) + (mqtt ? '' : inline('N2O_start();'));
}
