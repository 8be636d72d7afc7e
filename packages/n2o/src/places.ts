/** Where on the disk the options point to: paths are relative to the current folder. */
import { resolve } from 'node:path';

const FILES = ['tlsCert', 'tlsKey', 'tlsCa', 'brokerCa', 'brokerCert', 'brokerKey'] as const;

interface Located {
  readonly store: string;
  readonly files: string;
  readonly public?: readonly string[] | undefined;
}

/** The options with absolute paths. */
export function located<Given extends Located>(
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
  const folders = options.public?.map((folder) => resolve(cwd, folder));
  const found = { ...Object.fromEntries(named), ...(folders && { public: folders }) };
  return { ...options, ...found, store: place, files };
}
