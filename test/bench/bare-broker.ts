/** The reference: a bare aedes and a bare consumer that answers each batch at once, checks nothing and stores nothing. */
import { createServer } from 'node:net';
import { Aedes } from 'aedes';

const broker = await Aedes.createBroker();
broker.subscribe(
	'junkai/v1/+/up/+',
	(packet, done) => {
		const batch = JSON.parse(packet.payload.toString()) as { epoch: string; records: { seq: number }[] };
		const payload = JSON.stringify({ v: 1, epoch: batch.epoch, ranges: [[batch.records[0]!.seq, batch.records.at(-1)!.seq]] });
		const topic = `${packet.topic.split('/').slice(0, 3).join('/')}/ack`;
		broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {});
		done();
	},
	() => {},
);
const server = createServer({ noDelay: true }, (socket) => broker.handle(socket));
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
