/** What files travel over: something that answers each message about them. */

/** Sends messages of the file transfer; each is answered, or fails. */
export interface FileChannel {
  /**
   * Sends a message, and resolves with the answer to it. MUST keep the order of what is sent, and
   * reject when the connection is lost or the answer does not come in time.
   */
  request(message: unknown): Promise<unknown>;
  /** Resolves when there is a connection; without it, there always is one. */
  ready?(): Promise<void>;
}
