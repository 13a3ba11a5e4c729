import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DriverPosition } from '../driver.ts';
import { Bench, doHarm, harm, join, splits, survivesAnything } from '../link/testing.ts';
import { nmea } from './nmea.ts';

/** Sentences with their checksum and line end. */
function lines(...bodies: string[]): Uint8Array {
	return join(
		...bodies.map((body) => {
			const sum = Array.from(body).reduce((value, c) => value ^ c.charCodeAt(0), 0);
			return Buffer.from(`$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`, 'latin1');
		}),
	);
}

const raw = (text: string) => Buffer.from(text, 'latin1');
const bench = () => new Bench(nmea);
const fixes = (b: Bench) => b.outputs as DriverPosition[];
const decode = (...bodies: string[]) =>
	fixes(
		bench()
			.push(lines(...bodies))
			.end(),
	);

const rmc = (time: string, rest = '3413.56,N,13510.05,E,19.438,84.4,230326,,,A') => `GNRMC,${time},A,${rest}`;
const gga = (time: string, quality = 1, satellites = '08') =>
	`GNGGA,${time},3413.56,N,13510.05,E,${quality},${satellites},0.9,12.5,M,37.0,M,,`;

describe('one epoch, one fix', () => {
	test('all sentences of a moment together', () => {
		expect(
			decode(
				rmc('010203.40'),
				'GNVTG,84.4,T,,M,19.438,N,36.0,K,A',
				gga('010203.40'),
				'GNGSA,A,3,03,07,08,09,,,,,,,,,1.6,0.9,1.3,1',
				'GNGSA,A,3,65,66,,,,,,,,,,,1.6,0.9,1.3,2',
				'GNGST,010203.40,1.2,,,,3.0,4.0,6.0',
			),
		).toEqual([
			{
				type: 'position',
				time: '2026-03-23T01:02:03.400Z',
				mode: 3,
				lat: 34.226,
				lon: 135.1675,
				alt: 12.5,
				speed: 10,
				track: 84.4,
				hdop: 0.9,
				accuracy: 5,
				satellitesUsed: 8,
			},
		]);
	});

	test('satellites of all systems are united, doubles counted once', () => {
		const [fix] = decode(
			gga('010203', 1, '12'),
			'GNGSA,A,3,01,02,03,04,05,06,07,08,09,10,11,12,1.6,0.9,1.3,1',
			'GPGSA,A,3,01,02,03,,,,,,,,,,1.6,0.9,1.3',
			'GNGSA,A,3,65,66,67,,,,,,,,,,1.6,0.9,1.3,2',
			'GLGSA,A,3,01,02,,,,,,,,,,,1.6,0.9,1.3',
		);
		expect(fix!.satellitesUsed).toBe(15);
	});

	test('a field that is empty is left out', () => {
		expect(decode('GPRMC,010203,A,3413.56,N,13510.05,E,,,230326,,')).toEqual([
			{ type: 'position', time: '2026-03-23T01:02:03.000Z', mode: 2, lat: 34.226, lon: 135.1675 },
		]);
	});

	test.each(['GP', 'GN', 'GL', 'GA', 'GB', 'BD', 'QZ', 'GQ', 'PQ', 'GI', 'IN'])('talker %s', (talker) => {
		expect(decode(gga('010203').replace('GN', talker))[0]!.lat).toBe(34.226);
	});

	test('each kind of sentence gives a position by itself', () => {
		for (const body of [
			gga('010203'),
			'GNGNS,010203,3413.56,N,13510.05,E,AN,08,0.9,12.5,37.0,,,V',
			'GNGLL,3413.56,N,13510.05,E,010203,A,A',
			rmc('010203'),
		]) {
			expect(decode(body)[0]).toMatchObject({ lat: 34.226, lon: 135.1675 });
		}
	});

	test('south and west; the oldest VTG', () => {
		const [fix] = decode('GPGLL,3413.56,S,13510.05,W,010203,A', 'GPVTG,084.4,077.8,010.0,018.5');
		expect(fix).toMatchObject({ lat: -34.226, lon: -135.1675, speed: 5.144, track: 84.4 });
	});

	test('a speed in km/h alone', () => {
		expect(decode(gga('010203'), 'GPVTG,84.4,T,,M,,N,36.0,K,A')[0]).toMatchObject({ speed: 10, track: 84.4 });
	});

	test("makers' own sentences are not read as others", () => {
		expect(decode('PGRMC,A,100,V')).toEqual([]);
	});
});

