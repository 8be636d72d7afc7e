/** The upload element of a page: what the user picks is sent, started and stopped by its buttons. */
import type { N2OError } from '@n2o/shared';
import type { FileChannel } from '../../files/channel.ts';
import { upload } from '../../files/upload.ts';

/** The ids of the elements around it are N2O's own. */
const OPEN = 'ftp_open';
const START = 'ftp_start';
const STOP = 'ftp_stop';
const STATUS = 'ftp_status';

/** Fired at the input: with bytes that are through, of so many; and with the file that the server has. */
const PROGRESS_EVENT = 'n2o-progress';
const UPLOADED_EVENT = 'n2o-uploaded';

/**
 * Makes a file input send. What is stopped goes on where it was when it is started again.
 *
 * @param report told of what went wrong; not of being stopped
 * @param signal takes all of it back
 */
export function bindUpload(
  input: HTMLInputElement,
  channel: FileChannel,
  report: (error: N2OError) => void,
  signal: AbortSignal,
): void {
  let sending: AbortController | undefined;

  function show(text: string): void {
    const status = document.getElementById(STATUS);
    if (status) status.textContent = text;
  }

  function tell(name: string, detail: unknown): void {
    input.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  async function start(): Promise<void> {
    const file = input.files?.[0];
    if (!file || sending) return;
    const mine = new AbortController();
    sending = mine;
    try {
      const uploaded = await upload(channel, file, {
        name: file.name,
        signal: AbortSignal.any([mine.signal, signal]),
        onProgress(done, total) {
          show(`${total === 0 ? 100 : Math.floor((100 * done) / total)} %`);
          tell(PROGRESS_EVENT, { done, total });
        },
      });
      tell(UPLOADED_EVENT, uploaded);
    } catch (error) {
      if (!mine.signal.aborted && !signal.aborted) report(error as N2OError);
    } finally {
      if (sending === mine) sending = undefined;
    }
  }

  const stop = () => {
    sending?.abort();
    sending = undefined;
  };
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
  onClick(START, () => void start());
  onClick(STOP, stop);
  input.addEventListener(
    'change',
    () => {
      stop();
      show(input.files?.[0]?.name ?? '');
    },
    { signal },
  );
}
