import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';

const sound = `
vehicle: van-1
name: 1号車
mqtt:
  url: mqtt://127.0.0.1:1883
  password: a-long-password
ports:
  - { name: gnss, path: /dev/ttyS0, device: nmea, baud: 9600, parity: none }
`;

describe('a sound configuration', () => {
	test('is filled in with defaults and absolute paths', () => {
		const config = parseConfig(sound, '/etc/junkai/van.yaml');
		expect(config).toMatchObject({
			vehicle: 'van-1',
			name: '1号車',
			spool: { path: '/etc/junkai/spool.db', maxMegabytes: 4096 },
			clock: { system: 'auto' },
			waveforms: { keep: 'always' },
			ports: [{ name: 'gnss', path: '/dev/ttyS0', device: 'nmea', baud: 9600, parity: 'none' }],
		});
	});

	test('is named after the vehicle when it has no name', () => {
		expect(parseConfig('vehicle: van-7\nmqtt: { url: mqtts://broker.example }', 'x.yaml').name).toBe('van-7');
	});
});

describe('an error is told with file, line and what is expected', () => {
	test.each([
		[
			'a wrong value',
			sound.replace('parity: none', 'parity: sometimes'),
			/^van\.yaml:8: ports\.0\.parity: .*"none"\|"even"\|"odd"/,
		],
		['an unknown key', sound.replace('name: 1号車', 'nmae: 1号車'), /^van\.yaml:3: .*nmae/],
		['an unknown device', sound.replace('device: nmea', 'device: toaster'), /^van\.yaml:8: ports\.0\.device: one of: .*nmea/],
		['a missing part', 'vehicle: van-1\nports: []\n', /^van\.yaml:1: mqtt: /],
		['a bad address', sound.replace('mqtt://127.0.0.1:1883', 'http://x'), /^van\.yaml:5: mqtt\.url: an address such as mqtt:/],
		[
			'a doubled port name',
			`${sound}  - { name: gnss, path: /dev/ttyS1, device: nmea }\n`,
			/^van\.yaml:9: ports\.1\.name: a second port is called "gnss"/,
		],
		['broken YAML', 'vehicle: [van-1\nmqtt: {', /^van\.yaml:\d+: /],
		['an empty file', '', /^van\.yaml:1: /],
	])('%s', (_, text, expected) => {
		expect(() => parseConfig(text, 'van.yaml')).toThrow(expected);
	});

	test('every error is told at once', () => {
		const text = sound.replace('parity: none', 'parity: sometimes').replace('vehicle: van-1', 'vehicle: "Van 1!"');
		expect(() => parseConfig(text, 'van.yaml')).toThrow(/van\.yaml:2: vehicle: [^]*van\.yaml:8: ports\.0\.parity/);
	});
});
