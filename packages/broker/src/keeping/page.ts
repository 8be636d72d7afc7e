/** Messages of an offline queue that are read at once. */
import type { Delivery } from '../session/delivery.ts';
import type { Archive } from './archive.ts';
import { fieldOf, readDelivery } from './records.ts';

/** So many at most, and bytes that they should not take more of. */
export const PAGE = 256;
export const PAGE_BYTES = 1024 * 1024;

/** Messages, and the number behind the last of them. */
export interface Page {
  readonly deliveries: readonly Delivery[];
  readonly next: number;
}

/**
 * Reads the messages from one number to before another. Those that waited too long are marked as
 * over, unless they were sent: the client may be about to acknowledge them.
 * @param sent the highest number that was sent
 * @throws N2O_STORE_UNAVAILABLE
 */
export async function readDeliveries(
  { store, limits, now }: Archive,
  group: string,
  from: number,
  next: number,
  sent: number,
): Promise<Delivery[]> {
  const numbers = Array.from({ length: next - from }, (_, i) => from + i);
  const values = await store.get(group, numbers.map(fieldOf));
  return values.flatMap((value, i) => {
    const read = value && readDelivery(value);
    if (!read) return [];
    const { delivery, since } = read;
    delivery.number = numbers[i] as number;
    delivery.stored = true;
    delivery.again = delivery.number <= sent;
    delivery.over = !delivery.again && (now - since) * 1_000 > limits.queueAge;
    return [delivery];
  });
}
