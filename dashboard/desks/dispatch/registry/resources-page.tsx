/** People and vans: who and what can go on which day, and what does not go together. */
import { useMemo, useState } from 'react';
import { setQueryPart, useQueryPart } from '../../../app/router.tsx';
import type { Conflict } from '../../../shared/api/registry.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { addDays, addMonths, formatMonth, formatShortDay, mondayOf } from '../../../shared/records/dates.ts';
import { UndoBar, useDoings } from '../../../shared/records/undo-bar.tsx';
import { useRecords, useToday } from '../../../shared/records/use-records.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import { ConflictList } from './conflict-list.tsx';
import { LeaveAsk, ListState, useLeaveGuard } from './page-parts.tsx';
import { useRegionFacts } from './region-facts.ts';
import { ResourcePanel } from './resource-panel.tsx';
import { doctorRow, staffRow, vehicleRow, type Opened, type RowsContext } from './resource-rows.tsx';
import { daysOf } from './schedule.ts';
import { ScheduleGrid, type GridRow } from './schedule-grid.tsx';
import { useConflicts } from './use-conflicts.ts';
import './registry.css';
import './resources.css';

const tabs = ['vans', 'crews', 'doctors', 'surge'] as const;
type Tab = (typeof tabs)[number];
type Scale = 'week' | 'month';

export default function ResourcesPage() {
	const today = useToday();
	const { t } = useTexts();
	if (today === null) {
		return (
			<main className="registry-page quiet" aria-busy="true">
				<p className="registry-message">{t('app.loading')}</p>
			</main>
		);
	}
	return <ResourcesOf today={today} />;
}

function usePeriod(today: string) {
	const [scale, setScale] = useState<Scale>('week');
	const [anchor, setAnchor] = useState(today);
	const days = useMemo(() => {
		if (scale === 'week') return daysOf(mondayOf(anchor), addDays(mondayOf(anchor), 6));
		const month = anchor.slice(0, 7);
		return daysOf(`${month}-01`, addDays(`${addMonths(month, 1)}-01`, -1));
	}, [scale, anchor]);
	const step = (by: number) => setAnchor(scale === 'week' ? addDays(anchor, by * 7) : `${addMonths(anchor.slice(0, 7), by)}-01`);
	return { scale, setScale, days, step, goTo: setAnchor };
}

function ResourcesOf({ today }: { today: string }) {
	const { t, language } = useTexts();
	const asked = useQueryPart('tab');
	const tab: Tab = tabs.find((one) => one === asked) ?? 'vans';
	const { scale, setScale, days, step, goTo } = usePeriod(today);
	const [from, until] = [days[0]!, days.at(-1)!];
	const fleet = useRecords('fleet-vehicle');
	const staff = useRecords('staff');
	const shifts = useRecords('shift');
	const doctors = useRecords('doctor');
	const visits = useRecords('visit', { from, until, limit: 20_000 });
	const facts = useRegionFacts();
	const conflicts = useConflicts(from, until, tab === 'surge');
	const doings = useDoings();
	const guard = useLeaveGuard();
	const [opened, setOpened] = useState<Opened | null>(null);
	const open = (next: Opened | null) => guard.go(() => setOpened(next));
	useShortcuts({
		Escape: () => open(null),
		n: () => open(newOf(tab)),
		'[': () => step(-1),
		']': () => step(1),
		...Object.fromEntries(tabs.map((one, index) => [String(index + 1), () => guard.go(() => setQueryPart('tab', one))])),
	});
	const resources = useMemo(
		() => ({ fleet: fleet.items, staff: staff.items, shifts: shifts.items, doctors: doctors.items }),
		[fleet.items, staff.items, shifts.items, doctors.items],
	);
	const context: RowsContext = {
		t,
		language,
		resources,
		visits: visits.items,
		facts,
		conflicts,
		days,
		surge: tab === 'surge',
		opened,
		open,
	};
	const period =
		scale === 'week'
			? t('registry.resources.weekOf', { from: formatShortDay(from, language), until: formatShortDay(until, language) })
			: formatMonth(from.slice(0, 7), language);
	const rows = rowsOfTab(tab, context);
	const lists = [fleet, staff, shifts, doctors];
	const show = (conflict: Conflict) => {
		const next = openedBy(conflict);
		if (next === null) return;
		if (conflict.date !== null) goTo(conflict.date);
		open(next);
	};
	return (
		<main className={opened === null ? 'registry-page' : 'registry-page with-panel'}>
			<h1 className="visually-hidden">{t('registry.resources.title')}</h1>
			<div className="registry-main resources-main">
				<div className="registry-tools">
					<div role="tablist" aria-label={t('registry.resources.tabsLabel')} className="resource-tabs">
						{tabs.map((one) => (
							<button
								key={one}
								type="button"
								role="tab"
								id={`tab-${one}`}
								aria-selected={one === tab}
								aria-controls="resources-panel"
								onClick={() => setQueryPart('tab', one)}
							>
								{t(`registry.resources.tabs.${one}`)}
							</button>
						))}
					</div>
					<span className="period">
						<button type="button" aria-label={t('registry.resources.earlier')} onClick={() => step(-1)}>
							◀
						</button>
						<b>{period}</b>
						<button type="button" aria-label={t('registry.resources.later')} onClick={() => step(1)}>
							▶
						</button>
						<button type="button" onClick={() => goTo(today)}>
							{t('registry.resources.thisWeek')}
						</button>
						{(['week', 'month'] as const).map((one) => (
							<button key={one} type="button" aria-pressed={scale === one} onClick={() => setScale(one)}>
								{t(`registry.resources.${one}`)}
							</button>
						))}
					</span>
					<Adds tab={tab} open={open} />
				</div>
				<ListState lists={lists} />
				<div role="tabpanel" id="resources-panel" aria-labelledby={`tab-${tab}`} className="resources-panel">
					{tab === 'surge' && <p className="surge-hint">{t('registry.resources.surgeHint')}</p>}
					{lists.every(({ phase }) => phase === 'ready') && rows.length === 0 && (
						<p className="registry-message quiet">{t(emptyWords[tab])}</p>
					)}
					{rows.length > 0 && (
						<ScheduleGrid
							label={t('registry.resources.grid', { what: t(`registry.resources.tabs.${tab}`), period })}
							days={days}
							today={today}
							rows={rows}
							narrow={scale === 'month'}
							totals={tab === 'crews' && scale === 'week'}
						/>
					)}
				</div>
				<ConflictList conflicts={conflicts} period={period} onShow={show} />
			</div>
			{opened !== null && (
				<aside className="registry-panel">
					<LeaveAsk guard={guard} />
					<div className="panel-layer">
						<ResourcePanel
							key={`${opened.kind} ${opened.id ?? 'new'} ${'day' in opened ? (opened.day ?? '') : ''}`}
							opened={opened}
							today={today}
							resources={resources}
							facts={facts}
							doings={doings}
							surge={tab === 'surge'}
							onSaved={(id) => {
								guard.clean();
								setOpened({ kind: opened.kind, id });
							}}
							onClose={() => open(null)}
							onDirty={guard.setDirty}
						/>
					</div>
				</aside>
			)}
			<UndoBar doings={doings} />
		</main>
	);
}

