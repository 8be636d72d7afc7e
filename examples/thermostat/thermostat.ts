/** Thermostats over MQTT, and a page that follows them live and sets their targets. */
import { metaLink, panel } from '@n2o/nitro';
import { type Content, type Context, defineModule } from 'n2o';
import { look } from '../_shared/look.ts';
import { addCard, card, showReport, showTarget } from './_card.ts';
import { type Changes, type Device, deviceOf, devices, keep, known, next } from './_device.ts';

const ROOM = 'thermostat/pages';

/** What a device says, in degrees Celsius. */
interface Report {
  /** What its owner wants. */
  set?: number;
  measured?: number;
}

/** What pages are told of a device. */
interface News {
  readonly id: string;
  readonly device: Device;
  readonly isNew: boolean;
  /** It has another target. */
  readonly isSet: boolean;
}

export default defineModule({
  scripts: true,

  main: () =>
    look(
      'Thermostat',
      'Devices over MQTT: what they measure, and what they are to reach.',
      metaLink({ rel: 'stylesheet', href: '/thermostat.css' }),
      panel({ id: 'devices' }),
    ),

  /** A page comes or goes; a device reports, or its will says `BYE`, which is `terminate` too. */
  async event(message: 'init' | 'terminate' | Report, context) {
    if (message === 'init') return enter(context);
    if (message === 'terminate') return leave(context);
    const { set: target, measured } = message;
    return answer(await change(context, { ...numbers({ target, measured }), here: true }));
  },

  handlers: {
    /** A page sets the target of a device: in an event of that device, one after the other. */
    async target(client: string, trigger, { page, services }) {
      const target = Number(page.q(trigger));
      await services.mq.tell({ client, module: 'thermostat' }, { target });
    },
  },

  /** For each page: news of a device. For a device: its new target. */
  async server(message: News | { readonly target: number }, context) {
    if ('id' in message) return show(message, context);
    const { here } = await deviceOf(context);
    const device = await change(context, { ...numbers(message), here });
    await context.services.mq.action(context, answer(device), { format: 'json' });
  },

  methods: {
    /** The state of the calling device. */
    state: async (_params: undefined, context: Context) => answer(await deviceOf(context)),

    /** Sets the target, in degrees Celsius; the answer is what it was set to. */
    async setTarget({ celsius }: { celsius: number }, context: Context) {
      const { target } = await change(context, numbers({ target: celsius }));
      return { target };
    },
  },
});

/** Those that are numbers: devices say what they like. */
function numbers(given: Readonly<Record<string, unknown>>): Changes {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => Number.isFinite(value)));
}

function answer({ target, measured, heating }: Device) {
  return { target, measured, heating };
}

/** Changes the device that says something, and tells the pages. */
async function change(context: Context, changes: Changes): Promise<Device> {
  const before = await known(context);
  const device = next(changes, before);
  await keep(context, device);
  const isNew = before === undefined;
  const isSet = device.target !== before?.target;
  await context.services.mq.send(ROOM, { id: context.client, device, isNew, isSet } satisfies News);
  return device;
}

async function enter(context: Context): Promise<void> {
  const { services, page } = context;
  await services.mq.reg(ROOM, context);
  const cards: Content[] = [];
  for await (const [id, device] of devices(services)) cards.push(card(id, device));
  page.fill('devices', cards);
}

/** A page is closed, or a device is gone. */
async function leave(context: Context): Promise<void> {
  if (await known(context)) await change(context, { here: false });
  else await context.services.mq.unreg(ROOM, context);
}

function show({ id, device, isNew, isSet }: News, { page }: Context): void {
  if (isNew) addCard(page, id, device);
  else showReport(page, id, device);
  if (isSet) showTarget(page, id, device);
}
