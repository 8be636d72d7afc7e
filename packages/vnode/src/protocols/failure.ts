/** What a client is told of something that was thrown. */
import { ERRORS, ErrorFrame, type Logger, N2OError, reason } from '@n2o/shared';

/**
 * Logs what a handler threw, with its stack, and returns what its client may know of it: code and
 * text of an N2OError, which is thrown to be told; of anything else that the handler threw, and
 * its text only if `exposeErrors` is set.
 */
export function failure(thrown: unknown, log: Logger, exposeErrors: boolean): ErrorFrame {
  if (thrown instanceof N2OError) {
    log.warn({ err: thrown }, 'the handler refused the event');
    return new ErrorFrame(thrown.code, thrown.message);
  }
  log.error({ err: thrown }, 'the handler threw');
  const text = exposeErrors ? reason(thrown) : ERRORS.N2O_HANDLER_THREW;
  return new ErrorFrame('N2O_HANDLER_THREW', text);
}
