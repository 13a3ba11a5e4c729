/** What travels on MQTT, as one table: topic, direction, quality of service, message. */
import { topics, type Lane } from '../topics.ts';

export interface MqttChannel {
	/** Key in the documents. */
	readonly key: string;
	/** Topic with `{vehicle}` and `{lane}` for its variable levels. */
	readonly address: string;
	/** Who publishes. */
	readonly from: 'gateway' | 'server';
	readonly qos: 0 | 1;
	readonly retain: boolean;
	/** Name of the payload's schema. */
	readonly message: string;
	readonly title: string;
	readonly description: string;
}

/** Stands in an address where a vehicle's id does. */
const vehicle = '{vehicle}';
// The topic function only joins its parts, so that it makes the template as well as a topic.
const lane = '{lane}' as Lane;

export const mqttChannels: readonly MqttChannel[] = [
	{
		key: 'birth',
		address: topics.birth(vehicle),
		from: 'gateway',
		qos: 1,
		retain: true,
		message: 'Birth',
		title: 'A gateway has connected',
		description:
			'Who it is, since when, and what is plugged in. Its session id is the one of the last will that it left with the broker.',
	},
	{
		key: 'death',
		address: topics.death(vehicle),
		from: 'gateway',
		qos: 1,
		retain: true,
		message: 'Death',
		title: 'A gateway has gone',
		description:
			'Published by the broker as the last will (`will`) or by the gateway before it stops (`farewell`). It ends the session that it names and no other: an old will that comes late does nothing.',
	},
	{
		key: 'status',
		address: topics.status(vehicle),
		from: 'gateway',
		qos: 0,
		retain: false,
		message: 'GatewayStatus',
		title: 'How a gateway is',
		description: 'Ports, spool and clock, each few seconds. Not spooled: only the newest is of interest.',
	},
	{
		key: 'up',
		address: topics.up(vehicle, lane),
		from: 'gateway',
		qos: 1,
		retain: false,
		message: 'UplinkBatch',
		title: 'Records of a lane',
		description:
			'A batch of records; JSON, or the same JSON as gzip (it then begins with 1F 8B). The server checks record by record: one that breaks the schema is refused and the rest of its batch is kept. A gateway may send a record again until it is acknowledged; storing is idempotent by vehicle, epoch and seq.',
	},
	{
		key: 'ack',
		address: topics.ack(vehicle),
		from: 'server',
		qos: 1,
		retain: false,
		message: 'UplinkAck',
		title: 'What is stored durably',
		description:
			"Ranges of seq that the server has committed to its store, and records that it refuses for good. Only now may the gateway forget them; the broker's own PUBACK means nothing of the kind.",
	},
	{
		key: 'command',
		address: topics.command(vehicle),
		from: 'server',
		qos: 0,
		retain: false,
		message: 'Command',
		title: 'An order to a gateway',
		description: 'A watch is a lease: the server renews it while someone looks at waveforms, and it runs out by itself.',
	},
];