describe('no fix is no position', () => {
	test.each([
		['GPRMC,,V,,,,,,,,,,N', null],
		['GPRMC,010203,V,3413.56,N,13510.05,E,,,230326,,,N', null],
		['GPGGA,010203,0000.0000,N,00000.0000,E,0,00,99.99,,M,,M,,', null],
		['GPGGA,010203,0000.0000,N,00000.0000,E,1,08,0.9,0.0,M,,M,,', null],
		['GPGLL,3413.56,N,13510.05,E,010203,V,N', null],
		['GNGNS,010203,3413.56,N,13510.05,E,NN,00,,,,,,V', null],
		['GPGGA,010203,9913.56,N,13510.05,E,1,08,0.9,0.0,M,,M,,', null],
	])('%s', (body, time) => {
		const [fix] = decode(body);
		expect(fix).toMatchObject({ time, mode: 1 });
		expect(fix).not.toHaveProperty('lat');
		expect(fix).not.toHaveProperty('speed');
	});

	test('one sentence that denies the fix outweighs those that still show one', () => {
		expect(decode(rmc('010203'), gga('010203', 0, '00'))[0]!.mode).toBe(1);
		expect(decode(rmc('010203'), 'GPGSA,A,1,,,,,,,,,,,,,,,')[0]!.mode).toBe(1);
	});

	test('a receiver without a clock gives one fix an epoch all the same', () => {
		expect(decode('GPRMC,,V,,,,,,,,,,N', 'GPGGA,,,,,,0,,,,,,,,', 'GPRMC,,V,,,,,,,,,,N', 'GPGGA,,,,,,0,,,,,,,,')).toHaveLength(2);
	});

	test('what is not measured is marked', () => {
		expect(decode(gga('010203', 6, '00'))[0]).toMatchObject({ lat: 34.226, untrusted: 'estimated' });
		expect(decode(gga('010203', 7))[0]!.untrusted).toBe('manual');
		expect(decode(gga('010203', 8))[0]!.untrusted).toBe('simulated');
		expect(decode(rmc('010203', '3413.56,N,13510.05,E,1,2,230326,,,E'))[0]!.untrusted).toBe('estimated');
		expect(decode(rmc('010203', '3413.56,N,13510.05,E,1,2,230326,,,A,U'))[0]!.untrusted).toBe('not-safe');
		expect(decode(rmc('010203', '3413.56,N,13510.05,E,1,2,230326,,,A,V'))[0]).not.toHaveProperty('untrusted');
	});
});

describe('date and time', () => {
	test('without a date there is no time', () => {
		expect(decode(gga('010203'))[0]!.time).toBeNull();
	});

	test('a date holds for the epochs that bring none, past midnight too', () => {
		const found = decode(rmc('235958'), gga('235958'), gga('235959'), gga('000000'), gga('000001'));
		expect(found.map((f) => f.time)).toEqual([
			'2026-03-23T23:59:58.000Z',
			'2026-03-23T23:59:59.000Z',
			'2026-03-24T00:00:00.000Z',
			'2026-03-24T00:00:01.000Z',
		]);
	});

	test('a date is not carried over a line that was away, nor over a long pause', () => {
		const b = bench()
			.push(lines(rmc('100000')), 0)
			.end(100);
		b.driver.reset();
		b.push(lines(gga('110000')), 200).end(300);
		b.push(lines(rmc('120000')), 400).end(500);
		b.push(lines(gga('130000')), 90_000_000).end(90_000_100);
		expect(fixes(b).map((f) => f.time?.slice(0, 10) ?? null)).toEqual(['2026-03-23', null, '2026-03-23', null]);
	});

	test('ZDA gives it as well', () => {
		expect(decode('GPZDA,010203.00,23,03,2026,00,00', gga('010203'))[0]!.time).toBe('2026-03-23T01:02:03.000Z');
		expect(decode('GPZDA,010203.00,23,03,2026,00,00', gga('010204')).map((f) => f.time)).toEqual(['2026-03-23T01:02:04.000Z']);
	});

	test('two-digit years turn at 69; malformed dates are none', () => {
		const year = (date: string) => decode(rmc('010203', `3413.56,N,13510.05,E,1,2,${date},,,A`))[0]!.time?.slice(0, 4) ?? null;
		expect(['230368', '230369', '2303-1', '310226', ''].map(year)).toEqual(['2068', '1969', null, null, null]);
	});

	test('the date of an invalid RMC is not believed', () => {
		expect(decode('GPRMC,010203,V,,,,,,,060180,,,N', gga('010204')).map((f) => f.time)).toEqual([null, null]);
	});
});

