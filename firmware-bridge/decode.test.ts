import { describe, expect, test } from 'vitest';
import { decode, type PlainOutput } from './decode.ts';
import { FirmwareBridgeError } from './error.ts';
import { hex } from './link/testing.ts';

async function all(driver: string, chunks: Iterable<Uint8Array>): Promise<PlainOutput[]> {
	return await Array.fromAsync(decode(driver, chunks));
}

describe('decode', () => {
	test('a fix has its time even when nobody knows it, and leaves out what is unknown', async () => {
		const [fix] = await all('nmea', [Buffer.from('$GPGGA,,,,,,0,00,99.99,,,,,,*48\r\n')]);
		expect(JSON.stringify(fix)).toMatch(/^\{"type":"position","time":null,"mode":1/);
	});

	test('samples are plain arrays', async () => {
		const found = await all('pm6750', [hex('55 AA 0A 01 7D 7D 7D 7D'), hex('7D 7D 7D 89')]);
		expect(JSON.parse(JSON.stringify(found))).toMatchObject([
			{ type: 'waveform', samples: Array.from({ length: 7 }, () => [125]) },
		]);
	});

	test('an unknown driver is refused by name', async () => {
		await expect(all('toString', [])).rejects.toThrow(FirmwareBridgeError);
		await expect(all('x', [])).rejects.toThrow('no driver "x"; there are: nmea, nonin, pm6750');
	});
});
