/** The JSON formatter, and how N2O's own messages look as objects. */
import { ErrorFrame, Io } from '../../message.ts';
import type { FormatLimits, Formatter } from '../formatter.ts';
import { hasOnly } from '../record.ts';
import { textual } from '../textual.ts';
import { type Frames, JsonNotation } from './notation.ts';

/** `{"name":"io","eval":"fire();","data":1}` and `{"error":{"code":"…","message":"…"}}`. */
export const objectFrames: Frames = {
  write(frame) {
    if (frame instanceof Io) return { name: 'io', eval: frame.eval, data: frame.data };
    return { error: { code: frame.code, message: frame.message } };
  },

  read(json) {
    if (hasOnly(json, 'error')) return readError(json.error);
    if (!hasOnly(json, 'name', 'eval', 'data') || json.name !== 'io') return undefined;
    return new Io(json.eval, json.data);
  },
};

function readError(error: unknown): ErrorFrame | undefined {
  if (typeof error !== 'object' || error === null || !hasOnly(error, 'code', 'message')) {
    return undefined;
  }
  const { code, message } = error;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return new ErrorFrame(code, message);
}

/** Makes a JSON formatter. */
export function createJson(limits: FormatLimits): Formatter {
  return textual('json', new JsonNotation('json', objectFrames, limits), limits);
}
