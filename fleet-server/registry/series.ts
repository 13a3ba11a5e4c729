/** The visits that a request becomes: made, moved and called off as the request says, without touching what is planned or done. */
import type { CalendarDate, Visit, VisitRequest } from '@junkai/contracts';
import { addDays } from './calendar.ts';
import { bodyOf, type VisitBody } from './kinds.ts';
import { holdsWeekday, windowsOf, type VisitWindow } from './recurrence.ts';

/** A visit as it is, and as it is to be; one of the two may be missing. */
export interface VisitStep {
	readonly before: Visit | null;
	readonly after: VisitBody | null;
}

export interface Series {
	readonly steps: readonly VisitStep[];
	/** First day of the next visit, which is not made yet; null: there is none. */
	readonly nextDay: CalendarDate | null;
}

type Window = Pick<VisitWindow, 'from' | 'until'>;

/**
 * What is to be done about the visits of a request.
 *
 * @param visits all that it has
 * @param today service time; a visit whose days are over by then is not made any more
 * @param horizon last day for which visits are made ahead
 */
export function seriesOf(request: VisitRequest, visits: readonly Visit[], today: CalendarDate, horizon: CalendarDate): Series {
	if (request.state !== 'open') return { steps: calledOff(request, visits), nextDay: null };
	const movable = visits.filter(isMovable).toSorted((a, b) => a.nth - b.nth);
	const fixed = visits.filter((visit) => !isMovable(visit)).toSorted((a, b) => (a.from < b.from ? -1 : 1));
	const { wanted, nextDay } = wantedWindows(request, fixed, movable, today, horizon);
	let nth = visits.reduce((most, visit) => Math.max(most, visit.nth), 0);
	const steps: VisitStep[] = movable.map((before, at) => ({
		before,
		after: at < wanted.length ? moved(before, request, wanted[at]!) : null,
	}));
	for (const window of wanted.slice(movable.length)) steps.push({ before: null, after: fresh(request, ++nth, window) });
	return { steps: steps.filter(({ before, after }) => before === null || after === null || differs(before, after)), nextDay };
}

/** Open, or called off only because its request was. */
const isMovable = ({ state, withRequest }: Visit): boolean => state === 'open' || (state === 'cancelled' && withRequest === true);

/** Of a request that is cancelled nobody comes any more; one that is closed only asks for nothing beyond what is planned. */
function calledOff({ state }: VisitRequest, visits: readonly Visit[]): VisitStep[] {
	return visits
		.filter((visit) => visit.state === 'open' || (visit.state === 'planned' && state === 'cancelled'))
		.map((before) => ({ before, after: { ...bodyOf<'visit'>(before), state: 'cancelled', withRequest: true } }));
}

/** Windows that no visit which is planned, done or given up stands for, up to the horizon. */
function wantedWindows(
	{ recurrence, weekdays, from, until }: VisitRequest,
	fixed: readonly Visit[],
	movable: readonly Visit[],
	today: CalendarDate,
	horizon: CalendarDate,
): { wanted: Window[]; nextDay: CalendarDate | null } {
	const most = (recurrence === null ? 1 : (recurrence.times ?? Infinity)) - fixed.length;
	const overdue = new Set(movable.map((visit) => `${visit.from} ${visit.until}`));
	const wanted: Window[] = [];
	let stand = 0;
	for (const window of windowsOf({ recurrence, from, until })) {
		if (wanted.length >= most) break;
		// The first one is made however far away: a request without any visit would be forgotten.
		if (window.from > horizon && (wanted.length > 0 || fixed.length > 0)) return { wanted, nextDay: window.from };
		while (stand < fixed.length && fixed[stand]!.until < window.from) stand++;
		if (stand < fixed.length && fixed[stand]!.from <= window.until) {
			stand++;
			continue;
		}
		const free = apartFrom(window, fixed);
		if (free.from > free.until || !holdsWeekday(free, weekdays)) continue;
		const over = recurrence !== null && free.until < today;
		if (!over || overdue.has(`${free.from} ${free.until}`)) wanted.push({ from: free.from, until: free.until });
	}
	return { wanted, nextDay: null };
}

/** What is left of a window so that its visit comes neither before those that go before it nor after those that follow. */
function apartFrom(window: Window, fixed: readonly Visit[]): Window {
	let { from, until } = window;
	for (const visit of fixed) {
		const day = visit.state === 'cancelled' || visit.state === 'not-done' ? undefined : visit.planned?.date;
		if (day === undefined || day < from || day > until) continue;
		if (visit.from < window.from) from = addDays(day, 1);
		else until = addDays(day, -1);
	}
	return { from, until };
}

const fresh = (request: VisitRequest, nth: number, { from, until }: Window): VisitBody => ({
	request: request.id,
	patient: request.patient,
	nth,
	from,
	until,
	state: 'open',
	reason: null,
	note: '',
	planned: null,
	actual: null,
});

function moved(visit: Visit, request: VisitRequest, { from, until }: Window): VisitBody {
	const { withRequest: _again, ...body } = bodyOf<'visit'>(visit);
	return { ...body, patient: request.patient, from, until, state: 'open', planned: null };
}

const differs = (before: Visit, after: VisitBody): boolean =>
	before.state !== after.state ||
	before.from !== after.from ||
	before.until !== after.until ||
	before.patient !== after.patient ||
	before.withRequest !== after.withRequest;
