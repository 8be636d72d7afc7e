/** The bounds of a broker, out of the options. */
import type { Limits } from '@n2o/broker';
import type { ServerOptions } from './options.ts';

export function limitsOf(options: ServerOptions): Partial<Limits> {
  return {
    packetSize: options.maxPacketSize,
    connections: options.maxConnections,
    connectTimeout: options.connectTimeout,
    inflightPerClient: options.inflightPerClient,
    inflightPerVnode: options.inflightPerVnode,
    topicLevels: options.topicLevels,
    topicLength: options.topicLength,
    queueLength: options.queueLength,
    queueBytes: options.queueBytes,
    queueAge: options.queueAge,
    queueFull: options.queueFull,
    sessionLifetime: options.sessionLifetime,
    keptSessions: options.keptSessions,
    outputBytes: options.outputLimit,
    rememberedPerClient: options.replyMemoryCount,
    rememberedFor: options.replyMemoryTtl,
    rememberedBytes: options.replyMemoryBytes,
  };
}
