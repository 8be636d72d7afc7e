import { createMemoryStore } from '../src/memory.ts';
import { conforms } from './conformance.ts';

conforms('the memory', { open: async () => createMemoryStore() });
