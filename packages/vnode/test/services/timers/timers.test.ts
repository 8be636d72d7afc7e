import { createTimers } from '../../../src/services/timers/timers.ts';
import { conforms } from './conformance.ts';

conforms('those of a worker', createTimers);
