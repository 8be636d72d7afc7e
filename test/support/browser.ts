/** The system's Chromium, without a window, for tests of what runs in a page. */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser with an empty profile of its own; close it when done. @param flags besides the usual ones */
export function startBrowser(...flags: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: find(), headless: true, args: [...FLAGS, ...flags] });
}

/** `N2O_CHROMIUM`, a path or a name, comes before what the PATH has. */
function find(): string {
  const { N2O_CHROMIUM: named, PATH = '' } = process.env;
  const names = named ? [named] : NAMES;
  for (const name of names) {
    if (isAbsolute(name) && isProgram(name)) return name;
    for (const folder of PATH.split(delimiter)) {
      if (isProgram(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error(
    `There is no ${names.join(', ')}. Install Chromium (Debian: apt-get install chromium), or set N2O_CHROMIUM to where one is.`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
