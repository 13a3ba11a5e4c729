/** What is wrong with a field, in a form that either language can say; from the schema's findings and from the server's. */
import type { Problem } from '@junkai/contracts';
import type { z } from 'zod';
import type { useTexts } from '../i18n/index.ts';

export const faultKinds = [
	'missing',
	'choose',
	'too-long',
	'too-many',
	'not-a-number',
	'whole-number',
	'too-small',
	'too-big',
	'not-a-date',
	'not-a-time',
	'phone',
	'vehicle-id',
	'date-order',
	'time-order',
	'hours-overlap',
	'twice',
	'weekday',
	'ends-before',
	'unknown-place',
	'unknown-record',
	'no-meeting-place',
	'taken',
	'no-date-fits',
	'refused',
	'wrong',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
	kind: FaultKind;
	least?: number;
	most?: number;
}

/** The contracts say what a refinement means in English; here it becomes a kind. The server passes the same sentences on. */
const byMessage: readonly (readonly [RegExp, FaultKind])[] = [
	[/^the last day is before the first/, 'date-order'],
	[/^the hours end before they begin/, 'time-order'],
	[/^hours must be in order/, 'hours-overlap'],
	[/^each (day of the week|scope) once/, 'twice'],
	[/^on at least one day of the week/, 'weekday'],
	[/^it ends before it begins/, 'ends-before'],
	[/^expected a time/, 'not-a-time'],
	[/^expected digits and hyphens/, 'phone'],
	[/^a vehicle id is/, 'vehicle-id'],
];

const serverSays: readonly (readonly [RegExp, FaultKind])[] = [
	...byMessage,
	[/^Invalid ISO date/, 'not-a-date'],
	[/^Too small: expected string/, 'missing'],
	[/^Too big: expected string/, 'too-long'],
	[/has no named meeting place/, 'no-meeting-place'],
	[/^the region has no/, 'unknown-place'],
	[/^the repetition ends before/, 'date-order'],
	[/^there is no |is taken out$|^the fleet has no vehicle/, 'unknown-record'],
	[/ is the name of .* already$/, 'taken'],
	[/days? of the week|weekday/, 'no-date-fits'],
];

/** Stands in a body for a moment whose day or time cannot be read. */
export const noMoment = 'no moment';

type Issue = z.core.$ZodIssue;

const blank = (value: unknown): boolean => value === undefined || value === null || value === '' || Number.isNaN(value);

/** The value that a path leads to. */
function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
	let at = body;
	for (const key of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
	return at;
}

function ofSize(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, body: unknown): Fault {
	const small = issue.code === 'too_small';
	if (issue.origin === 'string') return small ? { kind: 'missing' } : { kind: 'too-long', most: Number(issue.maximum) };
	if (issue.origin === 'array') {
		const kind = byMessage.find(([pattern]) => pattern.test(issue.message))?.[1];
		return small ? { kind: kind ?? 'choose' } : { kind: 'too-many', most: Number(issue.maximum) };
	}
	if (blank(valueAt(body, issue.path))) return { kind: 'missing' };
	return small ? { kind: 'too-small', least: Number(issue.minimum) } : { kind: 'too-big', most: Number(issue.maximum) };
}

function faultOf(issue: Issue, body: unknown): Fault {
	const told = byMessage.find(([pattern]) => pattern.test(issue.message))?.[1];
	const empty = blank(valueAt(body, issue.path));
	switch (issue.code) {
		case 'too_small':
		case 'too_big':
			return ofSize(issue, body);
		case 'invalid_type':
			if (empty) return { kind: 'missing' };
			if (valueAt(body, issue.path) === noMoment) return { kind: 'not-a-date' };
			return { kind: issue.expected === 'int' ? 'whole-number' : issue.expected === 'number' ? 'not-a-number' : 'wrong' };
		case 'invalid_format':
			if (empty) return { kind: 'missing' };
			return { kind: told ?? (issue.format === 'date' ? 'not-a-date' : 'wrong') };
		case 'invalid_value':
		case 'invalid_union':
			return { kind: 'choose' };
		default:
			return { kind: told ?? 'wrong' };
	}
}

/** By path with dots; the first of each. */
export function faultsOf(error: z.ZodError, body: unknown): Map<string, Fault> {
	const faults = new Map<string, Fault>();
	for (const issue of error.issues) {
		const path = issue.path.map(String).join('.');
		if (!faults.has(path)) faults.set(path, faultOf(issue, body));
	}
	// A schema looks at the order of days only once all else is right; a person is told at once.
	const [from, until] = [valueAt(body, ['from']), valueAt(body, ['until'])];
	if (isDay(from) && isDay(until) && until < from && !faults.has('until')) faults.set('until', { kind: 'date-order' });
	return faults;
}

const isDay = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);

/** What the server found beyond the schema. A sentence that is not known here is said as a refusal, never in raw English. */
export function serverFaults(problem: Problem | null): Map<string, Fault> {
	const faults = new Map<string, Fault>();
	for (const { field, message } of problem?.errors ?? []) {
		const path = field.replace(/\[(\d+)\]/g, '.$1').replace(/^body\./, '');
		if (!faults.has(path)) faults.set(path, { kind: serverSays.find(([pattern]) => pattern.test(message))?.[1] ?? 'refused' });
	}
	return faults;
}

type T = ReturnType<typeof useTexts>['t'];
export const faultText = (t: T, { kind, least = 0, most = 0 }: Fault): string => t(`registry.fault.${kind}`, { least, most });
