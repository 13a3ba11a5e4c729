/** When each byte of a recorded log is due: from the log itself where it tells, else from the device's known pace. */
import type { EmulatedDevice } from '../emulators.ts';

/** A piece of the log: bytes [from, to) go out evenly between two times, ms since the start. */
export interface Stretch {
	from: number;
	to: number;
	start: number;
	end: number;
}

export interface Timeline {
	stretches: Stretch[];
	/** ms at the recorded pace. */
	duration: number;
	/** How the pace was found, in words. */
	basis: string;
	/** Comment lines of the log that are not sent. */
	comments: number;
}

/** Bytes a second of a line at 4800 and at 38,400 baud, ten bits a byte. */
const SLOW_LINE = 480;
const FAST_LINE = 3840;
/** A jump of the log's clock beyond this is a break in the recording, not a pause of the device, s. */
const LONGEST_PAUSE = 30;

export function timelineOf(log: Uint8Array, device: EmulatedDevice): Timeline {
	switch (device) {
		case 'nmea':
			return nmeaTimeline(log);
		case 'nonin':
			return steady(log, 75 * 5, '75 frames of 5 bytes a second');
		case 'pm6750':
			return pm6750Timeline(log);
	}
}

function steady(log: Uint8Array, bytesPerSecond: number, basis: string): Timeline {
	const duration = (log.length / bytesPerSecond) * 1000;
	return { stretches: [{ from: 0, to: log.length, start: 0, end: duration }], duration, basis, comments: 0 };
}

interface Line {
	from: number;
	to: number;
	/** Seconds of the day that it tells; null when it tells none. */
	time: number | null;
}

/** One burst an epoch, each begun when the log's own clock says; what tells no time goes with the line before it. */
function nmeaTimeline(log: Uint8Array): Timeline {
	const { lines, comments } = linesOf(log);
	const bursts: { lines: Line[]; time: number | null }[] = [];
	for (const line of lines) {
		const current = bursts.at(-1);
		if (!current || (line.time !== null && line.time !== current.time)) bursts.push({ lines: [line], time: line.time });
		else current.lines.push(line);
	}
	const stretches: Stretch[] = [];
	let clock = 0;
	let timed = 0;
	for (const [i, burst] of bursts.entries()) {
		const bytes = burst.lines.reduce((sum, line) => sum + line.to - line.from, 0);
		const interval = intervalBetween(burst.time, bursts[i + 1]?.time ?? null);
		if (interval !== null) timed++;
		// Without a clock the line's own speed is all there is to go by.
		const length = interval ?? bytes / SLOW_LINE;
		const speaking = interval === null ? length : Math.min(length * 0.8, bytes / FAST_LINE);
		let sent = 0;
		for (const line of burst.lines) {
			const start = clock + (sent / bytes) * speaking;
			sent += line.to - line.from;
			stretches.push({ from: line.from, to: line.to, start: start * 1000, end: (clock + (sent / bytes) * speaking) * 1000 });
		}
		clock += length;
	}
	const basis = timed > 0 ? `${timed} epochs by the log's own clock` : 'no times in the log: 4800 baud';
	return { stretches, duration: clock * 1000, basis, comments };
}

/** Seconds from one epoch to the next; one second over a break of the recording; null when either has no time. */
function intervalBetween(from: number | null, to: number | null): number | null {
	if (from === null || to === null) return null;
	const difference = (to - from + 86_400) % 86_400;
	return difference === 0 || difference > LONGEST_PAUSE ? 1 : difference;
}

function linesOf(log: Uint8Array): { lines: Line[]; comments: number } {
	const lines: Line[] = [];
	let comments = 0;
	for (let from = 0; from < log.length;) {
		const newline = log.indexOf(0x0a, from);
		const to = newline < 0 ? log.length : newline + 1;
		// A line of a binary log may begin with this byte by chance: only readable text is a comment.
		if (log[from] === 0x23 && isText(log.subarray(from, to))) comments++;
		else lines.push({ from, to, time: timeOf(log.subarray(from, to)) });
		from = to;
	}
	return { lines, comments };
}

const isText = (bytes: Uint8Array): boolean => bytes.every((b) => b >= 0x20 || b === 0x09 || b === 0x0a || b === 0x0d);

/** Field that holds hhmmss, by sentence. */
const timeFields: Readonly<Record<string, number>> = { RMC: 1, GGA: 1, GNS: 1, GST: 1, GBS: 1, ZDA: 1, GLL: 5 };

function timeOf(line: Uint8Array): number | null {
	const start = line.indexOf(0x24);
	if (start < 0 || line.length - start < 12) return null;
	const text = Buffer.from(line.subarray(start, start + 100)).toString('latin1');
	const fields = text.split(/[,*]/);
	const field = timeFields[(fields[0] ?? '').slice(-3)];
	const match = field === undefined ? null : /^(\d\d)(\d\d)(\d\d(?:\.\d+)?)$/.exec(fields[field] ?? '');
	return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : null;
}

const ECG_WAVE = 0x01;
const PLETH_WAVE = 0xfe;

/** The board sends 250 ECG packets a second (50 pleth packets where a log has no ECG): they are the clock. */
function pm6750Timeline(log: Uint8Array): Timeline {
	const marks = { ecg: [] as number[], pleth: [] as number[] };
	for (let i = 0; i + 5 <= log.length; i++) {
		if (log[i] !== 0x55 || log[i + 1] !== 0xaa) continue;
		const length = log[i + 2] ?? 0;
		if (length < 3 || i + 2 + length > log.length) continue;
		if (log[i + 3] === ECG_WAVE) marks.ecg.push(i);
		else if (log[i + 3] === PLETH_WAVE) marks.pleth.push(i);
		i += 1 + length;
	}
	if (marks.ecg.length > 1) return byMarks(log, marks.ecg, 4, `${marks.ecg.length} ECG packets, 250 a second`);
	if (marks.pleth.length > 1) return byMarks(log, marks.pleth, 20, `${marks.pleth.length} pleth packets, 50 a second`);
	return steady(log, 2000, 'no waves in the log: 2000 bytes a second');
}

function byMarks(log: Uint8Array, marks: readonly number[], every: number, basis: string): Timeline {
	const edges = [0, ...marks.slice(1), log.length];
	const stretches = edges.slice(1).map((to, i) => ({ from: edges[i]!, to, start: i * every, end: (i + 1) * every }));
	return { stretches, duration: (edges.length - 1) * every, basis, comments: 0 };
}

/** Where in the log one is after a time: index of the stretch and of the next byte that is not yet due. */
export function dueAt(timeline: Timeline, time: number, from: { stretch: number }): { stretch: number; byte: number } {
	let { stretch } = from;
	const { stretches } = timeline;
	while (stretch < stretches.length && stretches[stretch]!.end <= time) stretch++;
	const current = stretches[stretch];
	if (!current) return { stretch, byte: stretches.at(-1)?.to ?? 0 };
	const share = Math.max(0, Math.min(1, (time - current.start) / (current.end - current.start || 1)));
	return { stretch, byte: current.from + Math.floor((current.to - current.from) * share) };
}
