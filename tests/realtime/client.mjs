// Socket.IO's own client: joins a room, says on a line of its own what it hears, and obeys the lines on standard input.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [url, transport, department] = process.argv.slice(2);
const socket = io(url, { transports: transport.split('+'), reconnectionDelay: 100, reconnectionDelayMax: 300 });
const say = (what, ...rest) => console.log(JSON.stringify([what, ...rest]));

socket.on('connect', async () => {
  say('ack', await socket.timeout(10_000).emitWithAck('join_department', { department_id: department }));
});
socket.on('disconnect', (reason) => say('disconnect', reason));
socket.io.engine.on('upgrade', (to) => say('upgrade', to.name));
socket.onAny((name, data) => say('heard', name, data));

createInterface({ input: process.stdin })
  .on('line', async (line) => say('ack', await socket.timeout(10_000).emitWithAck(...JSON.parse(line))))
  .on('close', () => socket.disconnect());
