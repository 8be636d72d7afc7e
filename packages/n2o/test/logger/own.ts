/** A logger of one's own, as an application would have it. */
import { inspect } from 'node:util';
import type { LoggerParts, LogWriter } from '../../src/logger.ts';

export default function makeLogger({ output }: LoggerParts): LogWriter {
  const at = (level: string) => (fields: object, text?: string) => {
    const about = inspect(fields, { breakLength: Number.POSITIVE_INFINITY, depth: 5 });
    output.write(`own ${level} ${text ?? ''} ${about.replaceAll('\n', ' ')}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
