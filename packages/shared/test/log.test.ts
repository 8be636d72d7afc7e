import { describe, expect, it } from 'vitest';
import { type LogChange, printLogChange, readLogChange } from '../src/log-change.ts';
import { LogDial, leveled } from '../src/log-dial.ts';
import {
  changedLevels,
  isLogged,
  LOG_LEVELS,
  type LogLevel,
  type LogLevels,
  MAX_LOG_NAMES,
} from '../src/log-levels.ts';

type Named = Readonly<Record<string, LogLevel>>;

const levels = (level: LogLevel, modules: Named = {}, clients: Named = {}): LogLevels => ({
  level,
  modules: new Map(Object.entries(modules)),
  clients: new Map(Object.entries(clients)),
});

describe('a line', () => {
  it('is logged when its level is high enough', () => {
    const severities = ['debug', 'info', 'warn', 'error'] as const;
    const counts = LOG_LEVELS.map(
      (level) => severities.filter((severity) => isLogged(levels(level), severity, {})).length,
    );
    expect(counts).toEqual([4, 4, 3, 2, 1, 0, 0]);
  });

  it.each([
    ['nobody in particular', {}, false],
    ['another module', { module: 'shop' }, false],
    ['the module', { module: 'chat' }, true],
    ['the client, before the module', { module: 'chat', client: 'quiet' }, false],
    ['the client in any module', { module: 'shop', client: 'dev1' }, true],
    ['another client of the module', { module: 'chat', client: 'dev2' }, true],
    ['what is no name', { module: 7, client: null }, false],
    ['a name of every object', { module: 'constructor' }, false],
  ])('about %s', (_, about, isOn) => {
    const some = levels('info', { chat: 'debug' }, { quiet: 'error', dev1: 'debug' });
    expect(isLogged(some, 'debug', about)).toBe(isOn);
  });

  it('may have no fields at all', () => {
    expect(isLogged(levels('info', { a: 'warn' }), 'info', null as unknown as object)).toBe(true);
  });
});

describe('a change', () => {
  const configured = levels('info', { chat: 'warn' }, { dev1: 'debug' });

  it.each<[string, LogChange, LogLevels]>([
    ['of all', { level: 'error' }, levels('error', { chat: 'warn' }, { dev1: 'debug' })],
    [
      'of a module',
      { level: 'debug', module: 'chat' },
      levels('info', { chat: 'debug' }, { dev1: 'debug' }),
    ],
    [
      'of a client',
      { level: 'trace', client: 'dev2' },
      levels('info', { chat: 'warn' }, { dev1: 'debug', dev2: 'trace' }),
    ],
  ])('%s leaves the rest as it is', (_, change, expected) => {
    expect(changedLevels(configured, change, configured)).toEqual(expected);
  });

  it('to default brings back what is configured, or nothing of its own', () => {
    const now = levels('fatal', { chat: 'debug', shop: 'debug' }, { dev1: 'silent' });
    const change = (one: LogChange) => changedLevels(now, one, configured);
    expect(change({ level: 'default' })).toEqual(configured);
    expect(change({ level: 'default', module: 'chat' }).modules.get('chat')).toBe('warn');
    expect(change({ level: 'default', module: 'shop' }).modules.has('shop')).toBe(false);
    expect(change({ level: 'default', client: 'dev1' }).clients.get('dev1')).toBe('debug');
  });

  it('names no more than may be named, but changes those that are', () => {
    const many = Object.fromEntries(
      Array.from({ length: MAX_LOG_NAMES }, (_, i) => [`m${i}`, 'warn' as const]),
    );
    const full = levels('info', many);
    const change = (module: string) => changedLevels(full, { level: 'debug', module }, full);
    expect(() => change('one-more')).toThrow(expect.objectContaining({ code: 'N2O_LOG_CHANGE' }));
    expect(change('m0').modules.get('m0')).toBe('debug');
  });
});

describe('the message of a change', () => {
  it.each<LogChange>([
    { level: 'debug' },
    { level: 'default', module: 'chat' },
    { level: 'silent', client: 'a/b=c' },
  ])('is read as it was printed: %j', (change) => {
    expect(readLogChange(Buffer.from(printLogChange(change, 'id')))).toEqual(change);
  });

  it.each([
    '',
    'debug',
    'null',
    '[]',
    '{}',
    '{"level":"loud"}',
    '{"level":"debug","module":7}',
    '{"level":"debug","client":""}',
    '{"level":"debug","module":"a","client":"b"}',
    JSON.stringify({ level: 'debug', client: 'x'.repeat(1_025) }),
  ])('is none: %.60s', (text) => {
    expect(readLogChange(Buffer.from(text))).toBeUndefined();
  });
});

describe('a dial', () => {
  it('lets through what is wanted at the moment', () => {
    const lines: string[] = [];
    const note = (_: object, text = '') => void lines.push(text);
    const dial = new LogDial(levels('info'));
    const log = leveled({ debug: note, info: note, warn: note, error: note }, dial);
    log.debug({ client: 'dev1' }, 'before');
    dial.turn(levels('silent', {}, { dev1: 'debug' }));
    log.debug({ client: 'dev1' }, 'about the client');
    log.error({}, 'about another');
    expect(lines).toEqual(['about the client']);
  });

  it('tells those who follow, until they do not', () => {
    const heard: LogLevel[] = [];
    const dial = new LogDial(levels('info'));
    const unfollow = dial.follow(({ level }) => heard.push(level));
    dial.turn(levels('warn'));
    unfollow();
    unfollow();
    dial.turn(levels('error'));
    expect(heard).toEqual(['warn']);
  });
});
