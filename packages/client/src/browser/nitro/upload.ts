/** The upload element of a page: what the user picks is sent, started and stopped by its buttons. */
import type { N2OError } from '@n2o/shared';
import { createSending, type Send } from './sending.ts';

/** The ids of the elements around it are N2O's own. */
const OPEN = 'ftp_open';
const START = 'ftp_start';
const STOP = 'ftp_stop';

/**
 * Makes a file input send.
 *
 * @param report told of what went wrong; not of being stopped
 * @param signal takes all of it back
 */
export function bindUpload(
  input: HTMLInputElement,
  send: Send,
  report: (error: N2OError) => void,
  signal: AbortSignal,
): void {
  const sending = createSending(input, send, report, signal);
  const onClick = (id: string, act: () => void) => {
    document.getElementById(id)?.addEventListener(
      'click',
      (event) => {
        event.preventDefault();
        act();
      },
      { signal },
    );
  };
  onClick(OPEN, () => input.click());
  onClick(START, sending.start);
  onClick(STOP, sending.stop);
  input.addEventListener('change', () => sending.choose(input.files?.[0]), { signal });
}
