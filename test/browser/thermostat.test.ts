import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Client, connect } from '@n2o/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type thermostat from '../../examples/thermostat/thermostat.ts';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

const DEVICE = fileURLToPath(
  new URL('../../examples/thermostat/client/device.mjs', import.meta.url),
);

let browser: Browser;
let server: Served;
let page: Page;
let device: Client;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('thermostat')]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const mqtt = () => `${server.url.replace('http', 'ws')}/mqtt`;

describe.each(WAYS)('a thermostat by %s', { timeout: 60_000 }, (way) => {
  const id = `dev-${way}`.replaceAll(/\W/g, '-');

  beforeEach(async () => {
    device = await connect(mqtt(), { id });
    page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}/app/thermostat?${way}`);
    await page.waitForSelector('html[data-n2o-state=online]');
  });
  afterEach(async () => {
    await device.close();
    await page.context().close();
  });

  const shows = (text: string) => page.waitForSelector(`#device-${id}:has-text("${text}")`);
  const slide = async (celsius: string) => {
    await page.fill(`#target-${id}`, celsius);
    await page.dispatchEvent(`#target-${id}`, 'change');
  };

  it('shows what devices report, as it comes, with a drawing', async () => {
    expect(await device.call('thermostat', { measured: 18 })).toMatchObject({ heating: true });
    await shows('18 °C, to reach 20 °C: heating');
    await device.call('thermostat', { measured: 20.5 });
    await shows('20.5 °C, to reach 20 °C: warm enough');
    const line = await page.getAttribute(`#device-${id} .measured`, 'points');
    expect(line?.split(' ').at(-1)).toMatch(/^600\.0,/);
    const box = await (await page.$(`#device-${id} svg`))?.boundingBox();
    expect(box?.height).toBeGreaterThan(50);
  });

  it('is set from the page, and by its own device', async () => {
    await device.call('thermostat', { measured: 18 });
    await shows('18 °C');
    const told = new Promise((resolve) => device.on('action', ({ value }) => resolve(value)));
    await slide('17');
    expect(await told).toEqual({ target: 17, measured: 18, heating: false });
    await shows('18 °C, to reach 17 °C: warm enough');
    const { setTarget, state } = device.rpc<typeof thermostat>('thermostat');
    expect(await setTarget({ celsius: 99 })).toEqual({ target: 30 });
    await shows('18 °C, to reach 30 °C: heating');
    await page.waitForFunction(
      (slider) => (document.getElementById(slider) as HTMLInputElement).value === '30',
      `target-${id}`,
    );
    expect(await state()).toMatchObject({ target: 30 });
    await device.call('thermostat', { set: 20 });
  });

  it('is gone when its device is, and there again with it', async () => {
    const name = `room-${id}`;
    for (const _ of ['first', 'again']) {
      const room = spawn(process.execPath, [DEVICE, name, mqtt()], { stdio: 'ignore' });
      await page.waitForSelector(`#device-${name}:has-text("heating")`);
      room.kill('SIGKILL');
      await once(room, 'exit');
      await page.waitForSelector(`#device-${name} .gone`);
    }
  });

  it('goes on by itself when the server was killed and started again', async () => {
    await device.call('thermostat', { measured: 19 });
    await shows('19 °C');
    await server.restart();
    await device.call('thermostat', { measured: 19.5 });
    await shows('19.5 °C');
    await slide('25');
    await shows('19.5 °C, to reach 25 °C: heating');
    await slide('20');
    await shows('19.5 °C, to reach 20 °C');
  });
});
