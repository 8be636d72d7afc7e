/** Every error of the system: one table of codes, one class that carries them. */

/** Code → what it means. `docs/errors.md` says the same for readers; a test holds the two together. */
export const ERRORS = {
  N2O_AUTH_BUSY: 'too many tries to log in: try again later',
  N2O_AUTH_INVALID: 'the name or the password is empty or too long',
  N2O_AUTH_TAKEN: 'there is a user of this name already',
  N2O_BUSY_CLIENT: 'too many events of this client are in flight',
  N2O_BUSY_HTTP: 'too much is arriving over HTTP at the same time',
  N2O_BUSY_STORE: 'the store does not answer: the event has had no effect that is kept',
  N2O_BUSY_VNODE: 'too many events of this vnode are in flight',
  N2O_BUS_UNAVAILABLE: 'server code cannot publish at the moment: there is no broker',
  N2O_CLIENT_CLOSED: 'the client is closed',
  N2O_CLIENT_CONNECT: 'the broker could not be reached or refused the connection',
  N2O_CLIENT_TIMEOUT: 'no reply arrived in time',
  N2O_CLIENT_TRANSPORT: 'the transport of this client cannot do that',
  N2O_CONFIG_FILE: 'the configuration file could not be read',
  N2O_CONFIG_OPTION: 'an option has a value that it does not take',
  N2O_CONFIG_UNKNOWN: 'there is no such option',
  N2O_EVENT_DEAD: 'the event ended its worker too often and was moved to the dead-letter topic',
  N2O_EVENT_FOREIGN: 'the client level of the topic is not the id of the sender',
  N2O_EVENT_PICKLE: 'the pickle is none that this module has made',
  N2O_EVENT_RESERVED: 'only the server may say this',
  N2O_EVENT_SESSION: 'what was pressed is of a page of another session, or of one that is over',
  N2O_EVENT_TIMEOUT: 'the handler did not answer in time',
  N2O_EVENT_TOPIC: 'the topic is not of the form events/:vsn/:node/:module/:client',
  N2O_FILE_HASH: 'the file that arrived is not the one that was sent',
  N2O_FILE_LIMIT: 'the file, or what the session has stored, is larger than it may be',
  N2O_FILE_NAME: 'the file has a name that would leave its folder',
  N2O_FILE_OFFSET: 'the part does not follow on what has arrived of the file',
  N2O_FILE_UNKNOWN: 'there is no such file or transfer',
  N2O_FORMAT_DECODE: 'the payload is not well formed in its format',
  N2O_FORMAT_ENCODE: 'the value cannot be written in this format',
  N2O_FORMAT_LIMIT: 'the payload is beyond a limit of the decoder',
  N2O_FORMAT_UNKNOWN: 'there is no such format',
  N2O_HANDLER_THREW: 'the handler threw',
  N2O_HOST_CLOSED: 'the host is shutting down',
  N2O_HOST_REPLACED: 'another host of the same name has taken over',
  N2O_HOST_UNAVAILABLE: 'no worker was there to take the event in time',
  N2O_HOST_VNODES: 'the hosts of this cluster have another number of vnodes',
  N2O_HTTP_BODY: 'the body of the request is larger than this server takes',
  N2O_HTTP_FAILED: 'the page or resource could not be served',
  N2O_HTTP_METHOD: 'the page or resource has no such method',
  N2O_HTTP_ORIGIN: 'pages of this origin may not speak to this server',
  N2O_HTTP_PATH: 'there is no such page, resource or file',
  N2O_KVS_LIMIT: 'the value is larger than what may be kept',
  N2O_KVS_NAME: 'the table or key has a name that cannot be kept',
  N2O_LINK_CLOSED: 'the connection of the host to its broker is over',
  N2O_LINK_CONNECT: 'the host could not reach its broker',
  N2O_LINK_PACKET: 'the broker sent what is not MQTT',
  N2O_LINK_REFUSED: 'the broker refuses the host',
  N2O_LISTEN_FAILED: 'the server could not listen on its address',
  N2O_LOG_CHANGE: 'the levels of the log cannot be changed like this',
  N2O_MEMBER_GONE: 'the page has been left: nobody is there to be told',
  N2O_MODULE_LOAD: 'a module could not be loaded',
  N2O_MODULE_UNKNOWN: 'there is no module of this name',
  N2O_PACKET_CONNECT: 'the CONNECT packet is not acceptable',
  N2O_PACKET_FLAGS: 'reserved flags of the packet are not as required',
  N2O_PACKET_LENGTH: 'the remaining length is malformed',
  N2O_PACKET_LIMIT: 'the packet is larger than this broker takes',
  N2O_PACKET_MALFORMED: 'the packet is not well formed',
  N2O_PACKET_TEXT: 'a string of the packet is not acceptable UTF-8',
  N2O_PACKET_UNEXPECTED: 'the packet is not allowed at this point',
  N2O_PACKET_UNHANDLED: 'the broker failed over the packet',
  N2O_PACKET_WINDOW: 'too many QoS 2 messages wait for their PUBREL',
  N2O_PAGE_INSTRUCTION: 'the page could not follow an instruction',
  N2O_PAGE_NAME: 'a tag, attribute or function of the page has a name that it cannot have',
  N2O_PAGE_SCRIPT: 'the page takes instructions, and code has no such form',
  N2O_PAGE_TEMPLATE: 'the template is not there, or is not well formed',
  N2O_PROBE_CLOSED: 'the broker ended a connection that a probe needs',
  N2O_PROBE_REFUSED: 'the broker refused what a probe needs',
  N2O_PROBE_TIMEOUT: 'the broker did not answer a probe in time',
  N2O_PROCESS_FAILED: 'the process failed over the message',
  N2O_PROCESS_FULL: 'too many messages wait for the process',
  N2O_PROCESS_LIMIT: 'too many processes are there',
  N2O_PROCESS_TIMEOUT: 'the process did not answer in time',
  N2O_PROCESS_UNKNOWN: 'there is no process of this name',
  N2O_PROTOCOL_LOAD: 'a protocol could not be loaded',
  N2O_REST_INVALID: 'the value is not what the resource takes',
  N2O_REST_TYPE: 'the body is not of a type that the resource takes',
  N2O_ROOM_LIMIT: 'too many members are in the room',
  N2O_RPC_FAILED: 'the remote method answered with an error',
  N2O_RPC_PARAMS: 'the parameters are not what the method takes',
  N2O_SERVICE_LOAD: 'a service could not be loaded',
  N2O_SERVICE_MISSING: 'the host was started without this service',
  N2O_SESSION_KEEPALIVE: 'nothing arrived within one and a half times the keep-alive',
  N2O_SESSION_LIMIT: 'the session keeps more than it may',
  N2O_SESSION_NONE: 'the client has begun no session, or it is over',
  N2O_SESSION_OTHER: 'the browser is in another session, which goes on',
  N2O_SESSION_SLOW: 'the client does not read what it is sent',
  N2O_SESSION_TAKEN: 'another connection with this client id took over',
  N2O_SESSION_TIMEOUT: 'no CONNECT arrived in time',
  N2O_STATE_CLOSED: 'the event that this state belongs to has ended',
  N2O_STATE_LIMIT: 'the state is larger than what may be kept for one client',
  N2O_STATE_MISSING: 'the module has no state, or the host has no store to keep it in',
  N2O_STORE_FENCED: 'another owner has taken over: the store takes no changes of this one',
  N2O_STORE_LIMIT: 'more at once than a store takes or gives over a line',
  N2O_STORE_ORDER: 'the group is not one that is kept in order',
  N2O_STORE_UNAVAILABLE: 'the store cannot be opened, or does not answer',
  N2O_TIMER_LIMIT: 'too many timers are set',
  N2O_TOPIC_FILTER: 'the topic filter is not acceptable',
  N2O_TOPIC_FORBIDDEN: 'this topic is not open to clients',
  N2O_TOPIC_NAME: 'the topic name is not acceptable',
  N2O_WORKER_FAILED: 'a worker could not be started',
} as const;

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS;

/** An error with a code that programs can tell apart; `cause` is kept. */
export class N2OError extends Error {
  readonly code: ErrorCode;

  /**
   * @param code   what went wrong, from the table
   * @param detail what exactly: replaces the table's text in the message when given
   */
  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail ?? ERRORS[code], options);
    this.name = 'N2OError';
    this.code = code;
  }
}

/** The text of anything that was thrown. */
export function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
