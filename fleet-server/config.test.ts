import { expect, test } from 'vitest';
import { optionsFromEnv, parseOptions, type ServerOptionsInput } from './config.ts';

test('defaults are for one machine, on loopback', () => {
	const { optimizeThreads, ...options } = optionsFromEnv({});
	expect(optimizeThreads).toBeGreaterThanOrEqual(1);
	expect(options).toEqual({
		clockSpeed: 1,
		gtfsRealtime: false,
		httpPort: 8080,
		mqttPort: 1883,
		mqttsPort: 8883,
		host: '127.0.0.1',
		dataDir: './data',
		mapHosts: [],
		region: 'wakayama',
		optimizeJobs: 1,
		optimizeQueue: 16,
		optimizeTasks: 3000,
		optimizeMegabytes: 64,
	});
});

test('flags go before the environment; an empty variable is none', () => {
	const env = {
		JUNKAI_HTTP_PORT: '9000',
		JUNKAI_MQTT_PORT: '0',
		MQTT_URL: '',
		JUNKAI_MAP_HOSTS: 'https://a.example, https://b.example',
	};
	const options = optionsFromEnv(env, { httpPort: '9001', host: undefined });
	expect(options).toMatchObject({ httpPort: 9001, mqttPort: 0, mapHosts: ['https://a.example', 'https://b.example'] });
	expect(options.mqttUrl).toBeUndefined();
});

test.each([
	[{ httpPort: 'eighty' }, /JUNKAI_HTTP_PORT/],
	[{ mqttPort: 70_000 }, /JUNKAI_MQTT_PORT/],
	[{ tlsCert: 'cert.pem' }, /JUNKAI_TLS_KEY.*key/],
	[{ mqttUrl: 'http://x' }, /MQTT_URL.*mqtt:/],
	[{ influxUrl: 'influx' }, /INFLUX_URL.*http:/],
	[{ databaseUrl: 'postgres://localhost/junkai' }, /DATABASE_URL.*PostgreSQL is not supported yet/],
	[{ optimizeQueue: 0 }, /JUNKAI_OPTIMIZE_QUEUE/],
	[{ optimizeTasks: 'all' }, /JUNKAI_OPTIMIZE_TASKS/],
	[{ mapHosts: ["https://x; script-src 'unsafe-eval'"] }, /JUNKAI_MAP_HOSTS/],
])('refuses %o and names the variable', (input, message) => {
	expect(() => parseOptions(input as ServerOptionsInput)).toThrow(message);
});
