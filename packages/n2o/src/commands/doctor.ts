/** `n2o doctor URL`: what can be relied on of a broker. */
import { readFile } from 'node:fs/promises';
import { N2OError, reason } from '@n2o/shared';
import type { Resolved } from '../config.ts';
import { examine } from '../doctor/doctor.ts';
import type { Finding } from '../doctor/finding.ts';
import { exitCodeOf, lineOf, summaryOf } from '../doctor/table.ts';
import { type Trust, targetOf } from '../doctor/target.ts';
import type { Io } from '../io.ts';
import type { Options } from '../options.ts';
import { untilSignal } from '../signals.ts';

/** Resolves with 0 when all promises are kept, 1 when one is broken, 2 when the broker cannot be probed. */
export async function doctor({ options, operands }: Resolved, io: Io): Promise<number> {
  const { messages, json, timeout } = options;
  let isStopped = false;
  const stopped = untilSignal(io).then(() => {
    isStopped = true;
  });
  const findings: Finding[] = [];
  try {
    const target = { ...targetOf(operands[0] as string), trust: await trustOf(options) };
    for await (const finding of examine({ target, messages, timeout, stopped })) {
      findings.push(finding);
      io.stdout.write(json ? `${JSON.stringify(finding)}\n` : lineOf(finding));
    }
  } catch (error) {
    if (!(error instanceof N2OError)) throw error;
    io.stderr.write(`n2o: ${error.code}: ${error.message}\n`);
    return 2;
  }
  if (isStopped) return 2;
  if (!json) io.stdout.write(`\n${summaryOf(findings)}\n`);
  return exitCodeOf(findings);
}

async function trustOf(options: Options): Promise<Trust> {
  const { brokerCa, brokerCert, brokerKey, brokerInsecure } = options;
  const [ca, cert, key] = await Promise.all([brokerCa, brokerCert, brokerKey].map(pemOf));
  return {
    rejectUnauthorized: !brokerInsecure,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

async function pemOf(file: string | undefined): Promise<string | undefined> {
  try {
    return file === undefined ? undefined : await readFile(file, 'utf8');
  } catch (cause) {
    throw new N2OError('N2O_CONFIG_OPTION', `${file}: ${reason(cause)}`, { cause });
  }
}
