/** A file of a page on its way to the server: started, stopped, and shown where N2O's elements do. */
import type { N2OError } from '@n2o/shared';
import type { TransferOptions, Uploaded } from '../../files/upload.ts';

/** N2O's own id for how far it is. */
const STATUS = 'ftp_status';

/** Fired at the target: with bytes that are through, of so many; and with the file that the server has. */
const PROGRESS_EVENT = 'n2o-progress';
const UPLOADED_EVENT = 'n2o-uploaded';

/** Sends a file as `upload` does. */
export type Send = (file: File, options: TransferOptions) => Promise<Uploaded>;

/** One file at a time; what is stopped goes on where it was when it is started again. */
export interface Sending {
  /** Stops what was chosen before. */
  choose(file: File | undefined): void;
  start(): void;
  stop(): void;
}

/**
 * @param report told of what went wrong; not of being stopped
 * @param signal ends it for good
 */
export function createSending(
  target: EventTarget,
  send: Send,
  report: (error: N2OError) => void,
  signal?: AbortSignal,
): Sending {
  let file: File | undefined;
  let sending: AbortController | undefined;

  function tell(name: string, detail: unknown): void {
    target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  async function follow(chosen: File, mine: AbortController): Promise<void> {
    const ends = signal ? AbortSignal.any([mine.signal, signal]) : mine.signal;
    try {
      const uploaded = await send(chosen, {
        name: chosen.name,
        signal: ends,
        onProgress(done, total) {
          show(`${total === 0 ? 100 : Math.floor((100 * done) / total)} %`);
          tell(PROGRESS_EVENT, { done, total });
        },
      });
      tell(UPLOADED_EVENT, uploaded);
    } catch (error) {
      if (!ends.aborted) report(error as N2OError);
    } finally {
      if (sending === mine) sending = undefined;
    }
  }

  function stop(): void {
    sending?.abort();
    sending = undefined;
  }

  return {
    choose(chosen) {
      stop();
      file = chosen;
      show(chosen?.name ?? '');
    },
    start() {
      if (!file || sending) return;
      sending = new AbortController();
      void follow(file, sending);
    },
    stop,
  };
}

function show(text: string): void {
  const status = document.getElementById(STATUS);
  if (status) status.textContent = text;
}
