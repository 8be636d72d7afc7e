/** `n2o call MODULE MESSAGE`: one message, one reply. */
import { inspect } from 'node:util';
import { connect } from '@n2o/client';
import { createFormatters, type Format, N2OError } from '@n2o/shared';
import type { Resolved } from '../config.ts';
import type { Io, Output } from '../io.ts';
import { connectionOf } from './connection.ts';
import { contentOf } from './content.ts';

export async function call({ options, operands, sources }: Resolved, io: Io): Promise<number> {
  const [module, operand] = operands as [string, string];
  const { format } = options;
  const message = messageOf(await contentOf(operand, io), format);
  const { url, ...rest } = connectionOf(options);
  // On a standard broker nobody fills in the vnode: who says how many there are says that it is one.
  const node = sources.vnodes === 'flag' ? { vnodes: options.vnodes } : {};
  await using client = await connect(url, { ...rest, ...node });
  print(await client.call(module, message, format === undefined ? {} : { format }), io.stdout);
  return 0;
}

/** JSON where it is JSON, else text, unless the format says what it is. */
function messageOf(content: Buffer, format: Format | undefined): unknown {
  if (format === 'binary') return content;
  const text = content.toString();
  if (format === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Text and bytes as they are, anything else as JSON: on a terminal on several lines. */
function print(value: unknown, output: Output): void {
  if (value instanceof Uint8Array) output.write(value);
  else output.write(typeof value === 'string' ? value : json(value, output.isTTY ? 2 : 0));
  output.write('\n');
}

function json(value: unknown, indent: number): string {
  try {
    const text = new TextDecoder().decode(createFormatters().json.encode(value));
    return indent === 0 ? text : JSON.stringify(JSON.parse(text), null, indent);
  } catch (error) {
    if (!(error instanceof N2OError)) throw error;
    // Erlang's terms that JSON has no form for.
    return inspect(value, { depth: null });
  }
}
