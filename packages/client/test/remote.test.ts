/** The methods of a module as a caller sees them. */
import { defineModule } from '@n2o/shared';
import { expect, expectTypeOf, test } from 'vitest';
import type { RequestOptions } from '../src/options.ts';
import { type Remote, remoteOf } from '../src/remote.ts';

const thermostat = defineModule({
  methods: {
    setTarget(params: { celsius: number }, context) {
      return { target: params.celsius, by: context.client };
    },
    async history(params: { days: number } | undefined) {
      return [params?.days ?? 1];
    },
    reset: () => true,
  },
});

type Thermostat = Remote<typeof thermostat>;

test('have the types of the module', () => {
  type Parameters<T> = T extends (...args: infer P) => unknown ? P : never;
  expectTypeOf<keyof Thermostat>().toEqualTypeOf<'setTarget' | 'history' | 'reset'>();
  expectTypeOf<Parameters<Thermostat['setTarget']>>().toEqualTypeOf<
    [params: { celsius: number }, options?: RequestOptions]
  >();
  expectTypeOf<ReturnType<Thermostat['setTarget']>>().toEqualTypeOf<
    Promise<{ target: number; by: string }>
  >();
  expectTypeOf<Parameters<Thermostat['history']>>().toEqualTypeOf<
    [params?: { days: number } | undefined, options?: RequestOptions]
  >();
  expectTypeOf<ReturnType<Thermostat['history']>>().toEqualTypeOf<Promise<number[]>>();
  expectTypeOf<ReturnType<Thermostat['reset']>>().toEqualTypeOf<Promise<boolean>>();
});

test('hand on name, params and options', async () => {
  const calls: unknown[] = [];
  const remote = remoteOf<typeof thermostat>(async (...args) => {
    calls.push(args);
    return 'result';
  });
  expect(await remote.setTarget({ celsius: 21 }, { timeout: 5 })).toBe('result');
  await remote.reset();
  expect(calls).toEqual([
    ['setTarget', { celsius: 21 }, { timeout: 5 }],
    ['reset', undefined, undefined],
  ]);
  expect(remote.reset).toBe(remote.reset);
});
