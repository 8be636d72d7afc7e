import { createProcesses } from '../../../src/services/processes/processes.ts';
import { conforms } from './conformance.ts';

conforms('those of a worker', createProcesses);
