/** Whatever is selected, with its facts and what can be done about it. */
import type { Alert, Vehicle } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet, useServerNow } from '../../../shared/live/live-context.tsx';
import type { Place } from '../../../shared/map/nearest-place.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { alertWords } from './alert-words.ts';
import { alertMark } from './alerts.ts';
import { ClosureInspector } from './closure-inspector.tsx';
import { useDay } from './day-context.tsx';
import { DoctorInspector } from './doctor-inspector.tsx';
import { showOnMap } from './map-focus.ts';
import { PanelHead } from './panel.tsx';
import type { RouteView } from './route-view.ts';
import { select, type Selection } from './selection.ts';
import { useNames } from './use-names.ts';
import { VanInspector } from './van-inspector.tsx';
import { VisitInspector } from './visit-inspector.tsx';

interface Props {
	selection: Selection;
	views: ReadonlyMap<string, RouteView>;
	places: readonly Place[];
	/** Service time. */
	now: number;
}

export function Inspector({ selection, views, places, now }: Props) {
	const { alerts } = useDay();
	const close = () => select(null);
	if (selection.kind === 'alert') {
		const alert = alerts.find(({ id }) => id === selection.id);
		const about = alert === undefined ? null : aboutOf(alert);
		return (
			<div className="inspectors">
				<AlertCard alert={alert} onClose={close} bare={about !== null} />
				{about !== null && <Inspector selection={about} views={views} places={places} now={now} />}
			</div>
		);
	}
	if (selection.kind === 'visit') {
		return (
			<VisitInspector
				key={selection.id}
				id={selection.id}
				views={views}
				onShow={(lon, lat) => showOnMap({ kind: 'point', lon, lat })}
				onClose={close}
			/>
		);
	}
	if (selection.kind === 'doctor')
		return <DoctorInspector key={selection.id} id={selection.id} views={views} now={now} onClose={close} />;
	if (selection.kind === 'closure') return <ClosureInspector key={selection.id} id={selection.id} now={now} onClose={close} />;
	return (
		<OfVan
			vehicle={selection.kind === 'van' ? selection.id : selection.vehicle}
			views={views}
			places={places}
			now={now}
			onClose={close}
		/>
	);
}

/** Whom an alert is about: that is shown below it. */
export function aboutOf({ vehicle, visit, doctor, kind }: Alert): Exclude<Selection, { kind: 'alert' }> | null {
	if ((kind === 'doctor-not-joined' || kind === 'doctor-waits') && doctor !== null) return { kind: 'doctor', id: doctor };
	if (visit !== null && (kind === 'visit-not-done' || kind === 'consult-late')) return { kind: 'visit', id: visit };
	if (vehicle !== null) return { kind: 'van', id: vehicle };
	if (visit !== null) return { kind: 'visit', id: visit };
	return doctor === null ? null : { kind: 'doctor', id: doctor };
}

function AlertCard({ alert, bare, onClose }: { alert: Alert | undefined; bare: boolean; onClose: () => void }) {
	const { t } = useTexts();
	const names = useNames();
	if (alert === undefined) {
		return (
			<section className="inspector" aria-label={t('day.alerts')}>
				<PanelHead title={t('day.alerts')} onClose={onClose} />
				<p className="quiet">{t('day.alertGone')}</p>
			</section>
		);
	}
	const { subject, what, figures, hint } = alertWords(t, alert, names);
	return (
		<section className={`alert-card alert-${alert.urgency}`} aria-label={what} data-testid="alert-card">
			<p>
				<StateMark kind={alertMark[alert.urgency]} />
				<b>
					{bare ? '' : `${subject} `}
					{what} {figures.join(' ')}
				</b>
			</p>
			<p>{hint}</p>
		</section>
	);
}

interface OfVanProps {
	vehicle: string;
	views: ReadonlyMap<string, RouteView>;
	places: readonly Place[];
	now: number;
	onClose: () => void;
}

function OfVan({ vehicle: id, views, places, now, onClose }: OfVanProps) {
	const { t } = useTexts();
	const { vehicles, delays } = useFleet();
	const { estimates, publication } = useDay();
	const wall = useServerNow();
	const view = views.get(id) ?? null;
	const vehicle = vehicles.find((one) => one.id === id) ?? (view === null ? null : neverSeen(id));
	if (vehicle === null) {
		return (
			<section className="inspector" aria-label={id}>
				<PanelHead title={id} onClose={onClose} />
				<p className="quiet">{t(vehicles.length === 0 ? 'app.loading' : 'day.vanGone')}</p>
			</section>
		);
	}
	return (
		<VanInspector
			vehicle={vehicle}
			delay={delays.get(id) ?? null}
			now={wall}
			serviceNow={now}
			places={places}
			view={view}
			estimate={estimates.get(id) ?? null}
			publication={publication}
			onShow={() => {
				const fix = vehicle.position;
				if (fix?.lat !== undefined && fix.lon !== undefined) showOnMap({ kind: 'point', lon: fix.lon, lat: fix.lat });
			}}
			onShowRoute={() => {
				const points = view?.stops.flatMap(({ stop: { way } }) => way?.geometry.coordinates ?? []) ?? [];
				if (points.length > 0) showOnMap({ kind: 'points', points });
			}}
			onClose={onClose}
		/>
	);
}

/** A van of the plan whose gateway has never told of itself. */
const neverSeen = (id: string): Vehicle => ({
	id,
	name: id,
	position: null,
	link: { state: 'unknown', since: null, lastSeen: null },
	clock: null,
	devices: [],
	spool: null,
	statusTime: null,
	software: null,
});
