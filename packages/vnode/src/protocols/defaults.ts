/** The names of the built-in protocols. */

/** In the order in which they are asked unless told otherwise. */
export const DEFAULT_PROTOCOLS = [
  'heart',
  'rpc',
  'nitro',
  'spa',
  'bin',
  'ftp',
  'http',
  'app',
] as const;
