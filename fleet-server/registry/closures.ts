/** Closures that dispatchers keep, as the roads understand them, as a map draws them, and as a road office's feed tells of them. */
import type { ClosedRoads, closureFeed, rainRule, RoadClosure, RoadClosureBody } from '@junkai/contracts';
import { partOfLine } from '@junkai/regions';
import type { z } from 'zod';
import { closedParts, rulesAt, unmatchedRules } from '../roads/closures.ts';
import type { Closure } from '../roads/port.ts';
import type { Change } from './batch.ts';
import type { RegionFacts } from './facts.ts';
import { bodyOf } from './kinds.ts';
import { RecordsError } from './records-error.ts';
import type { Records } from './records.ts';

/** Edges of one closure that the roads take. */
const MOST_EDGES = 2000;

/** In the terms of the roads; `closure-7` is the one of number 7. Rules for roads that the network does not hold close nothing there. */
export function forRoads(closures: readonly RoadClosure[], facts: RegionFacts): Closure[] {
	return closures.flatMap((one): Closure[] => {
		const { id, from, until, shape } = one;
		const label = {
			id: `closure-${id}`,
			from: new Date(from).toISOString(),
			...(until !== null && { until: new Date(until).toISOString() }),
		};
		switch (shape.kind) {
			case 'polygon':
				return [{ ...label, polygon: shape.ring }];
			case 'rain': {
				const { mm, hourMm } = shape;
				return [{ ...label, rain: { ...(mm !== null && { mm }), ...(hourMm !== null && { hourMm }) } }];
			}
			case 'edges':
				return [{ ...label, edges: shape.edges }];
			case 'rules': {
				const edges = [...new Set(shape.rules.flatMap((rule) => facts.rules.get(rule)?.edges ?? []))];
				return slices(edges, MOST_EDGES).map((part) => ({ ...label, edges: part }));
			}
		}
	});
}

function slices<T>(items: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

export interface Rainfall {
	/** Since it began, mm. */
	readonly mm?: number | undefined;
	/** Within an hour, mm. */
	readonly hourMm?: number | undefined;
}

/** What is closed at a moment, for a map; with `rain`, also what so much of it would close. */
export async function closedRoadsAt(records: Records, at: number, rain: Rainfall = {}): Promise<ClosedRoads> {
	const { facts } = records;
	const { region } = facts;
	const kept = await records.closures.between(at);
	const all = kept.map((one) => ({ name: one.name, closures: forRoads([one], facts), rules: rulesOf(one, facts) }));
	const { mm, hourMm } = rain;
	if (mm !== undefined || hourMm !== undefined) {
		const closure: Closure = { id: 'rain', rain: { ...(mm !== undefined && { mm }), ...(hourMm !== undefined && { hourMm }) } };
		const fallen = [...(mm === undefined ? [] : [`${mm} mm`]), ...(hourMm === undefined ? [] : [`${hourMm} mm/h`])];
		all.push({ name: fallen.join(', '), closures: [closure], rules: unmatchedRules(region, [closure]) });
	}
	const own = all.map(({ name, closures }) => ({ name, parts: closedParts(region, closures) }));
	const roads = new Map(region.roads.map((road) => [road.id, road]));
	const together = closedParts(
		region,
		all.flatMap(({ closures }) => closures),
	);
	const lines = [...together].flatMap(([edge, parts]) =>
		parts.map(([from, to]) => {
			const road = roads.get(edge)!;
			const by = own.filter(({ parts: mine }) => mine.get(edge)?.some(([a, b]) => a < to && b > from) === true);
			return {
				edge,
				name: road.name,
				ref: road.ref,
				coordinates: from === 0 && to === 1 ? road.line : (partOfLine(road.line, from, to) as [number, number][]),
				by: [...new Set(by.map(({ name }) => name))],
			};
		}),
	);
	return { lines, unmatched: [...new Set(all.flatMap(({ rules }) => rules))].toSorted() };
}

/** Rules of a closure that hold on roads which the network has not. */
function rulesOf({ shape }: RoadClosure, facts: RegionFacts): string[] {
	if (shape.kind === 'rules') return shape.rules.filter((rule) => facts.rules.get(rule)?.edges.length === 0);
	if (shape.kind !== 'rain') return [];
	const set = rulesAt(facts.region, { mm: shape.mm ?? undefined, hourMm: shape.hourMm ?? undefined });
	return set.filter(({ edges }) => edges.length === 0).map(({ id }) => id);
}

/** The sections that the region closes by rain. */
export const rainRules = ({ region }: RegionFacts): z.infer<typeof rainRule>[] =>
	region.closures.map(({ id, road, section, continuousMm, hourMm, edges }) => ({
		id,
		road,
		section,
		mm: continuousMm ?? null,
		hourMm: hourMm ?? null,
		edges: edges.length,
	}));

type Feed = z.infer<typeof closureFeed>;

/**
 * Takes over what a road office says is closed: sections named for the first time become closures, those that it names no more end.
 * Resolves with the closures of this feed that are in force.
 *
 * @throws {RecordsError} `refers` for a section that the region has not, `state` for news older than what is known of this feed.
 */
export async function followFeed(records: Records, feed: Feed, by: string): Promise<RoadClosure[]> {
	const { rules } = records.facts;
	const errors = feed.closed.flatMap((rule, at) =>
		rules.has(rule) ? [] : [{ field: `closed.${at}`, message: `the region has no rain rule "${rule}"` }],
	);
	if (errors.length > 0) {
		throw new RecordsError('refers', `The feed names sections that the region has not: ${errors[0]!.message}.`, {
			kind: 'closure',
			errors: errors.slice(0, 20),
		});
	}
	const isOwn = (one: RoadClosure): boolean => one.source === 'feed' && one.reason === feed.source && one.shape.kind === 'rules';
	const own = (await records.closures.all()).filter(isOwn);
	if (own.some(({ from, until }) => Math.max(from, until ?? from) > feed.time)) {
		throw new RecordsError('state', `There is later news of ${feed.source} already.`, { kind: 'closure' });
	}
	const open = own.filter(({ until }) => until === null);
	const ruleOf = ({ shape }: RoadClosure): string => (shape.kind === 'rules' ? shape.rules[0]! : '');
	const closed = new Set(feed.closed);
	const changes: Change[] = open
		.filter((one) => !closed.has(ruleOf(one)))
		.map((one) => {
			const { id, version } = one;
			// Closed and opened at the same moment: it was never in force.
			if (one.from >= feed.time) return { kind: 'closure', op: 'delete', id, version };
			return { kind: 'closure', op: 'update', id, version, body: { ...bodyOf<'closure'>(one), until: feed.time } };
		});
	for (const rule of closed) {
		if (open.some((one) => ruleOf(one) === rule)) continue;
		const { road, section } = rules.get(rule)!;
		const body: RoadClosureBody = {
			name: `${road} ${section}`.slice(0, 200),
			shape: { kind: 'rules', rules: [rule] },
			from: feed.time,
			until: null,
			source: 'feed',
			reason: feed.source,
		};
		changes.push({ kind: 'closure', op: 'create', body });
	}
	await records.commit(changes, by);
	return (await records.closures.all()).filter((one) => isOwn(one) && one.until === null);
}
