/** What the HTTP port serves to browsers, and to the pages of whom. */
import { duration, list, size } from '../config/kinds.ts';
import { option, optional } from './option.ts';

const MiB = 1_048_576;

/** Bytes. What vnodes read ends at 16 MiB, and the head of the request is in there too. */
const MAX_BODY = 15 * MiB;

/**
 * As browsers say it: in lower case, without the port that its scheme has by itself, and with nothing
 * behind. Pages of extensions and apps have schemes of their own.
 */
const ORIGIN =
  /^(?:\*|null|(?!http:.*:80$|https:.*:443$)https?:\/\/[a-z\d._:[\]-]+|(?!https?:)[a-z][a-z\d+.-]*:\/\/[^\s/?#]+)$/;

export const web = {
  public: optional(
    list('paths of folders, separated by commas'),
    'Folders of files that anybody may have; the first that has a file counts.',
    'the folders public beside the modules',
  ),
  origins: optional(
    list('origins as https://shop.example, separated by commas, or *', ORIGIN),
    'Whose pages may speak to the server besides its own.',
    'its own only',
  ),
  maxBody: option(
    size(MAX_BODY),
    MiB,
    'The largest body of a request; on its way to a vnode host it has to fit into maxPacketSize too.',
  ),
  socketIdle: option(
    duration,
    30_000,
    'How long a WebSocket may be silent until it is asked whether it is there, and then given up.',
  ),
};
