/** What the HTTP port serves to browsers, and to the pages of whom. */
import { duration, list, size } from '../config/kinds.ts';
import { option, optional } from './option.ts';

const MiB = 1_048_576;

export const web = {
  public: optional(
    list('paths of folders, separated by commas'),
    'Folders of files that anybody may have; the first that has a file counts.',
    'the folders public beside the modules',
  ),
  origins: optional(
    list('origins as https://shop.example, separated by commas, or *'),
    'Whose pages may speak to the server besides its own.',
    'its own only',
  ),
  maxBody: option(size(256 * MiB), MiB, 'The largest body of a request.'),
  socketIdle: option(
    duration,
    30_000,
    'How long a WebSocket may be silent until it is asked whether it is there, and then given up.',
  ),
};
