/** Requests for care: found, added, changed, called off. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { navigate, useQueryPart } from '../../../app/router.tsx';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addDays } from '../../../shared/records/dates.ts';
import { UndoBar, useDoings, type Doings } from '../../../shared/records/undo-bar.tsx';
import { useRecords, useToday } from '../../../shared/records/use-records.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import { LeaveAsk, ListState, useLeaveGuard, type LeaveGuard } from './page-parts.tsx';
import { PatientForm } from './patient-form.tsx';
import { useRegionFacts } from './region-facts.ts';
import { RequestFilters } from './request-filters.tsx';
import { RequestForm } from './request-form.tsx';
import { filteredRows, noFilters, rowsOf, type Filters } from './request-rows.ts';
import { RequestTable } from './request-table.tsx';
import './registry.css';

/** Visits of so many days before and after today stand in the table; a request's own list has all of them. */
const reach = 45;
const everything = { limit: 10_000 };

const address = (part: Readonly<Record<string, string>>): string => `/dispatch/requests?${new URLSearchParams(part).toString()}`;

export default function RequestsPage() {
	const today = useToday();
	const { t } = useTexts();
	if (today === null) {
		return (
			<main className="registry-page quiet" aria-busy="true">
				<p className="registry-message">{t('app.loading')}</p>
			</main>
		);
	}
	return <Requests today={today} />;
}

function Requests({ today }: { today: string }) {
	const { t } = useTexts();
	const requests = useRecords('request', everything);
	const patients = useRecords('patient', everything);
	const visits = useRecords('visit', { from: addDays(today, -reach), until: addDays(today, reach), limit: 20_000 });
	const fleet = useRecords('fleet-vehicle');
	const facts = useRegionFacts();
	const forPatient = Number(useQueryPart('patient') ?? '') || null;
	const [filters, setFilters] = useState<Filters>(noFilters);
	useEffect(() => setFilters((old) => ({ ...old, patient: forPatient })), [forPatient]);
	const rows = useMemo(
		() => rowsOf(requests.items, patients.byId, visits.items, facts, today),
		[requests.items, patients.byId, visits.items, facts, today],
	);
	const shown = useMemo(() => filteredRows(rows, filters), [rows, filters]);
	const opened = useQueryPart('request');
	const wanted = useQueryPart('new');
	const guard = useLeaveGuard();
	const doings = useDoings();
	const find = useRef<HTMLInputElement>(null);
	const open = useCallback(
		// A list that is narrowed to one patient stays so while requests are opened and closed.
		(part: Readonly<Record<string, string>>) =>
			guard.go(() => navigate(address({ ...(forPatient !== null && { patient: String(forPatient) }), ...part }))),
		[guard, forPatient],
	);
	useShortcuts({
		f: () => find.current?.focus(),
		n: () => open({ new: 'routine' }),
		Escape: () => (opened !== null || wanted !== null ? open({}) : undefined),
	});
	const panel = opened !== null || wanted !== null;
	const changeFilters = (next: Filters) => {
		setFilters(next);
		if (next.patient === null && forPatient !== null) navigate(address({}), true);
	};
	return (
		<main className={panel ? 'registry-page with-panel' : 'registry-page'}>
			<h1 className="visually-hidden">{t('registry.requests.title')}</h1>
			<div className="registry-main">
				<div className="registry-tools">
					<RequestFilters
						filters={filters}
						onChange={changeFilters}
						facts={facts}
						shown={shown.length}
						all={rows.length}
						find={find}
					/>
					<span className="registry-adds">
						<button type="button" className="urgent-button" onClick={() => open({ new: 'urgent' })}>
							{t('registry.requests.urgentNow')}
						</button>
						<button type="button" className="primary" onClick={() => open({ new: 'routine' })}>
							{t('registry.requests.add')}
						</button>
					</span>
				</div>
				<ListState lists={[requests, patients, visits]} />
				{requests.phase === 'ready' && rows.length === 0 && (
					<div className="registry-message">
						<p>{t('registry.requests.empty')}</p>
						<p className="quiet">{t('registry.requests.emptyHint')}</p>
					</div>
				)}
				{rows.length > 0 && shown.length === 0 && <p className="registry-message quiet">{t('registry.requests.noMatch')}</p>}
				{shown.length > 0 && (
					<RequestTable
						rows={shown}
						fleet={fleet.items}
						selected={opened === null ? null : Number(opened)}
						settled={visits.phase === 'ready'}
						onOpen={(id) => open({ request: String(id) })}
					/>
				)}
				<p className="registry-keys" aria-hidden="true">
					{t('registry.requests.keys')}
				</p>
			</div>
			{panel && (
				<Panel
					key={opened ?? `new ${wanted}`}
					opened={opened === null ? null : Number(opened)}
					urgent={wanted === 'urgent'}
					forPatient={forPatient}
					today={today}
					guard={guard}
					doings={doings}
					onClose={() => open({})}
				/>
			)}
			<UndoBar doings={doings} />
		</main>
	);
}

