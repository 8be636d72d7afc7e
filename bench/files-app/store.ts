/** A module that takes files. */
import { defineModule } from 'n2o';

export default defineModule({ file: () => undefined });
