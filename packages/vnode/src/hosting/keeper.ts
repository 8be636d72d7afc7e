/** The keeper of a host's effects, where the host has a store. */
import { createFormatters } from '@n2o/shared';
import { Keeper } from '../effects/keeper.ts';
import type { EffectsStatus, HostSettings } from '../host.ts';
import { createFrames } from '../pool/frames.ts';

/** @param onForget whoever knows anything of the clients of a vnode has to forget it */
export function createKeeper(
  settings: HostSettings,
  onForget: (vnode: number) => void,
): Keeper | undefined {
  const { store, effectTtl, stateTtl, epochOf, onFenced, log, protocols } = settings;
  if (store === undefined) return undefined;
  const frame = createFrames(createFormatters(), protocols);
  return new Keeper({ store, effectTtl, stateTtl, epochOf, onFenced, log, frame, onForget });
}

/** Sums up what a keeper counts and what those know who run events. */
export function effectsStatus(
  keeper: Keeper | undefined,
  known: readonly { readonly clients: number; readonly bytes: number }[],
): EffectsStatus {
  const counts = keeper?.counts ?? { waiting: 0, kept: 0, repeated: 0, refused: 0 };
  const clients = known.reduce((sum, one) => sum + one.clients, 0);
  const bytes = known.reduce((sum, one) => sum + one.bytes, 0);
  return { clients, bytes, ...counts };
}
