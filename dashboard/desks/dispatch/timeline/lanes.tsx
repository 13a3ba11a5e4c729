/** The lanes: one row for a van, one for a doctor. They lie in a track as wide as the zoom; only their style moves it. */
import { memo, useMemo, type CSSProperties } from 'react';
import { formatTime } from '../../../shared/i18n/format.ts';
import { cellIds } from './cells.ts';
import { percent, type Axis } from './axis.ts';
import type { DoctorLane, TimelineVisit, VehicleLane } from './model.ts';
import type { GhostVisit } from './props.ts';
import { describeVisit, doctorName, fitted, lateFrom, signedMinutes, visitLabel, worthTelling, type Speech } from './words.ts';

interface RowProps {
	row: number;
	top: number;
	height: number;
	axis: Axis;
	/** Pixels per ms: what has no room gets no text. */
	scale: number;
	/** Id of the cell that the keyboard is at, when it is in this row. */
	active: string | null;
	/** Visits that are selected or under the pointer, when they are in this row. */
	lit: ReadonlySet<number>;
	selected: boolean;
	marked: ReadonlySet<number> | undefined;
	speech: Speech;
}

export interface Ghost {
	/** Begin of what is in the hand, as long as nothing better is known. */
	likely: { from: number; to: number } | null;
	route: readonly GhostVisit[] | null;
	visit: number;
	forbidden: boolean;
}

const span = (from: number, to: number, axis: Axis): CSSProperties => ({
	left: percent(from, axis),
	width: `${Math.max(0, ((to - from) / (axis.to - axis.from)) * 100).toFixed(4)}%`,
});
const tab = (id: string, active: string | null) => (id === active ? 0 : -1);

interface VehicleRowProps extends RowProps {
	lane: VehicleLane;
	name: string;
	locked: boolean;
	ghost: Ghost | null;
	/** In the hand, when it comes from this lane. */
	held: number | null;
	canMove: boolean;
}

export const VehicleRow = memo(function VehicleRow(props: VehicleRowProps) {
	const { lane, name, row, top, height, axis, scale, active, lit, selected, marked, locked, ghost, held, canMove, speech } = props;
	const { t } = speech;
	const id = cellIds.vehicle(lane.vehicle);
	const count = t('timeline.visits', { count: lane.visits.length });
	const behind = lane.visits.find(({ live }) => live !== null && live.state !== 'done')?.live?.late ?? 0;
	const hours = lane.shift && t('timeline.period', { from: formatTime(lane.shift[0]), to: formatTime(lane.shift[1]) });
	const spoken = [name, count, hours, ...lane.crew, locked ? t('timeline.locked') : null].filter(
		(part) => part !== null && part !== '',
	);
	return (
		<div
			role="row"
			aria-rowindex={row + 1}
			className={`tl-row${selected ? ' tl-row-selected' : ''}`}
			data-lane={lane.vehicle}
			style={{ top, height, '--c': lane.colour } as CSSProperties}
		>
			<div
				role="rowheader"
				className="tl-label"
				tabIndex={tab(id, active)}
				data-cell={id}
				data-vehicle={lane.vehicle}
				aria-label={spoken.join(t('timeline.comma'))}
				title={spoken.join('\n')}
			>
				<i className="tl-swatch" />
				<span>{name}</span>
				{locked && <small className="tl-locked-word">{t('timeline.locked')}</small>}
				{behind >= lateFrom ? (
					<small className="tl-behind" aria-hidden="true">
						{signedMinutes(behind, speech.language)}
					</small>
				) : (
					!locked && <small aria-hidden="true">{lane.visits.length}</small>
				)}
			</div>
			<div className="tl-track">
				<div className="tl-inner">
					{lane.shift !== null && <i className="tl-ground" style={span(lane.shift[0], lane.shift[1], axis)} />}
					{lane.spans.map(({ kind, from, to }) => (
						<i key={`${kind}${from}`} className={`tl-${kind}`} style={span(from, to, axis)} />
					))}
					{lane.visits.map((visit) => {
						const { visit: number, live } = visit;
						const width = (visit.to - visit.from) * scale;
						const unmarked = marked !== undefined && !marked.has(number);
						return (
							<Visit
								key={number}
								visit={visit}
								vehicle={lane.vehicle}
								axis={axis}
								reached={cellIds.visit(number) === active}
								chosen={lit.has(number)}
								pale={held === number || unmarked || (ghost !== null && ghost.route !== null)}
								canMove={canMove}
								label={fitted(visitLabel(visit, speech), width)}
								by={live !== null && Math.abs(live.late) >= worthTelling && width >= 64}
								speech={speech}
							/>
						);
					})}
					{ghost !== null && <GhostRoute ghost={ghost} axis={axis} />}
					{locked && <i className="tl-lock" style={lane.shift ? span(lane.shift[0], lane.shift[1], axis) : { inset: 0 }} />}
				</div>
			</div>
		</div>
	);
});

interface VisitProps {
	visit: TimelineVisit;
	vehicle: string;
	axis: Axis;
	/** The keyboard is at it. */
	reached: boolean;
	chosen: boolean;
	pale: boolean;
	canMove: boolean;
	label: string;
	/** There is room to write how late it is. */
	by: boolean;
	speech: Speech;
}

