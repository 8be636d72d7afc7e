/** A host as a member of its cluster: its share of the vnodes, each with a link to the broker. */
import { type Bus, createFormatters, type N2OError } from '@n2o/shared';
import { Answers } from './answers.ts';
import { LinkBus } from './bus.ts';
import { createLinkCounters, type LinkCounters } from './counters.ts';
import { Holdings } from './holdings.ts';
import { Membership } from './membership.ts';
import { takesPacket } from './packet-probe.ts';
import { SendLimit } from './send-limit.ts';
import { DEFAULT_PACKET_LIMIT, DEFAULT_TIMES, limitsOf, type MemberOptions } from './settings.ts';
import { Tenure } from './tenure.ts';

export interface Member extends AsyncDisposable {
  /** Resolves when the host serves its whole share for the first time. */
  readonly ready: Promise<void>;
  /** Resolves when the host cannot go on, with why: N2O_HOST_REPLACED, N2O_HOST_VNODES, N2O_LINK_REFUSED. */
  readonly failure: Promise<N2OError>;
  readonly counters: Readonly<LinkCounters>;
  /** How server code of this host speaks to clients and topics, while the broker can be reached. */
  readonly bus: Bus;
  /** The vnodes that it serves, in their order. */
  readonly vnodes: readonly number[];
  /** What is under way, and what is kept. */
  readonly load: MemberLoad;
  /** Why it does not serve its whole share; `undefined` when it does. */
  notReady(): string | undefined;
  /** Under which epoch it has a vnode; `undefined` if it has not. */
  epochOf(vnode: number): number | undefined;
  /** Gives its vnodes away, lets what is under way end, and leaves. Idempotent. */
  close(): Promise<void>;
}

export interface MemberLoad {
  /** Hosts of the cluster, this one included. */
  readonly hosts: number;
  /** Events under way, and the bytes of their payloads. */
  readonly pending: number;
  readonly bytes: number;
  /** Events whose acknowledgement the broker may not have, and their bytes. */
  readonly remembered: number;
  readonly rememberedBytes: number;
  /** Bytes that wait for the broker to read them. */
  readonly output: number;
  /** Vnodes that are not read from since there is no room. */
  readonly full: number;
}

/** Joins a cluster; returns at once and connects for as long as it takes. */
export function joinCluster(options: MemberOptions): Member {
  const {
    name,
    vnodes,
    workers,
    host,
    endpoint,
    log,
    packetLimit = DEFAULT_PACKET_LIMIT,
    sendLimit = packetLimit,
  } = options;
  const counters = createLinkCounters();
  const times = { ...DEFAULT_TIMES, ...options.times };
  const { keepalive, connectTimeout } = times;
  const line = { endpoint, keepalive, connectTimeout, packetLimit };
  const limit = new SendLimit(sendLimit, {
    takes: (bytes) => takesPacket(line, name, bytes),
    log,
  });
  const bus = new LinkBus(vnodes, limit, log);
  let becomeReady: () => void = () => {};
  let fail: (error: N2OError) => void = () => {};
  let serves: boolean | undefined;
  const look = () => {
    if (holdings.complete === serves) return;
    if (holdings.complete) becomeReady();
    if (holdings.complete && serves === false) log.info({}, 'serves its whole share again');
    // Before it has served for the first time there is nothing to do again.
    if (holdings.complete || serves !== undefined) serves = holdings.complete;
  };
  const tenure = {
    host,
    answers: new Answers(counters, createFormatters(), log, limit),
    counters,
    limits: limitsOf(options.limits),
    limit,
    line,
    log,
    grace: times.grace,
    fresh: () => membership.control.fresh(),
    changed: look,
    async fenced(fenced: Tenure) {
      // Without an answer the next attempt asks again.
      const epoch = await host.highestEpoch?.(fenced.vnode).catch(() => 0);
      holdings.outbid(fenced, epoch ?? 0);
    },
  };
  const holdings: Holdings = new Holdings({
    me: name,
    vnodes,
    patience: times.patience,
    log,
    begin: (vnode, epoch) => new Tenure(vnode, epoch, tenure),
    ended: (vnode) => host.forget?.(vnode),
    decided: look,
    isThere: (other) => membership.isThere(other),
    say: (topic, payload) => membership.control.say(topic, payload),
  });
  let closing: Promise<void> | undefined;
  const membership: Membership = new Membership({
    name,
    vnodes,
    workers,
    line,
    times,
    holdings,
    bus,
    log,
    failed(error) {
      if (closing !== undefined) return;
      // Who has taken over the name has taken over the presence with it.
      closing = membership.end(error.code !== 'N2O_HOST_REPLACED');
      holdings.loseAll();
      fail(error);
    },
  });
  membership.start();
  const leave = async (): Promise<void> => {
    await membership.drain();
    await holdings.leaveAll();
    await membership.end(true);
  };
  const close = (): Promise<void> => {
    closing ??= leave();
    return closing;
  };
  return {
    ready: new Promise((resolve) => {
      becomeReady = resolve;
    }),
    failure: new Promise((resolve) => {
      fail = resolve;
    }),
    counters,
    bus,
    get vnodes() {
      return holdings.serving;
    },
    get load() {
      return loadOf([...holdings.tenures], membership.others + 1);
    },
    notReady() {
      if (closing !== undefined) return 'draining';
      if (!membership.control.isSynced) return 'not connected to the broker';
      return holdings.complete ? undefined : 'vnodes are being taken over';
    },
    epochOf: (vnode) => holdings.epochOf(vnode),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function loadOf(tenures: readonly Tenure[], hosts: number): MemberLoad {
  const sum = (of: (tenure: Tenure) => number) =>
    tenures.reduce((total, tenure) => total + of(tenure), 0);
  return {
    hosts,
    pending: sum(({ link }) => link.load.count),
    bytes: sum(({ link }) => link.load.bytes),
    remembered: sum(({ link }) => link.memory.size),
    rememberedBytes: sum(({ link }) => link.memory.bytes),
    output: sum(({ link }) => link.output),
    full: sum(({ link }) => (link.full ? 1 : 0)),
  };
}