const emptyWords = {
	vans: 'registry.resources.emptyVans',
	crews: 'registry.resources.emptyStaff',
	doctors: 'registry.resources.emptyDoctors',
	surge: 'registry.resources.emptySurge',
} as const;

const newOf = (tab: Tab): Opened =>
	tab === 'doctors' ? { kind: 'doctor', id: null } : tab === 'vans' ? { kind: 'shift', id: null } : { kind: 'staff', id: null };

function rowsOfTab(tab: Tab, context: RowsContext): GridRow[] {
	const { fleet, staff, shifts, doctors } = context.resources;
	if (tab === 'vans') return fleet.map((vehicle) => vehicleRow(context, vehicle));
	if (tab === 'crews') return staff.filter(({ surge }) => !surge).map((member) => staffRow(context, member));
	if (tab === 'doctors') return doctors.filter(({ surge }) => !surge).map((doctor) => doctorRow(context, doctor));
	const called = new Set(shifts.filter(({ surge }) => surge).map(({ vehicle }) => vehicle));
	return [
		...staff.filter(({ surge }) => surge).map((member) => staffRow(context, member)),
		...doctors.filter(({ surge }) => surge).map((doctor) => doctorRow(context, doctor)),
		...fleet.filter(({ vehicle }) => called.has(vehicle)).map((vehicle) => vehicleRow(context, vehicle)),
	];
}

/** The record in which a conflict is cured: the shift before the person, the person before the van. */
function openedBy({ about }: Conflict): Opened | null {
	for (const kind of ['shift', 'doctor', 'staff', 'vehicle'] as const) {
		const found = about.find((one) => one.kind === kind);
		if (found !== undefined) return { kind, id: found.id };
	}
	return null;
}

function Adds({ tab, open }: { tab: Tab; open: (next: Opened) => void }) {
	const { t } = useTexts();
	const button = (next: Opened, text: string, primary = false) => (
		<button type="button" {...(primary && { className: 'primary' })} onClick={() => open(next)}>
			{text}
		</button>
	);
	return (
		<span className="registry-adds">
			{tab === 'vans' && button({ kind: 'vehicle', id: null }, t('registry.resources.addVehicle'))}
			{(tab === 'crews' || tab === 'surge') && button({ kind: 'staff', id: null }, t('registry.resources.addStaff'))}
			{(tab === 'doctors' || tab === 'surge') &&
				button({ kind: 'doctor', id: null }, t('registry.resources.addDoctor'), tab === 'doctors')}
			{tab !== 'doctors' && button({ kind: 'shift', id: null }, t('registry.resources.addShift'), true)}
		</span>
	);
}
