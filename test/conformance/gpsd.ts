/**
 * Compares the NMEA driver with gpsd on gpsd's own recorded logs: `X.log` is what a receiver sent, `X.log.chk` what gpsd made
 * of it. For each moment that gpsd reported, the driver's fix of that moment is held against gpsd's last report of it.
 *
 *     node test/conformance/gpsd.ts [FOLDER] [--only TEXT] [--details N]
 *
 * FOLDER may also stand in JUNKAI_GPSD_CORPUS. Ends with status 2 when there is no corpus.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decode, type DriverPosition } from '@junkai/firmware-bridge';

const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		only: { type: 'string', default: '' },
		details: { type: 'string', default: '0' },
		'nmea-only': { type: 'boolean', default: true },
	},
});

const fields = ['time', 'lat', 'lon', 'alt', 'mode', 'satellitesUsed', 'speed', 'track'] as const;
type Field = (typeof fields)[number];

interface Expected {
	line: number;
	lat?: number | undefined;
	lon?: number | undefined;
	alt?: number | undefined;
	speed?: number | undefined;
	track?: number | undefined;
	mode: number;
	/** Every satellite count that gpsd gave for the moment, the last at the end. */
	satellites: number[];
}

interface GpsdReport {
	class: string;
	time?: string;
	mode?: number;
	lat?: number;
	lon?: number;
	altMSL?: number;
	speed?: number;
	track?: number;
	uSat?: number;
}

/** gpsd corrects dates of old receivers by whole eras of 1024 weeks, the driver leaves that to others. */
const ERA = 1024 * 7 * 86_400_000;
const moment = (time: string): number => Date.parse(time) % ERA;

const timedField: Record<string, number> = { RMC: 1, GGA: 1, GNS: 1, GST: 1, ZDA: 1, GLL: 5 };

/** Time of day of a sentence that has one, ms. */
function sentenceTime(line: string): number | undefined {
	const parts = line.split('*')[0]!.split(',');
	const field = timedField[parts[0]!.slice(3)];
	const match = field === undefined ? null : /^(\d\d)(\d\d)(\d\d)(\.\d+)?$/.exec(parts[field] ?? '');
	if (!match) return undefined;
	return ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3])) * 1000 + Math.round(Number(match[4] ?? 0) * 1000);
}

/** What gpsd reported, by moment. */
function expectations(chk: string): Map<number, Expected> {
	const expected = new Map<number, Expected>();
	let time: number | undefined;
	let satellites: number[] = [];
	for (const [number, line] of chk.split('\n').entries()) {
		if (line.startsWith('$')) {
			const next = sentenceTime(line);
			if (next !== undefined && next !== time) {
				time = next;
				satellites = [];
			}
			continue;
		}
		if (!line.startsWith('{')) continue;
		const report = JSON.parse(line) as GpsdReport;
		if (report.class === 'SKY' && report.uSat !== undefined) satellites.push(report.uSat);
		if (report.class !== 'TPV' || report.time === undefined) continue;
		// Without news of its time, gpsd goes on reporting the last one: that is not about the moment any more.
		const key = moment(report.time);
		if (expected.has(key) && time !== undefined && Date.parse(report.time) % 86_400_000 !== time) continue;
		// The same array: what gpsd says of the satellites after its report is about the same moment.
		expected.set(key, {
			line: number + 1,
			lat: report.lat,
			lon: report.lon,
			alt: report.altMSL,
			mode: report.mode ?? 1,
			speed: report.speed,
			track: report.track,
			satellites,
		});
	}
	return expected;
}

const near = (a: number | undefined, b: number | undefined, tolerance: number): boolean =>
	a === undefined || b === undefined ? a === b : Math.abs(a - b) <= tolerance;

