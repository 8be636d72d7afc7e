/** Every option of the command, described once: flags, environment, file, help and documentation come from here. */
import { z } from 'zod';
import { bounds } from './options/bounds.ts';
import { client } from './options/client.ts';
import { cluster } from './options/cluster.ts';
import { files } from './options/files.ts';
import { listening } from './options/listening.ts';
import { logging } from './options/logging.ts';
import type { Machine } from './options/option.ts';
import { remote } from './options/remote.ts';
import { services } from './options/services.ts';
import { web } from './options/web.ts';
import { working } from './options/working.ts';

const ANY: Machine = { cores: 1, production: false };

const server = (machine: Machine) => ({
  ...listening,
  ...web,
  ...cluster,
  ...logging,
  ...working(machine),
  ...services,
  ...files,
  ...bounds,
});

const vnode = (machine: Machine) => ({
  ...remote,
  host: listening.host,
  httpPort: listening.httpPort,
  maxPacketSize: bounds.maxPacketSize,
  ...cluster,
  ...logging,
  ...working(machine),
  ...services,
  ...files,
});

/** The schema of all options. */
export function optionsSchema(machine: Machine) {
  return z.strictObject({ ...server(machine), ...remote, ...client });
}

/** The options with their values. */
export type Options = z.output<ReturnType<typeof optionsSchema>>;

/** The name of an option, as in the file. */
export type OptionName = keyof Options;

/** The options of a server: a broker, with or without workers. */
export type ServerOptions = z.output<z.ZodObject<ReturnType<typeof server>>>;

/** The options of a vnode host. */
export type VnodeOptions = z.output<z.ZodObject<ReturnType<typeof vnode>>>;

/** The options of workers, wherever they are. */
export type WorkingOptions = Pick<ServerOptions, keyof ReturnType<typeof working>>;

/** The options of the log. */
export type LoggingOptions = Pick<ServerOptions, keyof typeof logging>;

/** The options of files that clients send. */
export type FilesOptions = Pick<ServerOptions, keyof typeof files>;

/** The options of the services that their code uses. */
export type ServicesOptions = Pick<ServerOptions, keyof typeof services>;

/** What a file may hold: `n2o.config.ts` exports one. */
export type ConfigFile = Partial<z.input<ReturnType<typeof optionsSchema>>>;

/** The names of the options of a server. */
export const SERVER_OPTIONS = Object.keys(server(ANY)) as (keyof ServerOptions)[];

/** The names of the options of a vnode host. */
export const VNODE_OPTIONS = Object.keys(vnode(ANY)) as (keyof VnodeOptions)[];

/** The names of all options. */
export const ALL_OPTIONS = Object.keys(optionsSchema(ANY).shape) as OptionName[];

/** The name of the flag: `mqttPort` → `mqtt-port`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The name of the variable: `mqttPort` → `N2O_MQTT_PORT`. */
export function variableOf(name: string): string {
  return `N2O_${flagOf(name).replaceAll('-', '_').toUpperCase()}`;
}
