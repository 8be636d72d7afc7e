/** The bare server of HTTP that pages are measured against: the same bytes to every request, nothing else. */
import { createServer } from 'node:http';

const { status, headers, body } = JSON.parse(process.argv[2] ?? '');

const server = createServer((_request, response) => {
  response.writeHead(status, headers);
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${port}`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
