/** What is logged, and who writes it. */
import { LOG_LEVELS, MAX_LOG_NAMES } from '@n2o/shared';
import { implementation, list, word } from '../config/kinds.ts';
import { option } from './option.ts';

/** Some names, each with its level. */
const named = list(
  `name=level, up to ${MAX_LOG_NAMES} such, separated by commas`,
  new RegExp(`^.+=(?:${LOG_LEVELS.join('|')})$`, 's'),
  MAX_LOG_NAMES,
);

export const logging = {
  logLevel: option(word(LOG_LEVELS), 'info', 'The least important messages that are logged.'),
  logModules: option(named, [], 'The same for some modules, as in chat=debug,shop=warn.', 'none'),
  logClients: option(named, [], 'The same for some clients, whatever their module.', 'none'),
  logger: option(implementation('pino'), 'pino', 'Who writes the log.'),
};
