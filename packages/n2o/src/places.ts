/** Where on the disk the options point to: paths are relative to the current folder. */
import { resolve } from 'node:path';

const FILES = [
  'tlsCert',
  'tlsKey',
  'tlsCa',
  'brokerCa',
  'brokerCert',
  'brokerKey',
  'public',
] as const;

/** The options with absolute paths. */
export function located<Given extends { readonly store: string; readonly files: string }>(
  options: Given & { readonly [file in (typeof FILES)[number]]?: string | undefined },
  cwd: string,
): Given {
  const named = FILES.flatMap((name) => {
    const file = options[name];
    return file === undefined ? [] : [[name, resolve(cwd, file)] as const];
  });
  const { store } = options;
  const isFolder = !/^(?:memory$|broker$|rediss?[:+])/i.test(store);
  const place = isFolder ? resolve(cwd, store) : store;
  const files = options.files === 'off' ? 'off' : resolve(cwd, options.files);
  return { ...options, ...Object.fromEntries(named), store: place, files };
}
