/** N2O's `ftp` for script: what its upload element calls to choose, start and stop a file. */
import { createSending, type Send, type Sending } from '../nitro/sending.ts';
import type { PageClient } from '../page-client.ts';

/** N2O's own id for the element around the input. */
const UPLOAD = 'upload';

export interface Ftp {
  init(file: File | undefined): Sending;
  start(sending: Sending | undefined): void;
  stop(sending: Sending | undefined): void;
}

/** @param report told of what went wrong; not of being stopped */
export function ftpOf(client: PageClient, report: (error: unknown) => void): Ftp {
  const send: Send = (file, options) => client.upload(file, options);
  const begun = new WeakMap<EventTarget, Sending>();
  return {
    init(file) {
      const target = document.getElementById(UPLOAD) ?? document;
      const sending = begun.get(target) ?? createSending(target, send, report);
      begun.set(target, sending);
      sending.choose(file);
      return sending;
    },
    start: (sending) => sending?.start(),
    stop: (sending) => sending?.stop(),
  };
}
