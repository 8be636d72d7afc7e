/** Certificates for a test, made by openssl in a folder that goes with the test. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of a certificate and its key, in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends AsyncDisposable {
  /** Where the files are. */
  readonly folder: string;
  /** The path of its own certificate. */
  readonly ca: string;
  /** Issues a certificate: for `localhost` and 127.0.0.1, or for a client of this name. */
  issue(name: string, days?: number): Promise<Issued>;
}

/** An authority that nobody else knows. */
export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-tls-'));
  const at = (name: string) => join(folder, name);
  await writeFile(at('empty.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
  const make = async (name: string, args: readonly string[]): Promise<Issued> => {
    const issued = { cert: at(`${name}.crt`), key: at(`${name}.key`) };
    const subject = ['-config', at('empty.cnf'), '-subj', `/CN=${name}`];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const out = ['-keyout', issued.key, '-out', issued.cert];
    await run('openssl', ['req', '-x509', ...subject, ...kind, ...out, ...args]);
    return issued;
  };
  const own = await make('authority', [
    ...['-days', '2', '-addext', 'basicConstraints=critical,CA:TRUE'],
    ...['-addext', 'keyUsage=critical,keyCertSign'],
  ]);
  return {
    folder,
    ca: own.cert,
    issue: (name, days = 2) =>
      make(name, [
        ...['-CA', own.cert, '-CAkey', own.key, '-days', `${days}`],
        ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ]),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The contents of files. */
export async function contentsOf<Name extends string>(
  files: Readonly<Record<Name, string>>,
): Promise<Record<Name, Buffer>> {
  const read = Object.entries<string>(files).map(async ([name, file]) => [
    name,
    await readFile(file),
  ]);
  return Object.fromEntries(await Promise.all(read));
}