interface PanelProps {
	opened: number | null;
	urgent: boolean;
	forPatient: number | null;
	today: string;
	guard: LeaveGuard;
	doings: Doings;
	onClose: () => void;
}

/** The request that is open, and above it, while it is wanted, the form of its patient. */
function Panel({ opened, urgent, forPatient, today, guard, doings, onClose }: PanelProps) {
	const { t } = useTexts();
	const requests = useRecords('request', everything);
	const patients = useRecords('patient', everything);
	const doctors = useRecords('doctor');
	const fleet = useRecords('fleet-vehicle');
	const facts = useRegionFacts();
	const record = opened === null ? null : (requests.byId.get(opened) ?? null);
	const visits = useRecords('visit', record === null ? null : { patient: record.patient, limit: 2000 });
	const own = useMemo(() => visits.items.filter(({ request }) => request === opened), [visits.items, opened]);
	const patientGuard = useLeaveGuard();
	const { setDirtyAbove } = guard;
	const { setDirty: setPatientDirty } = patientGuard;
	const patientDirty = useCallback(
		(dirty: boolean) => {
			setPatientDirty(dirty);
			setDirtyAbove(dirty);
		},
		[setPatientDirty, setDirtyAbove],
	);
	const [patientForm, setPatientForm] = useState<{ id: number | null; take: (id: number) => void } | null>(null);
	const known = opened === null || record !== null;
	const wasKnown = useRef(known);
	if (known) wasKnown.current = true;
	if (!wasKnown.current) {
		return (
			<aside className="registry-panel">
				<p className="registry-message quiet">{requests.phase === 'ready' ? t('registry.changed.gone') : t('app.loading')}</p>
			</aside>
		);
	}
	return (
		<aside className="registry-panel">
			<LeaveAsk guard={guard} />
			<LeaveAsk guard={patientGuard} />
			<div hidden={patientForm !== null} className="panel-layer">
				<RequestForm
					record={record}
					urgent={urgent}
					forPatient={forPatient}
					today={today}
					patients={patients.items}
					doctors={doctors.items}
					fleet={fleet.items}
					visits={own}
					facts={facts}
					doings={doings}
					onSaved={(kept) => {
						guard.clean();
						if (opened === null) navigate(address({ request: String(kept.id) }), true);
					}}
					onClose={onClose}
					onDirty={guard.setDirty}
					onPatient={(id, take) => setPatientForm({ id, take })}
				/>
			</div>
			{patientForm !== null && (
				<div className="panel-layer">
					<PatientForm
						key={patientForm.id ?? 'new'}
						record={patientForm.id === null ? null : (patients.byId.get(patientForm.id) ?? null)}
						today={today}
						onSaved={(kept) => {
							patientGuard.clean();
							patientForm.take(kept.id);
							setPatientForm(null);
						}}
						onClose={() => patientGuard.go(() => setPatientForm(null))}
						onDirty={patientDirty}
					/>
				</div>
			)}
		</aside>
	);
}
