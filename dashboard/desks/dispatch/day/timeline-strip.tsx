/** The timeline of today below the map: the plan as a shadow of what is expected. */
import { useEffect, useMemo, useState } from 'react';
import type { PublishedPlan, VehicleEstimate } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { timelineOfPlan } from '../timeline/model.ts';
import type { TimelineSelection } from '../timeline/props.ts';
import { select, type Selection } from './selection.ts';
import { useNames } from './use-names.ts';

interface Props {
	plan: PublishedPlan;
	estimates: ReadonlyMap<string, VehicleEstimate>;
	scheme: 'light' | 'dark';
	/** Service time. */
	now: number;
	selection: Selection | null;
	/** Visits that a changed plan treats otherwise; null when no difference is shown. */
	marked: ReadonlySet<number> | null;
	onHide: () => void;
}

/** Estimates of fifty vans come by the second; the lanes are drawn anew at most so often, ms. */
const redrawEvery = 1000;

export default function TimelineStrip({ plan, estimates, scheme, now, selection, marked, onHide }: Props) {
	const { t } = useTexts();
	const names = useNames();
	const calm = useCalm(estimates, redrawEvery);
	const data = useMemo(() => timelineOfPlan(plan, scheme, calm), [plan, scheme, calm]);
	const known = useMemo(() => ({ vehicle: names.van, patient: names.patient }), [names]);
	return (
		<Timeline
			data={data}
			label={t('day.timeline')}
			mode="live"
			now={now}
			selection={toTimeline(plan, selection)}
			onSelect={(found) => select(fromTimeline(found))}
			names={known}
			tools={
				<button type="button" aria-expanded="true" onClick={onHide}>
					{t('day.hideTimeline')}
				</button>
			}
			{...(marked !== null && { marked })}
		/>
	);
}

/** A value that changes often, taken over at most each `every` ms. */
function useCalm<T>(value: T, every: number): T {
	const [calm, setCalm] = useState(value);
	const [due, setDue] = useState(0);
	useEffect(() => {
		if (calm === value) return;
		const wait = Math.max(0, due - performance.now());
		const timer = setTimeout(() => {
			setCalm(value);
			setDue(performance.now() + every);
		}, wait);
		return () => clearTimeout(timer);
	}, [value, calm, due, every]);
	return calm;
}

function toTimeline(plan: PublishedPlan, selection: Selection | null): TimelineSelection | null {
	switch (selection?.kind) {
		case 'visit':
			return { kind: 'visit', visit: selection.id };
		case 'van':
			return { kind: 'vehicle', vehicle: selection.id };
		case 'stop': {
			const stop = plan.routes.find(({ vehicle }) => vehicle === selection.vehicle)?.stops[selection.stop];
			const visit = stop?.visits[0]?.visit;
			return visit === undefined ? { kind: 'vehicle', vehicle: selection.vehicle } : { kind: 'visit', visit };
		}
		case 'doctor':
			return { kind: 'doctor', doctor: selection.id };
		default:
			return null;
	}
}

function fromTimeline(selection: TimelineSelection | null): Selection | null {
	if (selection === null) return null;
	if (selection.kind === 'visit') return { kind: 'visit', id: selection.visit };
	return selection.kind === 'vehicle' ? { kind: 'van', id: selection.vehicle } : { kind: 'doctor', id: selection.doctor };
}
