// Prints every Alertmanager notification as one line per alert: the receiver used until a real one is configured.
import { createServer } from 'node:http';

const port = Number(process.argv[2] ?? 9095);
const BODY_LIMIT = 1 << 20;

createServer((request, response) => {
  if (request.method !== 'POST') return void response.end('alert-log\n');
  let body = '';
  request.setEncoding('utf8').on('data', (text) => {
    body += text;
    if (body.length > BODY_LIMIT) request.destroy();
  });
  return void request.on('end', () => {
    try {
      for (const { status, startsAt, labels = {}, annotations = {} } of JSON.parse(body).alerts ?? []) {
        console.log(
          `${status} ${labels.alertname} since ${startsAt}: ${annotations.summary ?? JSON.stringify(labels)}`,
        );
      }
      response.end();
    } catch {
      // 400 tells Alertmanager not to send the same body again.
      response.writeHead(400).end('expected a notification of Alertmanager, JSON\n');
    }
  });
}).listen(port, () => console.log(`alert-log on port ${port}`));
