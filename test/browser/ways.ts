/** The ways in which a page speaks with its module: both transports, and both kinds of actions. */

/** As the query of the page's address. */
export const WAYS = [
  'transport=ws',
  'transport=mqtt',
  'transport=ws&runtime=script',
  'transport=mqtt&runtime=script',
] as const;
