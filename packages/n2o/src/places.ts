/** Where on the disk the options point to: paths are relative to the current folder. */
import { resolve } from 'node:path';

const FILES = ['tlsCert', 'tlsKey', 'tlsCa', 'brokerCa', 'brokerCert', 'brokerKey'] as const;

/** The options with absolute paths. */
export function located<Given extends { readonly store: string }>(
  options: Given & { readonly [file in (typeof FILES)[number]]?: string | undefined },
  cwd: string,
): Given {
  const files = FILES.flatMap((name) => {
    const file = options[name];
    return file === undefined ? [] : [[name, resolve(cwd, file)] as const];
  });
  const { store } = options;
  const isFolder = !/^(?:memory$|broker$|rediss?[:+])/i.test(store);
  const place = isFolder ? resolve(cwd, store) : store;
  return { ...options, ...Object.fromEntries(files), store: place };
}
