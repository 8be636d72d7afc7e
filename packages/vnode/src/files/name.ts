/** Names of files that clients send: one name, the same on every system, and never a way out of a folder. */
import { N2OError } from '@n2o/shared';

/** Bytes that a file system takes at most. */
const LONGEST = 255;

/** What Windows takes for a device, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|:|$)/i;

/** What separates folders or streams, ends text, cannot be typed, or is no character at all. */
const FOREIGN = /[/\\:\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** The name in Unicode's composed form. @throws N2O_FILE_NAME */
export function fileName(text: string): string {
  const name = text.normalize('NFC');
  if (name.trim() === '' || /^\.+$/.test(name)) throw refused('it is empty');
  if (FOREIGN.test(name)) throw refused('it holds what no name may');
  if (/[. ]$/.test(name)) throw refused('it ends in a dot or a space');
  if (DEVICE.test(name)) throw refused('it is that of a device');
  if (Buffer.byteLength(name) > LONGEST) throw refused(`it is longer than ${LONGEST} bytes`);
  return name;
}

function refused(why: string): N2OError {
  return new N2OError('N2O_FILE_NAME', `the name of the file cannot be kept: ${why}`);
}