/** Which fields of a fix agree; a field that gpsd does not give is not compared. */
function compare(fix: DriverPosition | undefined, expected: Expected): Partial<Record<Field, boolean>> {
	const found = fix !== undefined;
	const result: Partial<Record<Field, boolean>> = { time: found, mode: fix?.mode === expected.mode };
	if (expected.mode > 1 && expected.lat !== undefined) {
		result.lat = near(fix?.lat, expected.lat, 2e-7);
		result.lon = near(fix?.lon, expected.lon, 2e-7);
		if (expected.alt !== undefined && expected.mode > 2) result.alt = near(fix?.alt, expected.alt, 0.01);
		// Where the receiver says nothing of speed and course, gpsd works them out itself.
		if (expected.speed !== undefined && fix?.speed !== undefined) result.speed = near(fix.speed, expected.speed, 0.02);
		if (expected.track !== undefined && fix?.track !== undefined) result.track = near(fix.track, expected.track, 0.02);
	}
	// gpsd says it several times a moment: GGA's count, then those of GSA that GSV showed so far. One of them must be ours.
	if (expected.satellites.length > 0)
		result.satellitesUsed = fix !== undefined && expected.satellites.includes(fix.satellitesUsed ?? -1);
	return result;
}

async function runLog(folder: string, log: string): Promise<Record<Field, [number, number]> | undefined> {
	const bytes = readFileSync(join(folder, log));
	let chk: string;
	try {
		chk = readFileSync(join(folder, `${log}.chk`), 'utf8');
	} catch {
		return undefined;
	}
	const expected = expectations(chk);
	if (!/^\$..(RMC|GGA|GLL|GNS),/m.test(bytes.toString('latin1'))) return undefined;
	const fixes = new Map<number, DriverPosition>();
	let unknown = 0;
	for await (const output of decode('nmea', [bytes])) {
		if (output.type !== 'position') continue;
		if (output.time === null) unknown++;
		else fixes.set(moment(output.time), output);
	}
	const score = Object.fromEntries(fields.map((field) => [field, [0, 0]])) as Record<Field, [number, number]>;
	let details = Number(options.details);
	for (const [time, wanted] of expected) {
		const fix = fixes.get(time);
		const result = compare(fix, wanted);
		for (const field of fields) {
			if (result[field] === undefined) continue;
			score[field][1]++;
			if (result[field]) score[field][0]++;
		}
		if (details > 0 && Object.values(result).includes(false)) {
			details--;
			const wrong = fields.filter((field) => result[field] === false).join(' ');
			console.log(`  ${log}.chk:${wanted.line} ${wrong}\n    gpsd ${JSON.stringify(wanted)}\n    ours ${JSON.stringify(fix)}`);
		}
	}
	const extra = [...fixes].filter(([time, fix]) => fix.mode > 1 && !expected.has(time)).length;
	const row = fields.map((field) => `${score[field][0]}/${score[field][1]}`.padStart(9)).join(' ');
	const mark = fields.every((field) => score[field][0] === score[field][1]) ? ' ' : '!';
	console.log(`${mark} ${log.padEnd(38)} ${row}  only ours ${extra}, without time ${unknown}`);
	return score;
}

const folder = positionals[0] ?? process.env['JUNKAI_GPSD_CORPUS'];
if (folder === undefined || folder === '') {
	console.error('NOT RUN: no corpus of gpsd logs. Give its folder as an argument or in JUNKAI_GPSD_CORPUS.');
	process.exit(2);
}
let logs: string[];
try {
	logs = readdirSync(folder).filter((name) => name.endsWith('.log') && name.includes(options.only));
} catch (cause) {
	console.error(`NOT RUN: the corpus folder ${folder} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
	process.exit(2);
}
console.log(`  ${'log'.padEnd(38)} ${fields.map((field) => field.slice(0, 9).padStart(9)).join(' ')}`);
const total = Object.fromEntries(fields.map((field) => [field, [0, 0]])) as Record<Field, [number, number]>;
let compared = 0;
let whole = 0;
for (const log of logs.toSorted()) {
	const score = await runLog(folder, log);
	if (!score) continue;
	compared++;
	if (fields.every((field) => score[field][0] === score[field][1])) whole++;
	for (const field of fields) {
		total[field][0] += score[field][0];
		total[field][1] += score[field][1];
	}
}
if (compared === 0) {
	console.error(`NOT RUN: ${folder} holds no NMEA log with its .chk`);
	process.exit(2);
}
console.log(`\n${compared} logs, ${whole} agree in everything`);
for (const field of fields) {
	const [good, all] = total[field];
	console.log(
		`${field.padEnd(16)} ${String(good).padStart(6)} of ${String(all).padStart(6)}  ${((100 * good) / Math.max(all, 1)).toFixed(2)} %`,
	);
}
