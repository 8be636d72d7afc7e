/** The way to all examples: a card with a link and a sentence for each. */
import { h1, h2, link, p, section } from '@n2o/nitro';
import { defineModule } from 'n2o';
import { sheet } from '../_shared/look.ts';

const EXAMPLES = [
  ['chat', 'A room whose talk is kept: what one says, all who are there see.'],
  ['login', 'Users, passwords and sessions; and a protocol by which devices log in.'],
  ['counter', 'A count behind buttons, and counts behind remote procedure calls.'],
  ['review', 'Reviews with stars in a feed that is read page by page, written in JSX.'],
  ['game', 'A game for two, drawn in SVG.'],
  ['upload', 'Files that are sent in parts, and go on where they broke off.'],
  ['thermostat', 'A device over MQTT, and a page that follows it live.'],
  ['todo', 'A list to read and change as JSON, over HTTP.', '/rest/todo'],
] as const;

export default defineModule({
  main: () =>
    sheet(
      'Examples',
      [
        h1({ body: 'N2O for TypeScript' }),
        p({ body: 'Live pages, devices and resources, each in a few lines.' }),
      ],
      EXAMPLES.map(([name, sentence, href = `/app/${name}`]) =>
        section({
          class: 'card',
          body: [h2({ body: link({ href, body: name }) }), p({ class: 'soft', body: sentence })],
        }),
      ),
    ),
});
