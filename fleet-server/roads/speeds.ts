/** Speeds by the hour: how long a drive takes that starts at a time, and how far one gets. */
import type { SpeedProfile } from '@junkai/regions';

/** Turns seconds at mean speed into seconds of the clock (`stretch`) and back (`shrink`). Leaving later never means arriving earlier. */
export interface Clockwork {
	stretch(seconds: number): number;
	shrink(seconds: number): number;
}

const HOUR = 3600;
/** No drive takes longer; beyond it the last hour's speed holds. */
const HOURS = 72;

/**
 * The factors that hold from a departure on; with neither profile nor departure the vehicle's alone.
 *
 * @param vehicleFactor of the vehicle's speed, as `VehicleProfile.speedFactor`.
 */
export function clockwork(
	vehicleFactor: number,
	departure: Date | undefined,
	profile: SpeedProfile | undefined,
	timeZone: string,
): Clockwork {
	if (departure === undefined || profile === undefined) {
		return { stretch: (seconds) => seconds / vehicleFactor, shrink: (seconds) => seconds * vehicleFactor };
	}
	const local = localTime(departure, timeZone);
	const factors: number[] = [];
	for (let i = 0; i < HOURS; i++) {
		const hour = local.hour + i;
		const day = profile[dayKind((local.weekday + Math.floor(hour / 24)) % 7)] ?? profile.weekday;
		factors.push((day[hour % 24] ?? 1) * vehicleFactor);
	}
	/** Clock seconds of each hour that are left. */
	const spans = factors.map((_, i) => (i === 0 ? HOUR - local.second : HOUR));
	const run = (seconds: number, use: (span: number, factor: number) => number, gain: (used: number, factor: number) => number) => {
		let [left, sum] = [seconds, 0];
		for (const [i, factor] of factors.entries()) {
			const most = i === factors.length - 1 ? Infinity : use(spans[i]!, factor);
			const used = Math.min(left, most);
			sum += gain(used, factor);
			left -= used;
			if (left <= 0) break;
		}
		return sum;
	};
	return {
		stretch: (seconds) =>
			Number.isFinite(seconds)
				? run(
						seconds,
						(span, factor) => span * factor,
						(used, factor) => used / factor,
					)
				: seconds,
		shrink: (seconds) =>
			run(
				seconds,
				(span) => span,
				(used, factor) => used * factor,
			),
	};
}

/** 0 is Sunday. Public holidays are not known here: who plans for one says so by a profile of his own. */
const dayKind = (weekday: number): keyof SpeedProfile => (weekday === 0 ? 'sunday' : weekday === 6 ? 'saturday' : 'weekday');

function localTime(at: Date, timeZone: string): { weekday: number; hour: number; second: number } {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone,
		weekday: 'short',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
		hourCycle: 'h23',
	});
	const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
	return {
		weekday: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts.get('weekday') ?? ''),
		hour: Number(parts.get('hour')),
		second: Number(parts.get('minute')) * 60 + Number(parts.get('second')),
	};
}
