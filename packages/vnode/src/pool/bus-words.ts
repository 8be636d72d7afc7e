/** What a worker and the main thread say to each other about the bus. */
import type { ErrorCode, Member, Publication, PublishOptions } from '@n2o/shared';

/** Worker: what it wants. Those with a ticket are answered. */
export type BusRequest =
  | {
      readonly ask: 'publish';
      readonly ticket: number;
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly options: Required<PublishOptions>;
    }
  | {
      readonly ask: 'tell';
      readonly ticket: number;
      readonly member: Required<Member>;
      readonly payload: Uint8Array;
    }
  /** The ticket stands for the subscription from then on. */
  | { readonly ask: 'subscribe'; readonly ticket: number; readonly filter: string }
  | { readonly ask: 'unsubscribe'; readonly ticket: number; readonly subscription: number }
  /** So many publications have been heard, of that many bytes: there is room for others. */
  | { readonly ask: 'more'; readonly count: number; readonly bytes: number };

/** Main: what came of it. */
export type BusAnswer =
  | { readonly say: 'done'; readonly ticket: number }
  | {
      readonly say: 'failed';
      readonly ticket: number;
      readonly code: ErrorCode;
      readonly message: string;
    }
  | { readonly say: 'heard'; readonly subscription: number; readonly publication: Publication };

/** Bytes that are alone in their memory, so that nothing else travels with them. */
export function alone(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
