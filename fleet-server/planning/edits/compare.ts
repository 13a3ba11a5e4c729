/** What differs between two plans, visit by visit. */
import type { PlanChange, PlanDraft } from '@junkai/contracts';

/** A day of either plan; of the one that holds as of one in the making. */
export interface ComparedDay {
	readonly date: string;
	readonly draft: Pick<PlanDraft, 'routes'>;
}

type Placed = NonNullable<PlanChange['before']>;

/** A visit that begins within this of where it was stays as it is, ms. */
const SAME_MS = 5 * 60_000;
/** The weightiest first. */
const order: readonly PlanChange['kind'][] = ['removed', 'added', 'day', 'vehicle', 'doctor', 'time'];

/** Visits by number, with where they are in a plan. */
export function placedVisits(days: readonly ComparedDay[]): Map<number, Placed> {
	const found = new Map<number, Placed>();
	for (const { date, draft } of days)
		for (const { vehicle, stops } of draft.routes)
			for (const { visits } of stops)
				for (const { visit, from, to, consult } of visits)
					found.set(visit, { date, vehicle, from, to, doctor: consult?.doctor ?? null });
	return found;
}

/**
 * @param dates only visits that one of the plans has on these days count: a plan of Tuesday says nothing of Wednesday
 * @param patientOf of a visit, null when it is not known
 */
export function compareDays(
	before: readonly ComparedDay[],
	after: readonly ComparedDay[],
	dates: ReadonlySet<string>,
	patientOf: (visit: number) => number | null,
): { changes: PlanChange[]; same: number } {
	const [was, is] = [placedVisits(before), placedVisits(after)];
	const changes: PlanChange[] = [];
	let same = 0;
	for (const visit of new Set([...was.keys(), ...is.keys()])) {
		const [then, now] = [was.get(visit), is.get(visit)];
		if (![then, now].some((one) => one && dates.has(one.date))) continue;
		const kind = differenceOf(then, now);
		if (kind === null) same++;
		else changes.push({ visit, patient: patientOf(visit), kind, before: then ?? null, after: now ?? null });
	}
	const momentOf = ({ before: then, after: now }: PlanChange): number => (now ?? then)!.from;
	changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || momentOf(a) - momentOf(b));
	return { changes, same };
}

function differenceOf(then: Placed | undefined, now: Placed | undefined): PlanChange['kind'] | null {
	if (!then) return 'added';
	if (!now) return 'removed';
	if (then.date !== now.date) return 'day';
	if (then.vehicle !== now.vehicle) return 'vehicle';
	if (then.doctor !== now.doctor) return 'doctor';
	return Math.abs(then.from - now.from) > SAME_MS ? 'time' : null;
}