describe('when a fix is given out', () => {
	const burst = (time: string) => lines(rmc(time), gga(time), 'GNGSA,A,3,03,07,08,09,,,,,,,,,1.6,0.9,1.3,1');

	test('after a quiet moment', () => {
		const b = bench().push(burst('010203'), 1000);
		for (let at = 1050; at <= 1100; at += 50) b.driver.idle(at);
		expect(b.outputs).toHaveLength(0);
		for (let at = 1150; at <= 1400; at += 50) b.driver.idle(at);
		expect(b.outputs).toHaveLength(1);
		expect(b.times).toEqual([1000]);
	});

	test('with its last sentence, once it is known which one that is', () => {
		const b = bench();
		const given: number[] = [];
		for (let i = 0; i < 8; i++) {
			b.push(burst(`010203.${i}0`), i * 100);
			given.push(b.outputs.length);
		}
		expect(given).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);
		expect(b.times).toEqual([0, 100, 200, 300, 400, 500, 600, 700]);
	});

	test('a stall of the program does not tear a burst', () => {
		const b = bench();
		b.push(burst('010203.0'), 0).push(burst('010203.1'), 100);
		b.push(lines(rmc('010203.2')), 200);
		b.driver.idle(205);
		b.push(lines(gga('010203.2')), 390);
		b.driver.idle(400);
		b.end(500);
		expect(fixes(b).map((f) => [f.time?.slice(17, 23), f.mode])).toEqual([
			['03.000', 3],
			['03.100', 3],
			['03.200', 3],
		]);
	});

	test('what comes late does not make a second fix of the same moment', () => {
		const b = bench();
		for (let i = 0; i < 6; i++) b.push(burst(`01020${i}`), i * 1000);
		b.push(lines('GNGLL,3413.56,N,13510.05,E,010205,A,A', 'GPGSA,A,1,,,,,,,,,,,,,,,'), 5010);
		b.push(burst('010206'), 6000).end(6000);
		expect(fixes(b).map((f) => [f.time?.slice(17, 19), f.mode])).toEqual(
			['00', '01', '02', '03', '04', '05', '06'].map((s) => [s, 3]),
		);
	});

	test('a line that was opened anew forgets the half epoch', () => {
		const b = bench().push(lines(rmc('010203')), 0);
		b.driver.reset();
		b.push(burst('010204'), 100).end(200);
		expect(fixes(b).map((f) => f.time)).toEqual(['2026-03-23T01:02:04.000Z']);
	});
});

describe('the field', () => {
	test('sentences without checksum are read, unless the receiver sends checksums', () => {
		expect(
			fixes(
				bench()
					.push(raw(`$${gga('010203')}\r\n`))
					.end(),
			),
		).toHaveLength(1);
		const b = bench()
			.push(join(lines(gga('010203')), raw(`$${gga('010204').slice(0, -30)}\r\n`)))
			.end();
		expect(b.outputs).toHaveLength(1);
		expect(b.driver.counters.frames).toBe(1);
	});

	test('a wrong checksum costs the sentence and is counted', () => {
		const bytes = lines(gga('010203'), rmc('010203'));
		bytes[20] = bytes[20]! ^ 1;
		const b = bench().push(bytes).end();
		expect(fixes(b)[0]).not.toHaveProperty('alt');
		expect(b.driver.counters).toMatchObject({ frames: 1, badChecksums: 1 });
	});

	test('noise, binary and joined lines between sentences', () => {
		const noise = Uint8Array.of(0xb5, 0x62, 0x24, 0x00, 0x0a, 0xff);
		const joined = lines(gga('010203')).subarray(0, 30);
		const b = bench()
			.push(join(noise, lines(rmc('010203')), noise, joined, lines(gga('010203')), noise))
			.end();
		expect(fixes(b)).toHaveLength(1);
		expect(fixes(b)[0]).toMatchObject({ mode: 3, alt: 12.5 });
	});
});

describe('any line', () => {
	test('whatever comes, it lives on', () => survivesAnything(nmea, Array.from(raw('$GPRMC,0*\r\n'))));

	const seconds = fc.integer({ min: 10, max: 40 });

	test('the pieces in which bytes come make no difference', () => {
		fc.assert(
			fc.property(seconds, splits, (first, lengths) => {
				const bytes = join(...Array.from({ length: 8 }, (_, i) => lines(rmc(`0102${first + i}`), gga(`0102${first + i}`))));
				expect(bench().pushSplit(bytes, lengths).end().outputs).toEqual(bench().push(bytes).end().outputs);
			}),
			{ numRuns: 50 },
		);
	});

	test('every whole sentence after a damaged one is found', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 15 }), harm, splits, (hurt, damage, lengths) => {
				const all = Array.from({ length: 8 }, (_, i) => [lines(rmc(`01020${i}`)), lines(gga(`01020${i}`))]).flat();
				const harmed = doHarm(all[hurt]!, damage);
				const b = bench()
					.pushSplit(join(...all.slice(0, hurt), harmed, ...all.slice(hurt + 1)), lengths)
					.end();
				expect(b.driver.counters.frames).toBeGreaterThanOrEqual(all.length - 1);
				for (const fix of fixes(b)) if (fix.lat !== undefined) expect([fix.lat, fix.lon]).toEqual([34.226, 135.1675]);
			}),
			{ numRuns: 200 },
		);
	});
});
