/** The files that clients send: where they lie, and how much there may be. */
import { size, text, whole } from '../config/kinds.ts';
import { option } from './option.ts';

const GiB = 1_073_741_824;

export const files = {
  files: option(
    text('the path of a folder, or off'),
    '.n2o/files',
    'Where files lie that clients send; off takes none. Hosts that serve the same clients share it.',
  ),
  maxFileSize: option(size(), 2 * GiB, 'The largest file.'),
  fileQuota: option(size(), 4 * GiB, 'How much the files of one session may take.'),
  fileCount: option(whole(1), 1_000, 'Files of one session.'),
};
