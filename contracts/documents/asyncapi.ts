/** The AsyncAPI 3.0 document: MQTT between vans and server, and the live channel to browsers. */
import { lanes } from '../topics.ts';
import { liveRoles } from '../live.ts';
import { mqttChannels, type MqttChannel } from './mqtt-table.ts';
import { protocolVersion, sessionCookie } from './openapi.ts';
import { ref, referenced, schemaSet, type JsonObject } from './schemas.ts';

/** Layout of a binary message on the live channel, in words. */
export const frameLayout =
	'4A 01, header length as u16 little-endian, header as JSON in UTF-8 (padded with spaces to an even length), then the samples as int16 little-endian, channel after channel. -32768 is a gap.';

/** AsyncAPI 3.0 of everything that is sent without being asked for. A new object at each call. */
export function asyncApiDocument(): JsonObject {
	const schemas = schemaSet('draft-7');
	const document = {
		asyncapi: '3.0.0',
		info: {
			title: 'Junkai messages',
			version: protocolVersion,
			description:
				'Between the gateways on the vans and the fleet server: MQTT 3.1.1 under `junkai/v1/<vehicle>/`. Between the fleet server and browsers: one WebSocket. No name of a patient is in any MQTT message.',
			license: { name: 'Apache License 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
		},
		defaultContentType: 'application/json',
		servers: servers(),
		channels: {
			...Object.fromEntries(mqttChannels.map((channel) => [channel.key, mqttChannel(channel)])),
			live: liveChannel(),
		},
		operations: {
			...Object.fromEntries(mqttChannels.flatMap((channel) => mqttOperations(channel))),
			...liveOperations(),
		},
		components: { messages: { ...mqttMessages(), ...liveMessages() }, securitySchemes: securitySchemes() },
	} satisfies JsonObject;
	return { ...document, components: { schemas: referenced(schemas.components, document), ...document.components } };
}

function servers(): JsonObject {
	const van = [{ $ref: '#/components/securitySchemes/van' }];
	return {
		broker: {
			host: 'localhost:1883',
			protocol: 'mqtt',
			protocolVersion: '3.1.1',
			description: 'The embedded broker, or any MQTT 3.1.1 broker.',
			security: van,
		},
		brokerTls: {
			host: 'localhost:8883',
			protocol: 'mqtts',
			protocolVersion: '3.1.1',
			description: 'The same over TLS.',
			security: van,
		},
		live: {
			host: 'localhost:8080',
			pathname: '/api/v1/live',
			protocol: 'ws',
			description: 'The live channel of the fleet server, for browsers; `wss` behind TLS.',
			security: [{ $ref: '#/components/securitySchemes/session' }],
		},
	};
}

const securitySchemes = (): JsonObject => ({
	van: { type: 'userPassword', description: 'The user name is the vehicle id. A van reaches its own branch only.' },
	session: { type: 'httpApiKey', in: 'cookie', name: sessionCookie, description: 'Set by `POST /api/v1/session`.' },
});

function mqttChannel({ key, address, title, description, message }: MqttChannel): JsonObject {
	return {
		address,
		title,
		description,
		servers: [{ $ref: '#/servers/broker' }, { $ref: '#/servers/brokerTls' }],
		parameters: {
			vehicle: { description: 'Id of the vehicle, which is also its MQTT user name.' },
			...(key === 'up' ? { lane: { description: 'Most urgent first.', enum: [...lanes] } } : {}),
		},
		messages: { [message]: { $ref: `#/components/messages/${message}` } },
	};
}

/** What each side does with a channel. */
function mqttOperations({ key, from, qos, retain, message, title }: MqttChannel): [string, JsonObject][] {
	const name = key[0]?.toUpperCase() + key.slice(1);
	const common = {
		channel: { $ref: `#/channels/${key}` },
		summary: title,
		messages: [{ $ref: `#/channels/${key}/messages/${message}` }],
	};
	const to = from === 'gateway' ? 'server' : 'gateway';
	return [
		[`${from}Sends${name}`, { action: 'send', ...common, bindings: { mqtt: { qos, retain, bindingVersion: '0.2.0' } } }],
		[`${to}Receives${name}`, { action: 'receive', ...common, bindings: { mqtt: { qos, bindingVersion: '0.2.0' } } }],
	];
}

const mqttMessages = (): JsonObject =>
	Object.fromEntries(
		mqttChannels.map(({ message, title, description }) => [
			message,
			{ name: message, title, description, contentType: 'application/json', payload: ref(message) },
		]),
	);

function liveChannel(): JsonObject {
	const names = Object.keys(liveMessages());
	return {
		address: '/api/v1/live',
		title: 'The live channel',
		description: `Opened with the session cookie. What a role may hear: ${Object.entries(liveRoles)
			.map(([kind, roles]) => `${kind}: ${roles.join(', ')}`)
			.join('; ')}. A browser that cannot keep up gets the newest of each kind and is told what it missed.`,
		servers: [{ $ref: '#/servers/live' }],
		messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
		bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
	};
}

function liveOperations(): JsonObject {
	const channel = { $ref: '#/channels/live' };
	const messages = (...names: string[]) => names.map((name) => ({ $ref: `#/channels/live/messages/${name}` }));
	const asks = { channel, summary: 'A browser says what it wants to hear', messages: messages('LiveRequest') };
	const tells = { channel, summary: 'The server tells what happens', messages: messages('LiveMessage', 'WaveformFrame') };
	return {
		browserSendsRequest: { action: 'send', ...asks },
		serverReceivesRequest: { action: 'receive', ...asks },
		serverSendsLive: { action: 'send', ...tells },
		browserReceivesLive: { action: 'receive', ...tells },
	};
}

const liveMessages = (): JsonObject => ({
	LiveRequest: {
		name: 'LiveRequest',
		title: 'Browser to server',
		description: 'A subscription replaces the one before it.',
		contentType: 'application/json',
		payload: ref('LiveRequest'),
	},
	LiveMessage: {
		name: 'LiveMessage',
		title: 'Server to browser, as text',
		contentType: 'application/json',
		payload: ref('LiveMessage'),
	},
	WaveformFrame: {
		name: 'WaveformFrame',
		title: 'Server to browser, as bytes: a stretch of a waveform',
		description: `${frameLayout} The payload schema is that of the header.`,
		contentType: 'application/octet-stream',
		payload: ref('WaveformFrameHeader'),
	},
});
