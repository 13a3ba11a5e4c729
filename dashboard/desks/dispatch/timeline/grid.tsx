/** The lanes of vans above, those of doctors below, and what joins them. */
import { useMemo, type ReactNode, type RefObject } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { likelyStart, type Aim, type Place } from './aim.ts';
import { percent, pixelsPerMs, ticks, xOf, type Axis, type View } from './axis.ts';
import { cellIds, type Cell } from './cells.ts';
import { DoctorRow, VehicleRow, type Ghost } from './lanes.tsx';
import { Links } from './links.tsx';
import { findVisit } from './model.ts';
import { Rows } from './parts.tsx';
import type { TimelineProps } from './props.ts';
import type { Pane } from './use-panes.ts';
import type { Speech } from './words.ts';

interface Props {
	given: TimelineProps;
	box: RefObject<HTMLDivElement | null>;
	axis: Axis;
	view: View;
	panes: { vans: Pane; doctors: Pane };
	rows: readonly (readonly Cell[])[];
	/** Id of the cell where the keyboard is. */
	active: string | null;
	/** Visits that are selected or under the pointer. */
	lit: ReadonlySet<number>;
	speech: Speech;
}

const noVisits: ReadonlySet<number> = new Set();
/** Of a visit that has no length yet, ms. */
const usualVisit = 30 * 60_000;

export function Grid(props: Props) {
	const { given, box, axis, view, panes, rows, lit } = props;
	const { data, label, now, selection, editing } = given;
	const { vans, doctors } = panes;
	const whole =
		selection?.kind === 'vehicle'
			? { vehicle: selection.vehicle }
			: selection?.kind === 'doctor'
				? { doctor: selection.doctor }
				: null;
	const height = vans.height + doctors.height;
	return (
		<div
			ref={box}
			className="tl-box"
			role="grid"
			aria-label={label}
			aria-rowcount={rows.length}
			aria-readonly={editing === undefined}
		>
			<Behind name="tl-lines" height={height}>
				{ticks(axis, view).map(({ at, strong }) => (
					<i key={at} className={strong ? 'tl-hour' : ''} style={{ left: percent(at, axis) }} />
				))}
			</Behind>
			<Vans {...props} />
			<Doctors {...props} />
			<Links data={data} axis={axis} view={view} vans={vans} doctors={doctors} lit={lit} whole={whole} />
			{now !== null && now >= data.from && now <= data.to && xOf(now, axis, view) >= 0 && (
				<Behind name="tl-now" height={height}>
					<i style={{ left: percent(now, axis) }} />
				</Behind>
			)}
		</div>
	);
}

function Behind({ name, height, children }: { name: string; height: number; children: ReactNode }) {
	return (
		<div className={name} aria-hidden="true" style={{ height }}>
			<div className="tl-inner">{children}</div>
		</div>
	);
}

function Vans({ given, axis, view, panes: { vans }, rows, active, lit, speech }: Props) {
	const { t } = useTexts();
	const { data, selection, names, locked, marked, editing } = given;
	const aim = editing?.aim ?? null;
	const place = aim?.target?.kind === 'lane' ? aim.target : null;
	const ghost = useGhost(given, aim, place);
	const owner = rowOf(rows, active);
	return (
		<Rows pane={vans} name="tl-vans" label={t('timeline.vans')}>
			{data.vehicles.slice(vans.first, vans.last).map((lane, index) => {
				const { vehicle } = lane;
				const row = vans.first + index;
				return (
					<VehicleRow
						key={vehicle}
						lane={lane}
						name={names.vehicle(vehicle)}
						row={row}
						top={row * vans.row}
						height={vans.row}
						axis={axis}
						scale={pixelsPerMs(axis, view)}
						active={owner === cellIds.vehicle(vehicle) ? active : null}
						lit={litIn(lane.visits, lit)}
						selected={selection?.kind === 'vehicle' && selection.vehicle === vehicle}
						marked={marked}
						locked={locked?.has(vehicle) ?? false}
						ghost={place?.vehicle === vehicle ? ghost : null}
						held={aim !== null && lane.visits.some(({ visit }) => visit === aim.visit) ? aim.visit : null}
						canMove={editing !== undefined}
						speech={speech}
					/>
				);
			})}
		</Rows>
	);
}

function Doctors({ given, axis, view, panes: { doctors }, rows, active, lit, speech }: Props) {
	const { t } = useTexts();
	const { data, selection, marked } = given;
	const owner = rowOf(rows, active);
	return (
		<Rows pane={doctors} name="tl-doctors" label={t('timeline.doctors')}>
			{data.doctors.slice(doctors.first, doctors.last).map((lane, index) => {
				const row = doctors.first + index;
				return (
					<DoctorRow
						key={lane.doctor}
						lane={lane}
						row={data.vehicles.length + row}
						top={row * doctors.row}
						height={doctors.row}
						axis={axis}
						scale={pixelsPerMs(axis, view)}
						active={owner === cellIds.doctor(lane.doctor) ? active : null}
						lit={litIn(lane.consults, lit)}
						selected={selection?.kind === 'doctor' && selection.doctor === lane.doctor}
						marked={marked}
						speech={speech}
					/>
				);
			})}
		</Rows>
	);
}

/** What would lie in the lane at which the hand aims. */
function useGhost({ data, editing }: TimelineProps, aim: Aim | null, place: Place | null): Ghost | null {
	const route = editing?.ghost ?? null;
	const forbidden = editing?.forbidden ?? false;
	return useMemo(() => {
		if (aim === null || place === null) return null;
		const own = findVisit(data, aim.visit)?.visit;
		const from = likelyStart(data, aim.visit, place);
		const length = own === undefined ? usualVisit : own.to - own.from;
		return { visit: aim.visit, route, forbidden, likely: { from, to: from + length } };
	}, [data, aim, place, route, forbidden]);
}

/** Id of the lane in which a cell lies. */
const rowOf = (rows: readonly (readonly Cell[])[], id: string | null): string | null =>
	rows.find((cells) => cells.some((cell) => cell.id === id))?.[0]?.id ?? null;

function litIn(list: readonly { visit: number }[], lit: ReadonlySet<number>): ReadonlySet<number> {
	if (lit.size === 0) return noVisits;
	const own = list.filter(({ visit }) => lit.has(visit)).map(({ visit }) => visit);
	return own.length === 0 ? noVisits : new Set(own);
}
