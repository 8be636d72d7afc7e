/** A message on its way to a process, and who waits for the answer. */
import { N2OError } from '@n2o/shared';

export interface Letter {
  readonly message: unknown;
  /** `undefined` where nobody waits. */
  readonly sender?: Sender;
}

export interface Sender {
  answer(reply: unknown): void;
  refuse(error: N2OError): void;
}

/** The platform takes no longer times. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Posts a letter, and waits for the answer.
 * @param post takes the letter, or throws; answers later
 * @param timeout milliseconds
 * @throws N2O_PROCESS_TIMEOUT, what `post` throws, and what the letter is refused with
 */
export function ask(
  post: (letter: Letter) => void,
  message: unknown,
  timeout: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    const sender: Sender = {
      answer(reply) {
        clearTimeout(late);
        resolve(reply);
      },
      refuse(error) {
        clearTimeout(late);
        reject(error);
      },
    };
    post({ message, sender });
    const giveUp = () => reject(new N2OError('N2O_PROCESS_TIMEOUT'));
    late = setTimeout(giveUp, Math.min(timeout, LONGEST_MS));
  });
}
