/** The protocols of this example: its own comes before those that take any text. */
import { defineConfig } from 'n2o';

export default defineConfig({
  protocols: ['heart', './_device.ts', 'rpc', 'nitro', 'spa', 'bin', 'ftp', 'http', 'app'],
});
