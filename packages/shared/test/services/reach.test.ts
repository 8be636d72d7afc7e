import { describe, expect, it } from 'vitest';
import { requireHearable, requireMember, requirePublishable } from '../../src/services/reach.ts';

describe('server code publishes', () => {
  it.each(['a', '/', 'actions/1/chat/dev1', 'dead/chat/dev1', 'events'])('to %s', (topic) => {
    expect(() => requirePublishable(topic)).not.toThrow();
  });

  it.each([
    ['', 'N2O_TOPIC_NAME'],
    ['a/#', 'N2O_TOPIC_NAME'],
    ['x'.repeat(65_536), 'N2O_TOPIC_NAME'],
    ['events/1//chat/dev1', 'N2O_TOPIC_FORBIDDEN'],
    ['n2o/tell/1/1/chat/dev1', 'N2O_TOPIC_FORBIDDEN'],
    ['n2o/log', 'N2O_TOPIC_FORBIDDEN'],
    ['$SYS/a', 'N2O_TOPIC_FORBIDDEN'],
  ])('not to %.40s', (topic, code) => {
    expect(() => requirePublishable(topic)).toThrow(expect.objectContaining({ code }));
  });
});

describe('server code hears', () => {
  it.each(['#', '+/a', 'actions/#', '$SYS/#', 'n2o/log'])('%s', (filter) => {
    expect(() => requireHearable(filter)).not.toThrow();
  });

  it.each([
    ['', 'N2O_TOPIC_FILTER'],
    ['a/#/b', 'N2O_TOPIC_FILTER'],
    ['events/#', 'N2O_TOPIC_FORBIDDEN'],
    ['n2o/hosts/+', 'N2O_TOPIC_FORBIDDEN'],
    ['n2o/log/#', 'N2O_TOPIC_FORBIDDEN'],
    ['$share/g/a', 'N2O_TOPIC_FORBIDDEN'],
  ])('not %s', (filter, code) => {
    expect(() => requireHearable(filter)).toThrow(expect.objectContaining({ code }));
  });
});

it('server code speaks to clients and modules that topics can name', () => {
  const member = { client: 'a/b', module: 'chat', version: '1' };
  expect(() => requireMember(member)).not.toThrow();
  for (const odd of [{ client: '' }, { client: '#' }, { module: '' }, { version: 'a/b' }]) {
    const error = expect.objectContaining({ code: 'N2O_TOPIC_NAME' });
    expect(() => requireMember({ ...member, ...odd })).toThrow(error);
  }
});