/** While the axis is zoomed only those are drawn anew whose label has another length. */
const Visit = memo(function Visit({ visit, vehicle, axis, reached, chosen, pale, canMove, label, by, speech }: VisitProps) {
	const { from, to, consult, live } = visit;
	const off = live !== null && Math.abs(live.late) >= worthTelling;
	const states = [
		'tl-visit',
		chosen && 'tl-lit',
		pale && 'tl-pale',
		live?.state === 'done' && 'tl-done',
		live !== null && live.state !== 'done' && live.late >= lateFrom && 'tl-late',
		speech.pinned?.has(visit.visit) && 'tl-pinned',
		canMove && 'tl-movable',
	];
	const spoken = useMemo(() => describeVisit(visit, vehicle, speech), [visit, vehicle, speech]);
	return (
		<>
			{off && <i className="tl-shadow" style={span(live.planned.from, live.planned.to, axis)} />}
			<div
				role="gridcell"
				tabIndex={reached ? 0 : -1}
				aria-selected={chosen}
				aria-label={spoken}
				title={spoken}
				className={states.filter(Boolean).join(' ')}
				data-cell={cellIds.visit(visit.visit)}
				data-visit={visit.visit}
				data-take={visit.visit}
				data-from={from}
				data-chosen={chosen}
				style={span(from, to, axis)}
			>
				{label !== '' && <span className="tl-text">{label}</span>}
				{off && by && (
					<span className="tl-by" aria-hidden="true">
						{signedMinutes(live.late, speech.language)}
					</span>
				)}
				{consult !== null && (
					<i
						className={`tl-consult${live?.consultOff ? ' tl-off' : ''}`}
						style={span(consult.from, consult.to, { from, to: Math.max(to, from + 1) })}
					/>
				)}
			</div>
			{live !== null && live.state !== 'done' && live.bounds[1] - live.bounds[0] >= 60_000 && (
				<i className="tl-bounds" style={span(live.bounds[0], live.bounds[1], axis)} />
			)}
		</>
	);
});

function GhostRoute({ ghost, axis }: { ghost: Ghost; axis: Axis }) {
	const state = ghost.forbidden ? ' tl-ghost-no' : '';
	const { route, likely } = ghost;
	if (route === null) return likely && <i className={`tl-ghost tl-ghost-own${state}`} style={span(likely.from, likely.to, axis)} />;
	return route.map(({ visit, from, to, consult }) => (
		<i
			key={visit}
			data-ghost={visit}
			className={`tl-ghost${visit === ghost.visit ? ' tl-ghost-own' : ''}${state}`}
			style={span(from, to, axis)}
		>
			{consult !== null && <i className="tl-consult" style={span(consult.from, consult.to, { from, to })} />}
		</i>
	));
}

interface DoctorRowProps extends RowProps {
	lane: DoctorLane;
}

export const DoctorRow = memo(function DoctorRow({
	lane,
	row,
	top,
	height,
	axis,
	scale,
	active,
	lit,
	selected,
	marked,
	speech,
}: DoctorRowProps) {
	const { t, names } = speech;
	const id = cellIds.doctor(lane.doctor);
	const name = doctorName(lane.doctor, speech);
	const hours = lane.hours.map(([from, to]) => t('timeline.period', { from: formatTime(from), to: formatTime(to) }));
	const spoken = [name, t('timeline.consults', { count: lane.consults.length }), ...hours];
	return (
		<div role="row" aria-rowindex={row + 1} className={`tl-row${selected ? ' tl-row-selected' : ''}`} style={{ top, height }}>
			<div
				role="rowheader"
				className="tl-label"
				tabIndex={tab(id, active)}
				data-cell={id}
				data-doctor={lane.doctor}
				aria-label={spoken.join(t('timeline.comma'))}
				title={spoken.join('\n')}
			>
				<span>{name}</span>
				<small aria-hidden="true">{lane.consults.length}</small>
			</div>
			<div className="tl-track">
				<div className="tl-inner">
					{lane.hours.map(([from, to]) => (
						<i key={from} className="tl-ground tl-offered" style={span(from, to, axis)} />
					))}
					{lane.consults.map((consult) => (
						<Consult
							key={consult.visit}
							consult={consult}
							axis={axis}
							reached={cellIds.consult(consult.visit) === active}
							chosen={lit.has(consult.visit)}
							pale={marked !== undefined && !marked.has(consult.visit)}
							label={fitted(names.vehicle(consult.vehicle), (consult.to - consult.from) * scale)}
							speech={speech}
						/>
					))}
				</div>
			</div>
		</div>
	);
});

interface ConsultProps {
	consult: DoctorLane['consults'][number];
	axis: Axis;
	reached: boolean;
	chosen: boolean;
	pale: boolean;
	label: string;
	speech: Speech;
}

const Consult = memo(function Consult({ consult, axis, reached, chosen, pale, label, speech }: ConsultProps) {
	const { visit, vehicle, colour, from, to, off } = consult;
	const spoken = useMemo(() => {
		const { t, names } = speech;
		return [
			t('timeline.period', { from: formatTime(from), to: formatTime(to) }),
			names.patient(visit) ?? t('timeline.visitNumber', { number: visit }),
			names.vehicle(vehicle),
			off ? t('timeline.consultOff') : null,
		]
			.filter((part) => part !== null)
			.join(t('timeline.comma'));
	}, [from, to, visit, vehicle, off, speech]);
	const states = ['tl-visit tl-booked', chosen && 'tl-lit', pale && 'tl-pale', off && 'tl-late'];
	return (
		<div
			role="gridcell"
			tabIndex={reached ? 0 : -1}
			aria-selected={chosen}
			aria-label={spoken}
			title={spoken}
			className={states.filter(Boolean).join(' ')}
			data-cell={cellIds.consult(visit)}
			data-visit={visit}
			style={{ ...span(from, to, axis), '--c': colour } as CSSProperties}
		>
			{label !== '' && <span className="tl-text">{label}</span>}
		</div>
	);
});
