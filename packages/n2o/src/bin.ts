#!/usr/bin/env node
/** The command `n2o`. */
import { main } from './main.ts';

// Whoever read our output has gone away, as `head` does: there is nobody to tell.
process.stdout.on('error', () => process.exit(0));

const code = await main(process.argv.slice(2), process);
// Whatever a module left running: the command has ended, once its output is written.
process.stdout.write('', () => process.exit(code));
