/** The broker under test, from its source. */
import { starter } from '../../../test/support/broker.ts';
import { createBroker } from '../src/index.ts';

export const start = starter(createBroker);
